//! A request, in the form that the events for functions and authorizers need.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use http::request::Parts;
use http::{HeaderMap, Version, header};
use jiff::Timestamp;

use super::refusal::Refusal;
use crate::compute::trace;
use crate::percent;

/// API Gateway's limit for the request line and all headers together.
const HEADER_LIMIT: usize = 10_240;

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) method: String,
    /// Percent-decoded before routes are matched, as in HTTP APIs: `%2F` separates segments.
    pub(crate) path: String,
    pub(crate) raw_query: String,
    /// Repeated parameters are joined by commas.
    pub(crate) query: BTreeMap<String, String>,
    /// Names are in lower case, repeated headers are joined by commas, and cookies are left out.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) protocol: &'static str,
    pub(crate) source_ip: IpAddr,
    pub(crate) time: Timestamp,
}

/// Sixteen characters of base64, like API Gateway's request ids.
pub(crate) fn new_id() -> String {
    URL_SAFE.encode(&crate::ids::new_uuid().as_bytes()[..11])
}

impl Request {
    pub(crate) fn read(id: String, head: &Parts) -> Result<Request, Refusal> {
        if header_size(head) > HEADER_LIMIT {
            return Err(Refusal::RequestHeaderFieldsTooLarge);
        }
        let raw_query = head.uri.query().unwrap_or_default();
        let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
        let source_ip = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        Ok(Request {
            id,
            method: head.method.as_str().to_owned(),
            path: percent::decode(head.uri.path()).ok_or(Refusal::BadRequest)?,
            raw_query: raw_query.to_owned(),
            query: joined(form_urlencoded::parse(raw_query.as_bytes()).into_owned()),
            headers: headers(&head.headers, source_ip),
            cookies: cookies(&head.headers),
            protocol: if head.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            source_ip,
            time: Timestamp::now(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

fn header_size(head: &Parts) -> usize {
    let line = head.method.as_str().len() + head.uri.path_and_query().map_or(0, |path| path.as_str().len());
    head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() + line
}

fn headers(sent: &HeaderMap, source_ip: IpAddr) -> BTreeMap<String, String> {
    let sent = sent.iter().filter(|(name, _)| *name != header::COOKIE && *name != header::CONNECTION);
    let mut headers = joined(sent.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))));
    let forwarded = match headers.remove("x-forwarded-for") {
        Some(earlier) => format!("{earlier}, {source_ip}"),
        None => source_ip.to_string(),
    };
    let port =
        headers.get("host").and_then(|host| host.rsplit_once(':')).map_or("80", |(_, port)| port).to_owned();
    headers.insert("x-forwarded-for".into(), forwarded);
    headers.insert("x-forwarded-port".into(), port);
    headers.insert("x-forwarded-proto".into(), "http".into());
    headers.entry("x-amzn-trace-id".into()).or_insert_with(|| format!("Root={}", trace::root()));
    headers
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let sent = headers.get_all(header::COOKIE).iter().map(|value| text(value.as_bytes()));
    sent.flat_map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

fn joined(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let mut map = BTreeMap::<String, String>::new();
    for (name, value) in pairs {
        map.entry(name).and_modify(|values| *values = format!("{values},{value}")).or_insert(value);
    }
    map
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_api_gateways() {
        let id = new_id();
        assert!(id.len() == 16 && id.ends_with('='), "{id}");
    }
}
