//! Access keys of an AWS principal, and the signatures that are made with them.

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4::{SigningParams, signing_params::BuildError};

/// API Gateway, in the scope of a signature.
const SERVICE: &str = "execute-api";

/// Access keys, and the region of the API whose requests they sign.
#[derive(Clone)]
pub struct Keys {
    credentials: Credentials,
    region: String,
}

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{file}: {error}")]
    File { file: String, error: std::io::Error },
    #[error("{file}: the profile {profile} is not there, or has no {missing}")]
    Missing { file: String, profile: String, missing: &'static str },
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum UnsignedError {
    #[error(transparent)]
    Parameters(#[from] BuildError),
    #[error(transparent)]
    Request(#[from] SigningError),
}

impl Keys {
    /// `token` is that of a session.
    pub fn new(id: String, secret: String, token: Option<String>, region: &str) -> Keys {
        let credentials = Credentials::new(id, secret, token, None, "client");
        Keys { credentials, region: region.to_owned() }
    }

    /// Reads a profile of a file in the format of the AWS CLI's shared credentials file, with a `region`:
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>.
    pub fn of_profile(file: &Path, profile: &str) -> Result<Keys, KeysError> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file);
        let text = text.map_err(|error| KeysError::File { file: name.clone(), error })?;
        let value = |key: &str| setting(&text, profile, key).map(str::to_owned);
        let required = |key: &'static str| {
            let missing =
                || KeysError::Missing { file: name.clone(), profile: profile.to_owned(), missing: key };
            value(key).ok_or_else(missing)
        };
        let (id, secret) = (required("aws_access_key_id")?, required("aws_secret_access_key")?);
        Ok(Keys::new(id, secret, value("aws_session_token"), &required("region")?))
    }

    /// The headers that sign a request: its date, its token if there is one, and its authorization.
    pub(crate) fn sign(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Vec<(String, String)>, UnsignedError> {
        let identity = self.credentials.clone().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(method, url, headers, SignableBody::Bytes(body))?;
        let (instructions, _) = sign(request, &parameters)?.into_parts();
        let headers = instructions.headers();
        Ok(headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

/// A setting of the profile's section.
fn setting<'a>(text: &'a str, profile: &str, key: &str) -> Option<&'a str> {
    let header = format!("[{profile}]");
    let lines = text.lines().map(str::trim);
    let section = lines.skip_while(|line| *line != header).skip(1).take_while(|line| !line.starts_with('['));
    let mut settings = section.filter_map(|line| line.split_once('='));
    settings.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# keys\n[other]\naws_access_key_id = OTHER\nregion = eu-central-1\n\n[operator]\n\
                        aws_access_key_id = AKIA\naws_secret_access_key=a=b\n# region = none\nregion = eu-west-1\n\
                        [last]\naws_session_token = token\n";

    #[test]
    fn settings_are_those_of_the_profile_alone() {
        let operator = |key: &str| setting(FILE, "operator", key);
        assert_eq!(operator("aws_access_key_id"), Some("AKIA"));
        assert_eq!(operator("aws_secret_access_key"), Some("a=b"));
        assert_eq!(operator("region"), Some("eu-west-1"));
        assert_eq!(operator("aws_session_token"), None);
        assert_eq!(setting(FILE, "nobody", "region"), None);
    }

    #[test]
    fn a_profile_that_lacks_something_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials");
        std::fs::write(&file, FILE).unwrap();
        let keys = Keys::of_profile(&file, "operator").unwrap();
        assert_eq!((keys.credentials.access_key_id(), keys.region.as_str()), ("AKIA", "eu-west-1"));
        assert_eq!(format!("{keys:?}"), "Keys(…)");
        let refused = Keys::of_profile(&file, "other").unwrap_err().to_string();
        assert!(
            refused.ends_with("the profile other is not there, or has no aws_secret_access_key"),
            "{refused}"
        );
        assert!(matches!(Keys::of_profile(folder.path(), "operator"), Err(KeysError::File { .. })));
    }

    /// The scope names the service and the region, and a session's token is signed too.
    #[test]
    fn a_request_is_signed_with_its_headers_and_its_token() {
        let [id, secret, token] = ["AKIA", "secret", "token"].map(str::to_owned);
        let keys = Keys::new(id, secret, Some(token), "eu-west-1");
        let sent = [("idempotency-key".to_owned(), "1".to_owned())];
        let signed = keys.sign("POST", "http://127.0.0.1:4003/tenants?a=b", &sent, b"{}").unwrap();
        let header = |name: &str| {
            &signed.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("no {name}")).1
        };
        assert_eq!(header("x-amz-security-token"), "token");
        assert_eq!(header("x-amz-date").len(), "20260102T030405Z".len());
        let authorization = header("authorization");
        assert!(authorization.contains("/eu-west-1/execute-api/aws4_request"), "{authorization}");
        let names = "SignedHeaders=host;idempotency-key;x-amz-date;x-amz-security-token";
        assert!(authorization.contains(names), "{authorization}");
    }
}
