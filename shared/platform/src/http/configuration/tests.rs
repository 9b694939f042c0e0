use domain::plugin::{Configuration, ConfigurationType, Manifest};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::json::Json;
use crate::testing;

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Wanted {
    longest_text: u32,
    words: Vec<String>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { longest_text: 100, words: Vec::new() }
    }
}

impl Configuration for Wanted {}

const MANIFEST: Manifest = Manifest { configuration: ConfigurationType::of::<Wanted>(), ..testing::MANIFEST };
const PLUGIN: Plugin = Plugin::of::<Wanted>(&MANIFEST);

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    configuration: Verbatim,
}

fn read(configuration: &str) -> Result<Value, Problem> {
    let body = format!("{{\"configuration\":{configuration}}}");
    let body = Json::parse(&body).unwrap().read::<Body>().map_err(unreadable)?;
    super::configuration(&PLUGIN, &body.configuration)
}

#[test]
fn a_configuration_is_read_whole_with_the_defaults_of_what_is_left_out() {
    assert_eq!(read("{}").unwrap(), json!({ "longestText": 100, "words": [] }));
    let whole = json!({ "longestText": 7, "words": ["spam"] });
    assert_eq!(read(&whole.to_string()).unwrap(), whole);
    assert!(PLUGIN.agrees_with_its_manifest());
}

#[test]
fn all_that_is_broken_is_named_by_its_field() {
    let broken = read(r#"{"longestText":-1,"words":["spam",7],"colour":"red"}"#).unwrap_err().document("");
    for field in ["/configuration/longestText", "/configuration/words/1", "/configuration/colour"] {
        assert!(broken.contains(&format!("\"field\":\"{field}\"")), "{broken}");
    }
    let twice = read(r#"{"longestText":1,"longestText":2}"#).unwrap_err().document("");
    assert!(
        twice.contains("\"field\":\"/configuration/longestText\",\"rule\":\"may be sent once\""),
        "{twice}"
    );
    for other in ["null", "[]", "\"{}\"", "7"] {
        let refused = read(other).unwrap_err().document("");
        assert!(refused.contains("\"field\":\"/configuration\",\"rule\":\"must be an object\""), "{refused}");
    }
}

#[test]
fn a_configuration_has_16_kilobytes_at_most() {
    let of = |length: usize| read(&json!({ "words": ["x".repeat(length)] }).to_string());
    assert!(of(16 * 1024 - 20).is_ok());
    let refused = of(16 * 1024).unwrap_err().document("");
    assert!(refused.contains("/configuration: must be at most 16384 bytes long"), "{refused}");
    assert!(of(100 * 1024).is_err());
}
