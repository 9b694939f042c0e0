//! Reads requests into typed values. All fields that break a rule are reported together.

use std::fmt::Display;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::http::incoming::IncomingRequest;
use crate::http::problem::InvalidField;
use crate::http::shapes::Input;
use crate::http::{Access, Precondition, Problem, Route};
use crate::json::{Broken, Json, Unreadable};

/// The number of bytes of the largest body, unless a route declares another.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

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

/// What a request says, as types that have checked themselves.
pub(crate) struct Said<P, B, C: Precondition, K> {
    pub(crate) parameters: P,
    pub(crate) idempotency: K,
    pub(crate) precondition: C::Sent,
    pub(crate) body: B,
}

/// Reads a request, or fails with all fields of it that break a rule.
pub(crate) fn read<P: Input, B: Input, C: Precondition, K>(
    route: &Route<impl Access, C>,
    request: &IncomingRequest,
    idempotency: Result<K, Problem>,
) -> Result<Said<P, B, C, K>, Problem> {
    let parameters = Problem::both(parameters(&request.parameters), idempotency);
    let body = body(&request.headers, &request.body, route.is_patch(), route.declared.body_limit);
    let body = Problem::both(C::read(&request.headers), body);
    let ((parameters, idempotency), (precondition, body)) = Problem::both(parameters, body)?;
    Ok(Said { parameters, idempotency, precondition, body })
}

/// Reads path and query parameters into one typed value, like an object whose members are all strings. Each
/// name may occur once.
fn parameters<P: Input>(pairs: &[(String, String)]) -> Result<P, Problem> {
    let text = |text: &String| serde_json::to_string(text).map_err(Problem::internal);
    let members = pairs.iter().map(|(name, value)| Ok(format!("{}:{}", text(name)?, text(value)?)));
    let object = format!("{{{}}}", members.collect::<Result<Vec<_>, Problem>>()?.join(","));
    Json::parse(&object).map_err(Problem::internal)?.read().map_err(unreadable)
}

/// Reads the body. With `must_change`, an object without members is refused, since the request would succeed
/// and do nothing.
fn body<B: Input>(headers: &HeaderMap, bytes: &[u8], must_change: bool, limit: usize) -> Result<B, Problem> {
    if bytes.len() > limit {
        return Err(Problem::payload_too_large(limit));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok("") => "{}",
        _ if !is_json(headers) => return Err(Problem::unsupported_media_type()),
        Ok(text) => text,
        Err(_) => return Err(Problem::malformed("The body is not UTF-8.")),
    };
    let json = Json::parse(text).map_err(not_json)?;
    let value = match json.read() {
        Err(_) if bytes.is_empty() => return Err(Problem::malformed("Send a JSON object as the body.")),
        outcome => outcome.map_err(unreadable)?,
    };
    if must_change && json.is_empty_object() {
        return Err(Problem::invalid("", "must change at least one field"));
    }
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

pub(crate) fn unreadable(broken: Vec<Broken>) -> Problem {
    match broken.iter().find(|part| matches!(part.why, Unreadable::NotJson(_))) {
        Some(Broken { why, .. }) => not_json(why),
        None => Problem::invalid_fields(
            broken.into_iter().map(|part| InvalidField::new(part.place, part.why)).collect(),
        ),
    }
}

fn not_json(reason: impl Display) -> Problem {
    Problem::malformed(format!("The body is {reason}."))
}

#[cfg(test)]
mod tests;
