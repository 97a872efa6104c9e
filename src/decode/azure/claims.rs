//! Who the token says that its bearer is.
//!
//! Sources: "Access token claims reference" and "Optional claims reference", Microsoft identity platform; the claims of
//! SAML form (`http://schemas.microsoft.com/identity/claims/objectidentifier`) are named by their last part.

use super::super::client::is_uuid;
use super::super::json::Value;
use super::super::network;
use super::super::text::holds;
use super::fields::{Field, Record};
use crate::event::{NetworkClass, Text};

/// What a token says.
#[derive(Debug, Default, Clone)]
pub(in crate::decode) struct Claims<'a> {
    /// The app that asked for it (`appid`, `azp`).
    pub app: Option<Text<'a>>,
    /// The object id of its subject (`oid`).
    pub object: Option<Text<'a>>,
    /// The user's principal name, or mail address.
    pub upn: Option<Text<'a>>,
    /// The name to show.
    pub display_name: Option<Text<'a>>,
    /// The tenant that issued it (`tid`).
    pub tenant: Option<Text<'a>>,
    /// `app` or `user` (`idtyp`).
    pub id_type: Option<Text<'a>>,
    /// How the app proved itself (`appidacr`): 0 not at all, 1 by a secret, 2 by a certificate.
    pub app_proof: Option<Text<'a>>,
    /// The resource that the managed identity belongs to (`xms_mirid`).
    pub managed_resource: Option<Text<'a>>,
    /// The token's own id (`uti`).
    pub token: Option<Text<'a>>,
    /// What the user allowed the app (`scp`).
    pub scopes: Option<Text<'a>>,
    /// How the subject proved itself (`amr`): `pwd`, `mfa`, `rsa` …
    pub methods: Option<Text<'a>>,
    /// What kind of agent the subject or the actor is (`xms_act_fct`, `xms_sub_fct`).
    pub facets: Option<Text<'a>>,
    /// Whether there was any claim at all.
    pub any: bool,
}

impl<'a> Claims<'a> {
    /// The claims of a record, in whichever of their places they are.
    pub fn of(record: &Record<'_, 'a>) -> Claims<'a> {
        let (identity, own) = of_token(record);
        let mut claims = Claims::default();
        if let Some(value) = own {
            claims.read(value);
        }
        claims.read_flat(record);
        if let Some(identity) = identity {
            claims.read_identity(identity);
        }
        let granted =
            || identity.and_then(|it| it.at(&["authorization"])).or_else(|| record.get(Field::AuthorizationDetails));
        claims.id_type = claims.id_type.take().or_else(|| type_of(claims.object.as_deref()?, granted()?));
        if claims.app.is_none() && claims.upn.is_none() && claims.object.is_none() {
            claims.object = caller_of_model(record);
        }
        claims
    }

    /// Storage names who asked by a form of its own ("Azure Blob Storage monitoring data reference", `identity`), and Databricks by
    /// another, in which an app's id stands for its mail address ("Diagnostic log reference").
    fn read_identity(&mut self, identity: Value<'_, 'a>) {
        if let Some(requester) = identity.at(&["requester"]) {
            self.read_requester(requester);
        }
        if let Some(mail) = identity.text_at(&["email"]) {
            self.any = true;
            let place = if is_uuid(&mail) { &mut self.app } else { &mut self.upn };
            *place = place.take().or(Some(mail));
        }
    }

    fn read_requester(&mut self, requester: Value<'_, 'a>) {
        let places = [
            (&mut self.app, "appId"),
            (&mut self.object, "objectId"),
            (&mut self.tenant, "tenantId"),
            (&mut self.upn, "upn"),
        ];
        for (claim, name) in places {
            let found = requester.text_at(&[name]);
            self.any |= found.is_some();
            *claim = claim.take().or(found);
        }
    }

    fn read(&mut self, claims: Value<'_, 'a>) {
        let (mut weak_upn, mut service) = (None, None);
        claims.visit(|key, value| {
            let text = || value.text_or_digits().or_else(|| joined(value));
            self.any = self.any || text().is_some();
            let name = key.iter().rposition(|byte| *byte == b'/').map_or(key, |slash| &key[slash + 1..]);
            let claim = match name {
                b"appid" | b"azp" => &mut self.app,
                b"spn" => &mut service,
                b"objectidentifier" | b"oid" => &mut self.object,
                b"upn" | b"preferred_username" => &mut self.upn,
                b"unique_name" | b"emailaddress" | b"email" => &mut weak_upn,
                b"name" if key.len() > name.len() || text().is_some_and(|text| text.contains('@')) => {
                    weak_upn = weak_upn.take().or_else(text);
                    return true;
                }
                b"name" => &mut self.display_name,
                b"tenantid" | b"tid" => &mut self.tenant,
                b"idtyp" => &mut self.id_type,
                b"appidacr" | b"azpacr" => &mut self.app_proof,
                b"xms_mirid" => &mut self.managed_resource,
                b"uti" => &mut self.token,
                b"scope" | b"scp" => &mut self.scopes,
                b"authnmethodsreferences" | b"amr" => &mut self.methods,
                b"xms_act_fct" | b"xms_sub_fct" => &mut self.facets,
                _ => return true,
            };
            *claim = text().or(claim.take());
            true
        });
        self.upn = self.upn.take().or(weak_upn);
        // The name of a service of Microsoft's own, which has no other (`Microsoft.RecoveryServices`).
        self.app = self.app.take().or(service.filter(|_| self.upn.is_none()));
    }

    /// The older tables of Log Analytics have a column for each claim; those of storage name the requester.
    fn read_flat(&mut self, record: &Record<'_, 'a>) {
        let text = |field| record.text(field);
        let places = [
            (&mut self.app, [Field::IdentityAppId, Field::RequesterApp]),
            (&mut self.object, [Field::IdentityObject, Field::RequesterObject]),
            (&mut self.upn, [Field::IdentityUpn, Field::RequesterUpn]),
            (&mut self.tenant, [Field::RequesterTenant, Field::RequesterTenant]),
            (&mut self.managed_resource, [Field::IdentityResource, Field::IdentityResource]),
        ];
        for (claim, fields) in places {
            let found = fields.into_iter().find_map(text);
            self.any |= found.is_some();
            *claim = claim.take().or(found);
        }
        // Event Hubs and Service Bus ("Runtime audit logs"): the app, or the name of a policy of keys.
        if record.text(Field::AuthenticationType).is_some_and(|how| how == "AAD") {
            self.app = self.app.take().or_else(|| text(Field::AuthKey));
        }
    }
}

