//! Reads parameters and bodies into typed values. The first broken rule is reported with its field.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::http::Problem;
use crate::http::json::{Json, Unreadable};

const BODY_LIMIT: usize = 256 * 1024;

/// The parameters of a route that has none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// The body of a route that has none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

/// Reads an optional field of a PATCH: a field that is left out changes nothing, and `null` breaks the rule
/// of the value.
///
/// It is used as `#[serde(default, deserialize_with = "non_null")]`, with `#[schemars(with = "T")]` for the
/// schema.
pub fn non_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads an optional field of a PATCH in which `null` says something: a field that is left out changes nothing.
///
/// It is used as `#[serde(default, deserialize_with = "nullable")]`, with `#[schemars(with = "Option<T>")]` for the
/// schema.
pub fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads path and query parameters into one typed value, like an object whose members are all strings. Each
/// name may occur once.
pub(crate) fn parameters<P: DeserializeOwned>(pairs: &[(String, String)]) -> Result<P, Problem> {
    let mut members = Vec::with_capacity(pairs.len());
    for (index, (name, value)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(Problem::invalid(format!("/{name}"), "may be sent once"));
        }
        let text = |text: &String| serde_json::to_string(text).map_err(Problem::internal);
        members.push(format!("{}:{}", text(name)?, text(value)?));
    }
    let object = format!("{{{}}}", members.join(","));
    read(Json::parse(&object).map_err(Problem::internal)?)
}

/// Reads the body. With `must_change`, an object without members is refused, since the request would succeed
/// and do nothing.
pub(crate) fn body<B: DeserializeOwned>(
    headers: &HeaderMap,
    bytes: &[u8],
    must_change: bool,
) -> Result<B, Problem> {
    if bytes.len() > BODY_LIMIT {
        return Err(Problem::payload_too_large(BODY_LIMIT));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok("") => "{}",
        _ if !is_json(headers) => return Err(Problem::unsupported_media_type()),
        Ok(text) => text,
        Err(_) => return Err(Problem::malformed("The body is not UTF-8.")),
    };
    let json = Json::parse(text).map_err(|error| unreadable(String::new(), error))?;
    let value = match read(json) {
        Err(_) if bytes.is_empty() => return Err(Problem::malformed("Send a JSON object as the body.")),
        outcome => outcome?,
    };
    if must_change && json.is_empty_object() {
        return Err(Problem::invalid("", "must change at least one field"));
    }
    Ok(value)
}

fn read<T: DeserializeOwned>(json: Json<'_>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = pointer(error.path());
        unreadable(path, error.into_inner())
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// The problem of an error at `place`. serde reports unknown, repeated and missing fields at their parent or
/// at the field itself; the problem names the field in both cases.
fn unreadable(place: String, error: Unreadable) -> Problem {
    let field = match &error {
        Unreadable::NotJson(reason) => return Problem::malformed(format!("The body is not JSON: {reason}.")),
        Unreadable::BrokenRule(_) => place,
        Unreadable::UnknownField(name) => member(&place, name),
        Unreadable::MissingField(name) | Unreadable::RepeatedField(name) => member(&place, name),
    };
    Problem::invalid(field, error)
}

fn member(place: &str, name: &str) -> String {
    let member = format!("/{}", escaped(name));
    let parent = place.strip_suffix(&member).unwrap_or(place);
    format!("{parent}{member}")
}

/// Escapes a name for a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
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
        let problem = body::<Body>(&headers, bytes, false).unwrap_err();
        let document: serde_json::Value = serde_json::from_str(&problem.document("")).unwrap();
        (problem.status(), document["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_first_broken_rule_is_reported_with_its_field() {
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
    fn a_large_body_and_another_media_type_are_refused() {
        assert_eq!(refusal(&vec![b' '; BODY_LIMIT + 1]).0, 413);
        let problem = body::<Body>(&HeaderMap::new(), b"lines=1", false).unwrap_err();
        assert_eq!(problem.status(), 415);
    }

    #[test]
    fn parameters_come_once_and_are_known() {
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        assert_eq!(parameters::<NoParameters>(&[pair("x")]).unwrap_err().status(), 422);
        assert_eq!(parameters::<NoParameters>(&[pair("x"), pair("x")]).unwrap_err().status(), 422);
        assert!(parameters::<NoParameters>(&[]).is_ok());
    }
}
