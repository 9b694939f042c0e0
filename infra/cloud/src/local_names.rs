//! Refuses requests for other names than this machine's, against DNS rebinding: a foreign page could let a name of its
//! own resolve to 127.0.0.1, and its browser would let it read every answer.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri, header};
use serde_json::json;

const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalNames {
    pub(crate) port: u16,
    pub(crate) wording: Wording,
}

/// The form of a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wording {
    Text,
    /// As API Gateway words its own refusals.
    Message,
}

pub(crate) async fn only_local_names(
    State(names): State<LocalNames>,
    request: Request,
    next: Next,
) -> Response {
    match names.admit(request.headers(), request.uri()) {
        true => next.run(request).await,
        false => names.refusal(),
    }
}

impl LocalNames {
    /// A request names its server once in `Host`, and may do so again in its target.
    fn admit(self, headers: &HeaderMap, target: &Uri) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        host.to_str().is_ok_and(|host| self.is_ours(host))
            && target.authority().is_none_or(|authority| self.is_ours(authority.as_str()))
    }

    /// Nothing is parsed, so that nothing can be read in two ways.
    fn is_ours(self, authority: &str) -> bool {
        let port = self.port.to_string();
        NAMES.iter().any(|name| match authority.split_at_checked(name.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(name) => {
                rest.is_empty() || rest.strip_prefix(':') == Some(&port)
            }
            _ => false,
        })
    }

    fn refusal(self) -> Response {
        let message = format!("Open http://127.0.0.1:{}; this server answers local names alone.", self.port);
        match self.wording {
            Wording::Text => (StatusCode::FORBIDDEN, message).into_response(),
            Wording::Message => {
                let body = json!({ "message": message }).to_string();
                (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const OURS: LocalNames = LocalNames { port: 4000, wording: Wording::Text };

    fn admits(hosts: &[&[u8]], target: &str) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_bytes(host).unwrap());
        }
        OURS.admit(&headers, &target.parse().unwrap())
    }

    #[test]
    fn this_machine_is_known_by_three_names_with_or_without_the_port() {
        for name in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
            assert!(admits(&[name.as_bytes()], "/me"), "{name}");
            let with_port = format!("{name}:4000");
            assert!(admits(&[with_port.as_bytes()], "/me"), "{with_port}");
        }
    }

    #[test]
    fn every_other_host_is_refused() {
        let foreign: [&[u8]; 17] = [
            b"evil.example",
            b"evil.example:4000",
            b"127.0.0.1:4001",
            b"127.0.0.1:",
            b"127.0.0.1:04000",
            b"127.0.0.1:4000 ",
            b"127.0.0.1.evil.example",
            b"localhost.",
            b"user@localhost",
            b"127.1",
            b"0.0.0.0:4000",
            b"::1",
            b"[::1",
            b"127.0.0.1, 127.0.0.1",
            b"a b",
            b"\xff\xfe",
            b"",
        ];
        for host in foreign {
            assert!(!admits(&[host], "/me"), "{}", host.escape_ascii());
        }
        assert!(!admits(&[], "/me"));
        assert!(!admits(&[b"localhost", b"localhost"], "/me"));
    }

    #[test]
    fn a_target_that_names_a_server_must_name_this_one() {
        assert!(admits(&[b"localhost"], "http://127.0.0.1:4000/me"));
        for target in ["http://evil.example/me", "http://127.0.0.1:4001/me", "http://user@localhost/me"] {
            assert!(!admits(&[b"localhost"], target), "{target}");
        }
        assert!(!admits(&[b"evil.example"], "http://127.0.0.1:4000/me"));
    }
}
