//! Pass-through properties: librdkafka's own settings, by its names, as the user wrote them.
//!
//! In: a table of the configuration file, dotted keys quoted or not. Out: the properties that librdkafka takes, Java
//! spellings translated, those that nhiwatch decides itself refused. A secret never leaves through `Debug` or
//! serialisation.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// What stands for a secret in every dump.
const REDACTED: &str = "[redacted]";

/// Properties that are decided elsewhere, each with what to use instead.
const OWNED: [(&str, &str); 16] = [
    ("bootstrap.servers", "set kafka.bootstrap_servers"),
    ("metadata.broker.list", "set kafka.bootstrap_servers"),
    ("client.id", "set kafka.client_id"),
    ("group.id", "set kafka.ingest_group and kafka.detect_group"),
    ("group.instance.id", "set kafka.instance"),
    ("enable.auto.commit", "offsets are committed only after what they stand for was acknowledged"),
    ("enable.auto.offset.store", "offsets are committed only after what they stand for was acknowledged"),
    ("auto.offset.reset", "ingest begins with the earliest record and detect treats a gap as an error"),
    ("partition.assignment.strategy", "it is cooperative-sticky"),
    ("enable.partition.eof", "ticks need it"),
    ("enable.idempotence", "producers are always idempotent"),
    ("enable.gapless.guarantee", "events are always written without gaps"),
    ("transactional.id", "nhiwatch names its transactions itself"),
    ("message.timeout.ms", "what is written waits for the brokers as long as it takes"),
    ("delivery.timeout.ms", "what is written waits for the brokers as long as it takes"),
    ("partitioner", "keys land where Java clients put them (murmur2_random)"),
];

/// Java's names of properties for which librdkafka knows two. It takes the last that it is given of both, in no order of ours, so that
/// what we set by one name would stand beside what the user set by the other.
const ALIASES: [(&str, &str); 5] = [
    ("compression.type", "compression.codec"),
    ("queue.buffering.max.ms", "linger.ms"),
    ("max.partition.fetch.bytes", "fetch.message.max.bytes"),
    ("retries", "message.send.max.retries"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
];

/// Properties handed to librdkafka, in the order of their names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<String, String>);

/// Why a property cannot be passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the property \"{key}\" {advice}")]
pub struct PropertyError {
    /// The property, as written.
    pub key: String,
    /// What is wrong, and what to do.
    pub advice: String,
}

impl Properties {
    /// The properties as they were written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Sets one property.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// The properties as librdkafka takes them: Java's spellings translated, those that nhiwatch owns refused.
    ///
    /// # Errors
    /// The first property that cannot be passed on.
    pub fn resolved(&self) -> Result<Vec<(String, String)>, PropertyError> {
        let mut resolved = Vec::with_capacity(self.0.len());
        for (key, value) in &self.0 {
            if let Some((_, instead)) = OWNED.iter().find(|(owned, _)| owned == key) {
                return Err(refuse(key, format!("cannot be set here: {instead}")));
            }
            translate(key, value, &mut resolved)?;
        }
        Ok(resolved)
    }
}

/// Whether a property's value must not be shown.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let telling = ["password", "secret", "jaas.config", "sasl.oauthbearer.config", "passphrase", "token"];
    telling.iter().any(|word| key.contains(word)) || key.starts_with("ssl.key") || key.ends_with(".pem")
}

fn shown<'a>(key: &str, value: &'a str) -> &'a str {
    if is_secret(key) { REDACTED } else { value }
}

fn refuse(key: &str, advice: String) -> PropertyError {
    PropertyError { key: key.to_owned(), advice }
}

