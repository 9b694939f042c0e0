//! Verifies Signature Version 4, `AWS4-HMAC-SHA256` in the header `Authorization`.
//!
//! As AWS describes it in "Create a signed AWS API request",
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>. The refusals are
//! worded as in "Troubleshoot Signature Version 4 signing",
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>.

mod keys;
mod query;
#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;

use http::{HeaderMap, Method, Uri, header};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use sha2::{Digest, Sha256};

pub(crate) use self::keys::{Secret, SigningKeys};
use super::credentials::Unidentified;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";
const DATE: &str = "x-amz-date";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
const PAYLOAD_HASH: &str = "x-amz-content-sha256";
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// A request with its whole body.
#[derive(Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl<'a> Received<'a> {
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn canonical(&self, signed_headers: &BTreeSet<&str>, payload_hash: &str) -> Vec<u8> {
        // The path is encoded once more than it was sent; S3 alone takes it as it is. Clients also leave out empty and dot
        // segments before they sign. Here the path counts as it was sent, so that one which is shortened on the way, or
        // lengthened, is another path.
        let path = encode(self.uri.path(), "/");
        let query = query::canonical(self.uri.query().unwrap_or_default());
        let mut request = format!("{}\n{path}\n{query}\n", self.method).into_bytes();
        for name in signed_headers {
            request.extend([name.as_bytes(), b":", &canonical_values(self.headers, name), b"\n"].concat());
        }
        let names: Vec<&str> = signed_headers.iter().copied().collect();
        request.extend(format!("\n{}\n{payload_hash}", names.join(";")).bytes());
        request
    }

    /// The hash of the body. AWS documents bodies that are not signed for S3 alone.
    fn payload_hash(&self) -> Result<String, Unidentified> {
        let hash = hex(&Sha256::digest(self.body));
        match self.header(PAYLOAD_HASH) {
            Some(other) if other != hash => Err(mismatch(format!(
                "The provided '{PAYLOAD_HASH}' header does not match what was computed."
            ))),
            _ => Ok(hash),
        }
    }
}

/// Where a request was sent to.
#[derive(Clone, Copy)]
pub(crate) struct Addressed<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// What the header `Authorization` claims.
pub(crate) struct Claim<'a> {
    pub(crate) access_key_id: &'a str,
    scope: Scope<'a>,
    signed_headers: BTreeSet<&'a str>,
    signature: &'a str,
}

struct Scope<'a> {
    date: &'a str,
    region: &'a str,
    service: &'a str,
    terminator: &'a str,
}

