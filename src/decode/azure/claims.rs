//! Who the token says that its bearer is.
//!
//! Sources: "Access token claims reference" and "Optional claims reference", Microsoft identity platform; the claims of
//! SAML form (`http://schemas.microsoft.com/identity/claims/objectidentifier`) are named by their last part.

use super::super::json::Value;
use super::super::text::holds;
use super::fields::{Field, Record};
use crate::event::Text;

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
        let identity = record.outer.get(Field::Identity).or_else(|| record.inner.get(Field::Identity));
        let nested = identity.and_then(|it| it.at(&["claims"]).or_else(|| it.at(&["claim"])));
        let mut claims = Claims::default();
        if let Some(value) = record.outer.get(Field::Claims).or(nested).or_else(|| record.inner.get(Field::Claims)) {
            claims.read(value);
        }
        claims.read_flat(record);
        if let Some(requester) = identity.and_then(|it| it.at(&["requester"])) {
            claims.read_requester(requester);
        }
        if claims.app.is_none() && claims.upn.is_none() && claims.object.is_none() {
            claims.object = caller_of_model(record);
        }
        claims
    }

    /// Storage names who asked by a form of its own ("Azure Monitor resource logs" of Blob Storage, `identity`).
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
        let mut weak_upn = None;
        claims.visit(|key, value| {
            let text = || value.text_or_digits().or_else(|| joined(value));
            self.any = self.any || text().is_some();
            let claim = match key.rsplit(|byte| *byte == b'/').next().unwrap_or_default() {
                b"appid" | b"azp" => &mut self.app,
                b"objectidentifier" | b"oid" => &mut self.object,
                b"upn" | b"preferred_username" => &mut self.upn,
                b"unique_name" | b"emailaddress" | b"email" => &mut weak_upn,
                b"name" if key.contains(&b'/') || text().is_some_and(|text| text.contains('@')) => {
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
    }
}

/// Azure OpenAI and its like name the caller by his object id alone, where he came with a token and not with the account's key
/// ("Monitoring data reference for Azure OpenAI", `RequestResponse`).
fn caller_of_model<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let is_model = |id: &Text<'_>| holds(id, "/microsoft.cognitiveservices/");
    record.outer.text(Field::ResourceId).filter(is_model).and_then(|_| record.inner.text(Field::ObjectId))
}

/// Lists of claims as one text: `["pwd","mfa"]`.
fn joined<'a>(list: Value<'_, 'a>) -> Option<Text<'a>> {
    let items: Vec<Text<'a>> = list.items().filter_map(Value::text_or_digits).take(16).collect();
    (!items.is_empty()).then(|| Text::Owned(items.join(",")))
}
