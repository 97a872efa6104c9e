//! Where a call came from: `requestMetadata`; and where the resource lies.
//!
//! Source: "RequestMetadata", Cloud Audit Logs' reference. A call from inside Google's own network has the address `private`:
//! one of Google's services made it. A machine without an address of its own in another organisation has
//! `gce-internal-ip`.

use super::super::text::part;
use super::super::{client, network};
use super::entry::{AuditLog, Entry, Labels};
use super::spelling;
use crate::event::{NetworkClass, Origin, Text};

/// Whether one of Google's services made the call.
pub fn is_within_google(log: &AuditLog<'_, '_>) -> bool {
    log.request.ip.as_deref() == Some("private")
}

/// Reads where a call came from.
pub fn origin<'a>(log: &AuditLog<'_, 'a>, via_service: bool) -> Origin<'a> {
    let ip = log.request.ip.clone();
    let user_agent = log.request.user_agent.clone().filter(|agent| agent != "(none supplied)");
    if via_service {
        return Origin { ip, class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
    }
    let told = user_agent.as_ref().and_then(|agent| part(agent, telling));
    let internal = ip.as_deref() == Some("gce-internal-ip");
    let origin = network::origin(ip, None);
    let class = if internal { NetworkClass::Private } else { origin.class };
    Origin { class, client: told.as_ref().and_then(client::client), user_agent, ..origin }
}

/// What a user agent says of the client: gcloud's own product, without what Google's front ends add at the end.
fn telling(agent: &str) -> Option<&str> {
    let mut agent = agent;
    while let Some(front) = [",gzip(gfe)", "gzip(gfe)", "(gzip)", ","].iter().find_map(|end| agent.strip_suffix(end)) {
        agent = front;
    }
    let gcloud = agent.starts_with("google-cloud-sdk").then(|| agent.find("gcloud/")).flatten();
    Some(&agent[gcloud.unwrap_or(0)..]).filter(|agent| !agent.is_empty())
}

/// The region in which the resource lies; a zone is named by its region.
pub fn region<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>) -> Option<Text<'a>> {
    let Labels { location, region, zone, .. } = &entry.labels_of_resource;
    let labelled = location.as_ref().or(region.as_ref()).or(zone.as_ref()).cloned();
    let located = || {
        let places = spelling::member(log.resource_location?, "currentlocations")?;
        places.items().find_map(|place| place.filled())
    };
    let place = labelled.filter(|place| &**place != "global").or_else(located)?;
    part(&place, |place| Some(region_of(place)))
}

/// `us-central1` of `us-central1-a`.
fn region_of(place: &str) -> &str {
    let zone = place.rsplit_once('-').filter(|(region, zone)| {
        zone.len() == 1 && region.ends_with(|last: char| last.is_ascii_digit()) && zone.is_ascii()
    });
    zone.map_or(place, |(region, _)| region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_named_by_their_region() {
        for (place, region) in
            [("us-central1-a", "us-central1"), ("europe-west3", "europe-west3"), ("us", "us"), ("", "")]
        {
            assert_eq!(region_of(place), region);
        }
    }

    #[test]
    fn front_ends_say_nothing_of_the_client() {
        for (agent, told) in [
            ("google-cloud-sdk gcloud/455.0.0 command/gcloud.iam invocation-id/1,gzip(gfe)", "gcloud/455.0.0 command"),
            ("(gzip),gzip(gfe),gzip(gfe)", ""),
            ("Mozilla/5.0 (X11) Chrome/131.0,gzip(gfe)", "Mozilla/5.0"),
            ("google-api-go-client/0.5 Terraform/1.5.7", "google-api-go-client/0.5"),
        ] {
            assert!(telling(agent).unwrap_or_default().starts_with(told), "{agent}");
            assert_eq!(telling(agent).is_none(), told.is_empty());
        }
    }
}
