//! Events and responses of HTTP APIs, in payload format 2.0:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
//!
//! Only what functions use is read. A host, a path or a query that is no URI must not end the process.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(try_from = "Fields")]
pub(crate) struct Event {
    pub(crate) request_id: String,
    pub(crate) route_key: Option<String>,
    /// Where the request came from, as the gateway saw it.
    pub(crate) source: Option<IpAddr>,
    pub(crate) headers: HeaderMap,
    /// Of path and query, decoded, and in the order of their names: a repeated request has the same hash.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What the authorizer has returned, with credentials: this type has no `Debug`.
    pub(crate) authorizer: Option<Value>,
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
enum Unreadable {
    #[error("the header {0} has a name or a value that HTTP does not allow")]
    Header(String),
    #[error("the body is not base64, but says so: {0}")]
    Body(#[from] base64::DecodeError),
}

/// `cargo lambda watch` sends null for what API Gateway leaves out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    headers: Option<BTreeMap<String, String>>,
    path_parameters: Option<BTreeMap<String, String>>,
    /// The other form, `queryStringParameters`, joins repeated parameters by commas, and hides repetitions.
    raw_query_string: Option<String>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
    request_context: RequestContext,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    request_id: Option<String>,
    route_key: Option<String>,
    /// In any form: of another one than the expected, the runtime would log the parser's error, which quotes it.
    authorizer: Option<Value>,
    http: Option<Http>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    source_ip: Option<String>,
}

impl TryFrom<Fields> for Event {
    type Error = Unreadable;

    fn try_from(fields: Fields) -> Result<Self, Unreadable> {
        let RequestContext { request_id, route_key, authorizer, http } = fields.request_context;
        let query = fields.raw_query_string.unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned();
        let mut parameters: Vec<_> = fields.path_parameters.into_iter().flatten().chain(query).collect();
        parameters.sort();
        let body = fields.body.unwrap_or_default();
        Ok(Self {
            request_id: request_id.unwrap_or_default(),
            route_key,
            source: http.and_then(|http| http.source_ip?.parse().ok()),
            headers: headers(fields.headers.unwrap_or_default())?,
            parameters,
            body: match fields.is_base64_encoded {
                Some(true) => STANDARD.decode(body)?,
                _ => body.into_bytes(),
            },
            authorizer: authorizer
                .and_then(|mut answer| answer.get_mut("lambda").map(Value::take))
                .filter(|answer| !answer.is_null() && *answer != json!({})),
        })
    }
}

/// Values may hold bytes beyond ASCII.
fn headers(sent: BTreeMap<String, String>) -> Result<HeaderMap, Unreadable> {
    let mut headers = HeaderMap::with_capacity(sent.len());
    for (name, value) in sent {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes())) {
            (Ok(name), Ok(value)) => headers.append(name, value),
            _ => return Err(Unreadable::Header(name)),
        };
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(fields: Value) -> Result<Event, String> {
        let mut event =
            json!({ "version": "2.0", "requestContext": { "requestId": "r", "routeKey": "GET /a" } });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(event).map_err(|error| error.to_string())
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
    fn an_authorizer_s_answer_is_there_or_not() {
        let answered = |authorizer: Value| {
            let context = json!({ "requestContext": { "authorizer": authorizer } });
            event(context).unwrap().authorizer
        };
        assert_eq!(answered(json!({ "lambda": { "tenant": "a" } })), Some(json!({ "tenant": "a" })));
        for none in
            [Value::Null, json!({}), json!({ "lambda": null }), json!({ "lambda": {} }), json!("secret")]
        {
            assert_eq!(answered(none), None);
        }
        for other in [json!("secret"), json!(["secret"])] {
            assert_eq!(
                answered(json!({ "lambda": other })),
                Some(other),
                "it is refused later, without being quoted"
            );
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
