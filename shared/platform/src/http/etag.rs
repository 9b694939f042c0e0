//! Entity tags: the version of a resource that has one, otherwise a digest of the answer.

use domain::Version;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_MATCH, IF_NONE_MATCH, VARY};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::http::{Problem, RequiredAccess};
use crate::table::StoredReply;

/// The versions that `If-Match` allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    Any,
    /// Well-formed tags that are not versions are left out, since they match nothing.
    Versions(Vec<u64>),
}

impl IfMatch {
    pub(crate) fn parse(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut sent = headers.get_all(IF_MATCH).iter().peekable();
        if sent.peek().is_none() {
            return Err(Problem::precondition_required());
        }
        let mut versions = Vec::new();
        for tag in sent.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')) {
            let tag = tag.trim_ascii();
            if tag == b"*" {
                return Ok(Self::Any);
            }
            if !is_tag(tag.strip_prefix(b"W/").unwrap_or(tag)) {
                return Err(Problem::invalid("/if-match", "must be an ETag, quotation marks included, or *"));
            }
            versions.extend(version(tag));
        }
        Ok(Self::Versions(versions))
    }

    pub(crate) fn matches(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&version.number()),
        }
    }
}

fn is_tag(text: &[u8]) -> bool {
    let inner = text.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    inner.is_some_and(|inner| inner.iter().all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f))
}

/// Parses the one spelling of a version, with the digest of what was shown beside it if there is one. `If-Match` compares
/// strongly, so `W/"1"` and `"01"` are not `"1"`.
fn version(tag: &[u8]) -> Option<u64> {
    let inner = std::str::from_utf8(tag).ok()?.strip_prefix('"')?.strip_suffix('"')?;
    let digits = inner.split_once('.').map_or(inner, |(version, _)| version);
    let number: u64 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// The tag of a version, with a digest of all that is shown beside what has the version.
pub(crate) fn etag_with_digest(tag: &str, body: &str) -> String {
    format!("{}.{}\"", tag.trim_end_matches('"'), &hex(&Sha256::digest(body))[..16])
}

/// Adds `ETag` and `Cache-Control` to the answer to a GET, and turns it into a 304 when `If-None-Match` names
/// its tag. Caches have to revalidate each time.
pub(crate) fn revalidate(headers: &HeaderMap, required_access: RequiredAccess, reply: &mut StoredReply) {
    let (cache, vary) = match required_access {
        RequiredAccess::Anyone => ("no-cache", None),
        RequiredAccess::Operator | RequiredAccess::Tenant(_) => ("private, no-cache", Some("authorization")),
    };
    reply.headers.insert(CACHE_CONTROL.to_string(), cache.to_owned());
    reply.headers.extend(vary.map(|vary| (VARY.to_string(), vary.to_owned())));
    let etag = reply
        .headers
        .entry(ETAG.to_string())
        .or_insert_with(|| format!("\"{}\"", &hex(&Sha256::digest(&reply.body))[..32]));
    let known =
        headers.get_all(IF_NONE_MATCH).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let known = known
        .map(<[u8]>::trim_ascii)
        .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag.as_bytes());
    if known {
        reply.status = 304;
        reply.body.clear();
        reply.headers.remove(CONTENT_TYPE.as_str());
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn if_match(values: &[&str]) -> Result<IfMatch, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        IfMatch::parse(&headers).map_err(|problem| problem.status())
    }

    #[test]
    fn if_match_names_versions_by_strong_tags() {
        let versions = |versions: &[u64]| Ok(IfMatch::Versions(versions.to_vec()));
        assert_eq!(if_match(&["\"1\""]), versions(&[1]));
        assert_eq!(if_match(&["\"1\", \"20\"", "\"3\""]), versions(&[1, 20, 3]));
        assert_eq!(if_match(&["\"7.0a1b\""]), versions(&[7]));
        assert_eq!(if_match(&["*"]), Ok(IfMatch::Any));
        assert_eq!(if_match(&["W/\"1\"", "\"01\"", "\"+1\"", "\"abc\"", "\"\""]), versions(&[]));
        assert_eq!(if_match(&[]), Err(428));
        for malformed in ["1", "\"1", "", "\"1\",", "\"a b\"", "W/1"] {
            assert_eq!(if_match(&[malformed]), Err(422), "{malformed}");
        }
    }

    #[test]
    fn one_user_s_answer_is_cached_for_nobody_else() {
        let cached = |required_access| {
            let mut reply = StoredReply { status: 200, headers: Default::default(), body: "{}".to_owned() };
            revalidate(&HeaderMap::new(), required_access, &mut reply);
            (reply.headers["cache-control"].clone(), reply.headers.get("vary").cloned())
        };
        let expected = |cache: &str, vary: Option<&str>| (cache.to_owned(), vary.map(str::to_owned));
        assert_eq!(cached(RequiredAccess::Anyone), expected("no-cache", None));
        for one_s_own in
            [RequiredAccess::Operator, RequiredAccess::Tenant(domain::permission::PermissionSet::NONE)]
        {
            assert_eq!(cached(one_s_own), expected("private, no-cache", Some("authorization")));
        }
    }

    #[test]
    fn a_client_that_has_the_answer_gets_its_tag_alone() {
        let answer = |tag: Option<&str>, known: &str| {
            let mut reply = StoredReply { status: 200, headers: Default::default(), body: "{}".to_owned() };
            reply.headers.extend(tag.map(|tag| ("etag".to_owned(), tag.to_owned())));
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(known).unwrap());
            revalidate(&headers, RequiredAccess::Anyone, &mut reply);
            (reply.status, reply.body.is_empty(), reply.headers["etag"].clone())
        };
        assert_eq!(answer(Some("\"7\""), "\"7\""), (304, true, "\"7\"".to_owned()));
        assert_eq!(answer(Some("\"7\""), "\"1\", W/\"7\"").0, 304);
        assert_eq!(answer(Some("\"7\""), "*").0, 304);
        assert_eq!(answer(Some("\"7\""), "\"8\"").0, 200);
        let (_, _, digest) = answer(None, "\"8\"");
        assert_eq!(answer(None, &digest), (304, true, digest));
    }
}