impl<'a> Claim<'a> {
    pub(crate) fn read(headers: &'a HeaderMap) -> Result<Claim<'a>, Unidentified> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let parameters =
            authorization.and_then(|text| text.strip_prefix(ALGORITHM)).ok_or(Unidentified::Unsigned)?;
        let parameter = |name: &str| {
            let pairs = parameters.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value).ok_or_else(|| {
                Unidentified::Incomplete(format!("Authorization header requires '{name}' parameter."))
            })
        };
        let credential = parameter("Credential")?;
        let &[access_key_id, date, region, service, terminator] =
            credential.split('/').collect::<Vec<_>>().as_slice()
        else {
            return Err(Unidentified::Incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
                 got '{credential}'"
            )));
        };
        Ok(Claim {
            access_key_id,
            scope: Scope { date, region, service, terminator },
            signed_headers: parameter("SignedHeaders")?.split(';').collect(),
            signature: parameter("Signature")?,
        })
    }

    /// Whether the owner of the secret has signed this request, for this service and not long ago.
    pub(crate) fn verify(
        &self,
        request: Received<'_>,
        secret: Secret<'_>,
        addressed: Addressed<'_>,
        now: Timestamp,
    ) -> Result<(), Unidentified> {
        let sent = request.header(DATE).ok_or_else(|| {
            Unidentified::Incomplete(
                "Authorization header requires existence of a 'X-Amz-Date' header.".into(),
            )
        })?;
        check_date(sent, now)?;
        self.check_signed_headers(request.headers)?;
        self.scope.check(addressed, sent)?;
        let canonical = request.canonical(&self.signed_headers, &request.payload_hash()?);
        let Scope { date, region, service, terminator } = &self.scope;
        let to_sign = format!(
            "{ALGORITHM}\n{sent}\n{date}/{region}/{service}/{terminator}\n{}",
            hex(&Sha256::digest(canonical))
        );
        let signature = unhex(self.signature).unwrap_or_default();
        // The comparison takes the same time wherever the signatures differ.
        let key = secret.signing_key(self.scope.date, self.scope.region, self.scope.service);
        hmac::verify(&key, to_sign.as_bytes(), &signature).map_err(|_| {
            mismatch(
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details.",
            )
        })
    }

    /// What is not signed, anybody on the way can change.
    fn check_signed_headers(&self, sent: &HeaderMap) -> Result<(), Unidentified> {
        let must_be =
            |what: &str| Err(mismatch(format!("{what} must be a 'SignedHeader' in the AWS Authorization.")));
        if !self.signed_headers.contains("host") {
            return must_be("'Host' or ':authority'");
        }
        let amz = sent.keys().map(header::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        match amz.into_iter().find(|name| !self.signed_headers.contains(name)) {
            Some(unsigned) => must_be(&format!("'{unsigned}'")),
            None => Ok(()),
        }
    }
}

impl Scope<'_> {
    fn check(&self, addressed: Addressed<'_>, sent: &str) -> Result<(), Unidentified> {
        let Addressed { region, service } = addressed;
        let day = sent.get(..8).unwrap_or_default();
        if self.region != region {
            return Err(mismatch(format!(
                "Credential should be scoped to a valid region, not '{}'.",
                self.region
            )));
        }
        if self.service != service {
            return Err(mismatch(format!("Credential should be scoped to correct service: '{service}'.")));
        }
        if self.terminator != TERMINATOR {
            return Err(mismatch(format!(
                "Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{}'.",
                self.terminator
            )));
        }
        if self.date != day {
            return Err(mismatch(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{}' != '{day}', from '{sent}'.",
                self.date
            )));
        }
        Ok(())
    }
}

fn check_date(sent: &str, now: Timestamp) -> Result<(), Unidentified> {
    let time = DateTime::strptime(DATE_FORMAT, sent).and_then(|time| time.to_zoned(TimeZone::UTC));
    let time = time.map(|time| time.timestamp()).map_err(|_| {
        Unidentified::Incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{sent}'."))
    })?;
    let written = |time: Timestamp| time.strftime(DATE_FORMAT).to_string();
    let (earliest, latest) = (now - TOLERANCE, now + TOLERANCE);
    if time < earliest {
        let (limit, now) = (written(earliest), written(now));
        return Err(mismatch(format!(
            "Signature expired: {sent} is now earlier than {limit} ({now} - 15 min.)"
        )));
    }
    if time > latest {
        let (limit, now) = (written(latest), written(now));
        return Err(mismatch(format!(
            "Signature not yet current: {sent} is still later than {limit} ({now} + 15 min.)"
        )));
    }
    Ok(())
}

fn mismatch(message: impl Into<String>) -> Unidentified {
    Unidentified::Mismatch(message.into())
}

/// The values of a header, each without superfluous spaces.
fn canonical_values(headers: &HeaderMap, name: &str) -> Vec<u8> {
    let values = headers.get_all(name).iter().map(|value| {
        let words = value.as_bytes().split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(&b' ')
    });
    values.collect::<Vec<_>>().join(&b',')
}

fn encode(text: impl AsRef<[u8]>, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.as_ref().len());
    for &byte in text.as_ref() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(character) || kept.contains(character) {
            encoded.push(character);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of a signature; none if it is not of 64 digits, since half a digit would be read as a whole one.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}
