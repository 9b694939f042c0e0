//! Reads a request's body up to the limit, and encodes it for an event.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::BodyExt;

use super::refusal::Refusal;

const LIMIT: usize = 10 * 1024 * 1024;
/// A body that is too large is still read up to this size, since few clients read a response before
/// they have sent the whole request.
const DRAINED: usize = 10 * LIMIT;

pub(crate) async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let mut read = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::BadRequest)?.into_data() else {
            continue;
        };
        size += data.len();
        if size <= LIMIT {
            read.extend_from_slice(&data);
        } else if size > DRAINED {
            break;
        }
    }
    match size <= LIMIT {
        true => Ok(read.into()),
        false => Err(Refusal::RequestEntityTooLarge),
    }
}

/// The body as text, and whether that text is base64.
pub(crate) fn encode(
    body: Bytes,
    content_type: Option<&str>,
    content_encoding: Option<&str>,
) -> (String, bool) {
    let plain =
        content_type.is_some_and(is_text) && content_encoding.is_none_or(|encoding| encoding == "identity");
    if plain && let Ok(text) = std::str::from_utf8(&body) {
        return (text.to_owned(), false);
    }
    (STANDARD.encode(body), true)
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&essence.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_travels_plain() {
        let plain = |kind, encoding| !encode(Bytes::from_static(b"x"), kind, encoding).1;
        assert!(plain(Some("application/json"), None));
        assert!(plain(Some("Application/JSON; charset=utf-8"), Some("identity")));
        assert!(plain(Some("text/csv"), None));
        assert!(!plain(Some("application/json"), Some("gzip")));
        assert!(!plain(Some("application/x-www-form-urlencoded"), None));
        assert!(!plain(Some("application/problem+json"), None));
        assert!(!plain(None, None));
        assert_eq!(
            encode(Bytes::from_static(b"\xff"), Some("application/json"), None),
            ("/w==".into(), true)
        );
    }
}
