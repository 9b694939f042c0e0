//! From bytes and strings to typed values: the first broken rule is answered with its field.

use std::collections::HashMap;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::http::Problem;
use crate::http::objects::Objects;

const BODY_LIMIT: usize = 256 * 1024;

/// For a route without path or query parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// For a route without a body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

/// For an optional field of a PATCH: left out, it changes nothing; null breaks the value's rule.
///
/// `#[serde(default, deserialize_with = "present")]`, and for the schema `#[schemars(with = "T")]`.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Path and query parameters as one typed value; each name may come once.
pub(crate) fn parameters<P: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<P, Problem> {
    for (index, (name, _)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(Problem::invalid(format!("/{name}"), "may be sent once"));
        }
    }
    let object: Map<String, Value> = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let path = pointer(error.path());
        broken_rule(path, &error.into_inner().to_string())
    })
}

pub(crate) fn body<B: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<B, Problem> {
    if bytes.len() > BODY_LIMIT {
        return Err(Problem::payload_too_large(BODY_LIMIT));
    }
    if bytes.is_empty() {
        return serde_json::from_str("{}").map_err(|_| Problem::malformed("Send a JSON object as the body."));
    }
    if !is_json(headers) {
        return Err(Problem::unsupported_media_type());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::malformed("The body is not UTF-8."))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(Objects(&mut deserializer)).map_err(|error| {
        let path = pointer(error.path());
        let inner = error.into_inner();
        let message = inner.to_string();
        // JSON sets no limit to a number; this reader does.
        if inner.is_data() || message.starts_with("number out of range") {
            broken_rule(path, &message)
        } else {
            Problem::malformed(format!("The body is not JSON: {inner}."))
        }
    })?;
    deserializer
        .end()
        .map_err(|error| Problem::malformed(format!("The body is not one JSON value: {error}.")))?;
    Ok(value)
}

/// A PATCH that names no field would change nothing and answer success.
pub(crate) fn require_change(bytes: &[u8]) -> Result<(), Problem> {
    match serde_json::from_slice::<HashMap<String, IgnoredAny>>(bytes) {
        Ok(fields) if fields.is_empty() => Err(Problem::invalid("", "must change at least one field")),
        _ if bytes.is_empty() => Err(Problem::invalid("", "must change at least one field")),
        _ => Ok(()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// serde reports unknown, repeated and missing fields at their parent and names them in back-ticks.
fn broken_rule(parent: String, message: &str) -> Problem {
    let rule = message.split(" at line ").next().unwrap_or(message);
    for (start, rule_of) in [
        ("unknown field `", "is not a known field"),
        ("duplicate field `", "may be sent once"),
        ("missing field `", "is required"),
    ] {
        if let Some(name) = rule.strip_prefix(start).and_then(|rest| rest.split('`').next()) {
            let parent = parent.strip_suffix(&format!("/{name}")).unwrap_or(&parent);
            return Problem::invalid(format!("{parent}/{name}"), rule_of);
        }
    }
    // serde names the type that came, then the one that it wanted.
    match rule.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        Some((_, expected)) => Problem::invalid(parent, format!("must be {expected}")),
        None => Problem::invalid(parent, rule),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Body {
        #[allow(dead_code)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Line {
        #[allow(dead_code)]
        quantity: domain::money::Quantity,
    }

    fn refusal(bytes: &[u8]) -> (u16, String) {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        let problem = body::<Body>(&headers, bytes).unwrap_err();
        let document: serde_json::Value = serde_json::from_str(&problem.document("")).unwrap();
        (problem.status(), document["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_first_broken_rule_is_told_with_its_field() {
        for (body, status, field) in [
            (&br#"{"lines":[{"quantity":1},{"quantity":0}]}"#[..], 422, "/lines/1/quantity"),
            (br#"{"lines":[{"quantity":-1}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[{"quantity":"1"}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[{"quantity":1.5}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[{"quantity":99999999999999999999}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[{"quantity":1,"x":2}]}"#, 422, "/lines/0/x"),
            (br#"{"lines":[{"quantity":1,"quantity":2}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[{}]}"#, 422, "/lines/0/quantity"),
            (br#"{"lines":[],"lines":[]}"#, 422, "/lines"),
            (br#"{"lines":7}"#, 422, "/lines"),
            (br#"{"lines":[{"quantity":1e400}]}"#, 422, "/lines/0/quantity"),
            (br#"{}"#, 422, "/lines"),
            (br#"[]"#, 422, ""),
            (br#"[[]]"#, 422, ""),
            (br#"{"lines":[[1]]}"#, 422, "/lines/0"),
            (br#"{"lines":[]"#, 400, ""),
            (br#"{"lines":[]} {}"#, 400, ""),
            (b"{\"lines\":\"\xff\"}", 400, ""),
            (b"", 400, ""),
        ] {
            assert_eq!(refusal(body), (status, field.to_owned()), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_large_body_and_a_strange_one_are_refused() {
        assert_eq!(refusal(&vec![b' '; BODY_LIMIT + 1]).0, 413);
        let problem = body::<Body>(&HeaderMap::new(), b"lines=1").unwrap_err();
        assert_eq!(problem.status(), 415);
    }

    #[test]
    fn parameters_come_once_and_are_known() {
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        assert_eq!(parameters::<NoParameters>(vec![pair("x")]).unwrap_err().status(), 422);
        assert_eq!(parameters::<NoParameters>(vec![pair("x"), pair("x")]).unwrap_err().status(), 422);
        assert!(parameters::<NoParameters>(vec![]).is_ok());
    }
}
