//! What of an answer may differ for two values that name nothing of the sender's.

use client::Response;
use contract::Operation;

use super::own::Sent;
use super::places::places;

/// What the addresses of new users begin with, before a number of three digits.
pub(super) const NEW_USER: &str = "new.member.";
/// They differ from answer to answer, follow from the body, or count requests.
const HEADERS: [&str; 4] = ["date", "apigw-requestid", "content-length", "ratelimit"];

/// The status, the headers and the body, with names for the values that were sent and for the request's id.
pub(crate) fn told(operation: &Operation, sent: &Sent, answer: &Response) -> String {
    let headers = answer.headers.iter().filter(|(name, _)| !HEADERS.contains(&name.as_str()));
    let mut headers: Vec<String> = headers
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort_unstable();
    let mut text = format!("{}\n{}\n\n{}", answer.status, headers.join("\n"), answer.text());
    if let Some(request) = answer.json()["requestId"].as_str() {
        text = text.replace(request, "<request>");
    }
    for place in places(operation).unwrap_or_default() {
        if let Some(value) = sent.get(&place).filter(|value| value.len() > 4) {
            text = text.replace(value, &format!("<{}>", place.name));
        }
    }
    text
}

/// Ids, times and addresses of what was made for the request, or by it, get names in the order in which they appear.
pub(crate) fn without_new_values(told: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut rest = told;
    while let Some((before, found)) = next_new(rest) {
        let known = seen.iter().position(|other| *other == found);
        let number = known.unwrap_or_else(|| {
            seen.push(found);
            seen.len() - 1
        });
        text.push_str(&rest[..before]);
        text.push_str(&format!("<new {number}>"));
        rest = &rest[before + found.len()..];
    }
    text + rest
}

/// Where the next id, time or address of a new user begins, and its text.
fn next_new(text: &str) -> Option<(usize, &str)> {
    let id = ids_in(text).next();
    let time = text.match_indices("\"20").find_map(|(start, _)| {
        let value = text[start + 1..].split('"').next()?;
        (value.ends_with('Z') && value.len() > 18).then_some((start + 1, value))
    });
    let address = text.find(NEW_USER).map(|start| (start, &text[start..start + NEW_USER.len() + 3]));
    [id, time, address].into_iter().flatten().min()
}

/// All ids in a text, with where each begins.
pub(crate) fn ids_in(text: &str) -> impl Iterator<Item = (usize, &str)> {
    const LENGTH: usize = 36;
    text.match_indices('_').filter_map(|(middle, _)| {
        let start = middle.checked_sub(3)?;
        let id = text.get(start..start + LENGTH)?;
        let (prefix, rest) = id.split_once('_')?;
        let is_id = prefix.len() == 3
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then_some((start, id))
    })
}