/// A record's `identity`, and the claims of the token in it or beside it.
fn of_token<'t, 'a>(record: &Record<'t, 'a>) -> (Option<Value<'t, 'a>>, Option<Value<'t, 'a>>) {
    let identity = record.outer.get(Field::Identity).or_else(|| record.inner.get(Field::Identity));
    let nested = identity.and_then(|it| it.at(&["claims"]).or_else(|| it.at(&["claim"])));
    (identity, record.outer.get(Field::Claims).or(nested).or_else(|| record.inner.get(Field::Claims)))
}

/// Where the token was asked from (`ipaddr`), which is all that some ways of export say of an address.
pub(super) fn address<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let address = of_token(record).1?.text_at(&["ipaddr"])?;
    (network::network(&address).0 != NetworkClass::Unknown).then_some(address)
}

/// `user` or `app`, as the assignment that let an object in calls it; none where a group was let in.
fn type_of(object: &str, granted: Value<'_, '_>) -> Option<Text<'static>> {
    let named = granted.items().take(16).filter_map(|it| it.at(&["principals"])).flat_map(Value::items).take(64);
    let own = |principal: &Value<'_, '_>| principal.text_at(&["id"]).is_some_and(|id| id.eq_ignore_ascii_case(object));
    match named.into_iter().find(own)?.text_at(&["type"])?.as_ref() {
        "User" => Some(Text::Borrowed("user")),
        "ServicePrincipal" => Some(Text::Borrowed("app")),
        _ => None,
    }
}

/// Azure OpenAI and its like name the caller by his object id alone, where he came with a token and not with the account's key
/// ("Monitoring data reference for Azure OpenAI", `RequestResponse`).
fn caller_of_model<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let object = record.inner.text(Field::ObjectId)?;
    let resource = record.outer.text(Field::ResourceId)?;
    holds(&resource, "/microsoft.cognitiveservices/").then_some(object)
}

/// Lists of claims as one text: `["pwd","mfa"]`.
fn joined<'a>(list: Value<'_, 'a>) -> Option<Text<'a>> {
    let items: Vec<Text<'a>> = list.items().filter_map(Value::text_or_digits).take(16).collect();
    (!items.is_empty()).then(|| Text::Owned(items.join(",")))
}
