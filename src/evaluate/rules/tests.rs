//! What the rules give points for, on records of three users of one account.

use super::*;
use crate::config::{DecodeConfig, IdentityConfig};
use crate::decode::{Decoded, RecordInfo, Scratch, decode_message};
use crate::event::{Position, Timestamp};
use crate::identity::resolve;

/// A day that users are active on with nothing new.
const USUAL: &str = "DescribeInstances";

/// The rules, and the users that they met.
#[derive(Default)]
struct Story {
    rules: Rules,
    users: Vec<String>,
}

impl Story {
    /// A user does something in EC2 or, for a name with a colon, elsewhere; on a day, from the usual network or another.
    fn does(&mut self, user: &str, day: i64, action: &str, network: u8) -> Option<Points> {
        let (service, name) = action.split_once(':').unwrap_or(("ec2", action));
        let time = Timestamp::from_millis((20_000 + day) * Timestamp::DAY_MS);
        let record = format!(
            r#"{{"eventVersion":"1.08","eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}",
            "awsRegion":"eu-west-1","sourceIPAddress":"198.51.{network}.7","userAgent":"Boto3/1.34","eventID":"{user}-{day}",
            "eventType":"AwsApiCall","userIdentity":{{"type":"IAMUser","principalId":"AIDA{user}",
            "arn":"arn:aws:iam::111122223333:user/{user}","accountId":"111122223333","userName":"{user}"}}}}"#
        );
        let known = self.users.iter().position(|known| known == user);
        let place = known.unwrap_or(self.users.len()) as u32;
        self.users.extend(known.is_none().then(|| user.to_owned()));
        let (rules, mut points) = (&mut self.rules, None);
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            let Ok(event) = decoded else { panic!("an event: {decoded:?}") };
            let position = Position { topic: "t".into(), partition: 0, epoch: 0, offset: 0, index };
            let identity = resolve(&event, &IdentityConfig::default());
            points = rules.event(place, &Attributed { position, identity, event });
        };
        let config = DecodeConfig::default();
        decode_message(Some(record.as_bytes()), None, &config, &mut Scratch::default(), each).expect("a record");
        points
    }

    /// Three users with eight usual days behind them.
    fn begin() -> Story {
        let mut story = Story::default();
        for day in 0..8 {
            for user in ["app-a", "app-b", "app-c"] {
                assert_eq!(story.does(user, day, USUAL, 0), None, "nothing is new to who learns, or who learned it");
            }
        }
        story
    }
}

fn points(r3: f64, r4: f64) -> Option<Points> {
    Some(Points { r3, r4 })
}

#[test]
fn what_neither_the_identity_nor_its_peers_did_gives_a_point_for_each_dimension() {
    let mut story = Story::begin();
    assert_eq!(story.does("app-a", 8, "DescribeVpcs", 0), points(1.001, 1.001));
    assert_eq!(story.does("app-b", 8, "DescribeVpcs", 0), None, "a peer did it before");
    assert_eq!(story.does("app-c", 9, "DescribeHosts", 9), points(2.002, 2.002));
    assert_eq!(story.does("app-c", 9, "DescribeHosts", 9), None, "it is known now");
}

#[test]
fn what_was_not_seen_for_thirty_days_is_new_again() {
    let mut story = Story::begin();
    assert_eq!(story.does("app-a", 36, USUAL, 0), None);
    assert_eq!(story.does("app-a", 66, USUAL, 0).map(|points| points.r3 >= 1.0), Some(true));
}

#[test]
fn a_first_sensitive_class_gives_two_points_more_even_where_peers_use_it() {
    let mut story = Story::begin();
    assert_eq!(story.does("app-a", 8, "iam:CreateAccessKey", 0), points(1.001, 3.001));
    assert_eq!(story.does("app-b", 8, "iam:CreateAccessKey", 0), points(0.0, 2.0));
    assert_eq!(story.does("app-b", 9, "iam:CreateUser", 0), points(1.001, 1.001), "the class is known");
}