/// Puts a property into librdkafka's spelling.
fn translate(key: &str, value: &str, resolved: &mut Vec<(String, String)>) -> Result<(), PropertyError> {
    match key {
        "sasl.jaas.config" => {
            let (username, password) = jaas_login(value).ok_or_else(|| {
                refuse(
                    key,
                    "is understood for PlainLoginModule and ScramLoginModule with username=\"…\" and password=\"…\"; \
                     else set sasl.username and sasl.password"
                        .into(),
                )
            })?;
            resolved.push(("sasl.username".into(), username));
            resolved.push(("sasl.password".into(), password));
        }
        _ if key.starts_with("ssl.truststore.") => {
            return Err(refuse(key, "is Java's; set ssl.ca.location to a PEM file with the authorities".into()));
        }
        _ if key.starts_with("ssl.keystore.") && key != "ssl.keystore.location" && key != "ssl.keystore.password" => {
            return Err(refuse(
                key,
                "is Java's; set ssl.certificate.location and ssl.key.location to PEM files".into(),
            ));
        }
        "key.serializer" | "value.serializer" | "key.deserializer" | "value.deserializer" => {
            return Err(refuse(key, "is Java's and has no meaning here; leave it out".into()));
        }
        _ => {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == key);
            resolved.push((alias.map_or(key, |(_, name)| name).to_owned(), value.to_owned()));
        }
    }
    Ok(())
}

/// User name and password of a Java login line.
fn jaas_login(line: &str) -> Option<(String, String)> {
    if !line.contains("PlainLoginModule") && !line.contains("ScramLoginModule") {
        return None;
    }
    Some((jaas_option(line, "username")?, jaas_option(line, "password")?))
}

fn jaas_option(line: &str, name: &str) -> Option<String> {
    let after = line.split_once(&format!("{name}="))?.1;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut text = String::new();
    let mut characters = after[1..].chars();
    loop {
        match characters.next()? {
            '\\' => text.push(characters.next()?),
            c if c == quote => return Some(text),
            c => text.push(c),
        }
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key, shown(key, value)))).finish()
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, shown(key, value))))
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Properties, D::Error> {
        let mut properties = BTreeMap::new();
        let table = deserializer.deserialize_map(TableVisitor)?;
        flatten(String::new(), table, &mut properties);
        Ok(Properties(properties))
    }
}

/// A property's value: text, number or boolean; or the rest of a dotted key that was not quoted.
enum Node {
    Value(String),
    Table(Vec<(String, Node)>),
}

fn flatten(prefix: String, table: Vec<(String, Node)>, properties: &mut BTreeMap<String, String>) {
    for (key, node) in table {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match node {
            Node::Value(value) => {
                properties.insert(key, value);
            }
            Node::Table(inner) => flatten(key, inner, properties),
        }
    }
}

struct TableVisitor;

impl<'de> Visitor<'de> for TableVisitor {
    type Value = Vec<(String, Node)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of librdkafka properties, each a text, a number or true/false")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = map.next_entry::<String, Node>()? {
            table.push(entry);
        }
        Ok(table)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or true/false")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Value(value.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Value(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Value(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Value(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Value(value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
        TableVisitor.visit_map(map).map(Node::Table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(text: &str) -> Properties {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn dotted_keys_may_be_quoted_or_not() {
        let quoted = properties("\"fetch.wait.max.ms\" = 5\n\"socket.keepalive.enable\" = true");
        let plain = properties("fetch.wait.max.ms = 5\nsocket.keepalive.enable = true");
        assert_eq!(quoted, plain);
        assert_eq!(quoted.iter().next(), Some(("fetch.wait.max.ms", "5")));
    }

    #[test]
    fn javas_login_line_becomes_user_and_password() {
        let line = r#"org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="a\"b";"#;
        let mut java = Properties::default();
        java.set("sasl.jaas.config", line);
        let expected = [("sasl.username", "me"), ("sasl.password", "a\"b")];
        assert_eq!(java.resolved().unwrap(), expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert!(!format!("{java:?}").contains("a\\\\\\\"b"));
    }

    #[test]
    fn a_property_has_one_name() {
        let mut given = Properties::default();
        given.set("compression.type", "zstd");
        assert_eq!(given.resolved().unwrap(), [("compression.codec".to_owned(), "zstd".to_owned())]);
    }

    #[test]
    fn what_has_no_meaning_here_is_refused_with_advice() {
        for (key, word) in [
            ("ssl.truststore.location", "ssl.ca.location"),
            ("enable.auto.commit", "acknowledged"),
            ("key.deserializer", "leave it out"),
            ("delivery.timeout.ms", "as long as it takes"),
        ] {
            let mut given = Properties::default();
            given.set(key, "x");
            assert!(given.resolved().unwrap_err().advice.contains(word), "{key}");
        }
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        for secret in ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"] {
            assert!(is_secret(secret), "{secret}");
        }
        assert!(!is_secret("security.protocol"));
    }
}
