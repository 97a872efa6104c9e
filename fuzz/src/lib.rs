//! What every fuzz target asks: no panic, at least one outcome, bounded texts, an identity that is never empty.

use nhiwatch::config::{Config, DecodeConfig};
use nhiwatch::decode::{Delivery, Scratch, decode_message};
use nhiwatch::event::Source;
use nhiwatch::identity::resolve;

/// Decodes any bytes as a message.
pub fn message(data: &[u8]) {
    check(data, Delivery::default(), &DecodeConfig::default());
}

/// Decodes any bytes as records of one log.
pub fn records_of(source: Source, data: &[u8]) {
    let decode = match source {
        Source::Generic => mappings(),
        _ => DecodeConfig::default(),
    };
    check(data, Delivery { format: Some(source), scope: Some("a"), ..Delivery::default() }, &decode);
}

fn mappings() -> DecodeConfig {
    let text = include_str!("../../config/mappings.example.toml");
    toml::from_str::<Config>(text).expect("the shipped mappings are valid").decode
}

fn check(data: &[u8], delivery: Delivery<'_>, decode: &DecodeConfig) {
    let config = Config::default().identity;
    let mut outcomes = 0;
    let whole = decode_message(Some(data), delivery, decode, &mut Scratch::default(), &mut |_, decoded| {
        outcomes += 1;
        if let Ok(event) = decoded {
            assert!(event.id.len() <= decode.max_text_bytes && event.actor.name.len() <= decode.max_text_bytes);
            assert!(event.targets.len() <= decode.max_targets);
            let identity = resolve(&event, &config);
            assert!(!identity.scope.is_empty() && !identity.principal.is_empty() && !identity.template.is_empty());
        }
    });
    assert!(outcomes > 0 || whole.is_err(), "a message has an outcome");
}
