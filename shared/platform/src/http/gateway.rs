//! Events and responses of HTTP APIs, in payload format 2.0:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
//!
//! Only what functions use is read. A host, a path or a query that is no URI must not end the process.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::http::authorized::{Authorized, Authorizer, authorized};

pub(crate) struct Event {
    pub(crate) request_id: String,
    pub(crate) route_key: Option<String>,
    /// Where the request came from, as the gateway saw it.
    pub(crate) source: Option<IpAddr>,
    /// By the gateway's clock, if it has told.
    pub(crate) received_at: Option<Timestamp>,
    pub(crate) headers: HeaderMap,
    /// Of path and query, decoded, and in the order of their names: a repeated request has the same hash.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// `Err` if an authorizer has returned what is no answer of ours.
    pub(crate) authorized: Option<Result<Authorized, ()>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Response {
    pub(crate) status_code: u16,
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// The parser's own words would quote what it has read, which may be a secret.
    #[error("the event is none of an HTTP API: line {line}, column {column}")]
    Form { line: usize, column: usize },
    #[error("the header {0} has a name or a value that HTTP does not allow")]
    Header(String),
    #[error("the body is not base64, but says so: {0}")]
    Body(#[from] base64::DecodeError),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Form { line: error.line(), column: error.column() }
    }
}

/// `cargo lambda watch` sends null for what API Gateway leaves out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    headers: Option<Pairs<'a>>,
    #[serde(borrow)]
    path_parameters: Option<Pairs<'a>>,
    /// The other form, `queryStringParameters`, joins repeated parameters by commas, and hides repetitions.
    #[serde(borrow)]
    raw_query_string: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    is_base64_encoded: Option<bool>,
    #[serde(borrow)]
    request_context: RequestContext<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    request_id: Option<String>,
    route_key: Option<String>,
    /// In milliseconds.
    time_epoch: Option<i64>,
    #[serde(borrow)]
    authorizer: Option<Authorizer<'a>>,
    #[serde(borrow)]
    http: Option<Http<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    #[serde(borrow)]
    source_ip: Option<Text<'a>>,
}

/// A text that is borrowed from the event, unless it is escaped there.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object of texts, as they come.
struct Pairs<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a, 'de: 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Pairs<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((Text(name), Text(value))) = members.next_entry()? {
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Event {
    pub(crate) fn read(event: &str) -> Result<Self, Unreadable> {
        let fields: Fields<'_> = serde_json::from_str(event)?;
        let RequestContext { request_id, route_key, time_epoch, authorizer, http } = fields.request_context;
        let query = fields.raw_query_string.map_or(Cow::Borrowed(""), |Text(query)| query);
        let query = form_urlencoded::parse(query.as_bytes()).into_owned();
        let Pairs(path) = fields.path_parameters.unwrap_or(Pairs(Vec::new()));
        let path = path.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned()));
        let mut parameters: Vec<_> = path.chain(query).collect();
        parameters.sort();
        let body = fields.body.map_or(Cow::Borrowed(""), |Text(body)| body);
        Ok(Self {
            request_id: request_id.unwrap_or_default(),
            route_key,
            received_at: time_epoch.and_then(|epoch| Timestamp::from_millisecond(epoch).ok()),
            source: http.and_then(|http| http.source_ip?.0.parse().ok()),
            headers: fields.headers.map(headers).transpose()?.unwrap_or_default(),
            parameters,
            body: match fields.is_base64_encoded {
                Some(true) => STANDARD.decode(body.as_bytes())?,
                _ => body.into_owned().into_bytes(),
            },
            authorized: authorizer.and_then(authorized),
        })
    }
}

/// Values may hold bytes beyond ASCII.
fn headers(Pairs(sent): Pairs<'_>) -> Result<HeaderMap, Unreadable> {
    let mut headers = HeaderMap::with_capacity(sent.len());
    for (name, value) in sent {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes())) {
            (Ok(name), Ok(value)) => headers.append(name, value),
            _ => return Err(Unreadable::Header(name.into_owned())),
        };
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn event(fields: Value) -> Result<Event, String> {
        let mut event =
            json!({ "version": "2.0", "requestContext": { "requestId": "r", "routeKey": "GET /a" } });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        Event::read(&event.to_string()).map_err(|error| error.to_string())
    }

    fn parameters(fields: Value) -> Vec<(String, String)> {
        event(fields).unwrap().parameters
    }

    fn pairs<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
        expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn parameters_of_path_and_query_are_decoded_sorted_and_kept_when_repeated() {
        let sent =
            json!({ "rawQueryString": "b=2&b=1&a=%C3%A9+x&empty&b=2", "pathParameters": { "id": "café%" } });
        let read = pairs([("a", "é x"), ("b", "1"), ("b", "2"), ("b", "2"), ("empty", ""), ("id", "café%")]);
        assert_eq!(parameters(sent), read);
        assert_eq!(parameters(json!({ "rawQueryString": "", "pathParameters": null })), []);
        let broken = parameters(json!({ "rawQueryString": "a=%zz&%ff=%" }));
        assert_eq!(broken, pairs([("a", "%zz"), ("\u{fffd}", "%")]));
    }

    #[test]
    fn headers_hold_what_http_allows() {
        let read = event(json!({ "headers": { "Host": "[::", "x-note": "zwölf\t☕" } })).unwrap().headers;
        assert_eq!(read["host"], "[::");
        assert_eq!(read["x-note"].as_bytes(), "zwölf\t☕".as_bytes());
        for (name, value) in [("x-note", "a\nb"), ("x-note", "\0"), ("", "a"), ("x note", "a")] {
            let refused = event(json!({ "headers": { name: value } })).err().unwrap();
            assert!(refused.contains("HTTP does not allow"), "{refused}");
        }
    }

    #[test]
    fn a_body_is_text_or_base64() {
        let body = |body: Value, base64: Value| event(json!({ "body": body, "isBase64Encoded": base64 }));
        assert_eq!(body(json!("aGk="), json!(false)).unwrap().body, b"aGk=");
        assert_eq!(body(json!("aGn/"), json!(true)).unwrap().body, b"hi\xff");
        assert_eq!(body(Value::Null, Value::Null).unwrap().body, b"");
        assert!(body(json!("a"), json!(true)).err().unwrap().contains("not base64"));
    }

    #[test]
    fn what_is_no_event_is_refused_without_being_quoted() {
        let authorizer = json!({ "requestContext": { "authorizer": "secret" } });
        for broken in [json!({ "headers": "secret" }), json!({ "body": { "a": "secret" } }), authorizer] {
            let refused = event(broken).err().unwrap();
            assert!(refused.contains("none of an HTTP API") && !refused.contains("secret"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn any_text_in_host_path_and_query_is_read(host in "[^\\x00-\\x1f\\x7f]*", path in ".*", query in ".*") {
            let sent = json!({ "headers": { "host": host }, "rawPath": path, "rawQueryString": query });
            prop_assert!(event(sent).is_ok());
        }
    }
}
