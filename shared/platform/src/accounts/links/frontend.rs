//! The pages that links lead to.

use crate::StartError;
use crate::accounts::links::LinkToken;
use crate::config::{ConfigError, required};

const VARIABLE: &str = "FRONTEND_URL";

/// The base of the frontend's URLs, from `FRONTEND_URL`: `https`, or `http` on the developer's machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontendUrl(String);

impl FrontendUrl {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self::parse(&required(VARIABLE)?)?)
    }

    fn parse(text: &str) -> Result<Self, ConfigError> {
        let is_one = |rest: &str| {
            let host = rest.split(['/', ':']).next().unwrap_or_default();
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:%".contains(&byte);
            !host.is_empty() && rest.bytes().all(is_plain)
        };
        let is_local = |rest: &str| {
            ["localhost", "127.0.0.1"].contains(&rest.split(['/', ':']).next().unwrap_or_default())
        };
        let is_good = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => is_one(rest),
            (_, Some(rest)) => is_one(rest) && is_local(rest),
            _ => false,
        };
        match is_good {
            true => Ok(Self(text.trim_end_matches('/').to_owned())),
            false => {
                Err(ConfigError::Invalid(VARIABLE, "it is no https URL and none of localhost".to_owned()))
            }
        }
    }

    /// The URL of the page with the token behind `#`: no browser sends that part to any server, nor to the next page.
    pub fn page(&self, page: &str, token: &LinkToken) -> String {
        format!("{}/{page}#{}", self.0, token.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_https_or_to_this_machine() {
        for (text, base) in [
            ("https://app.example.com", "https://app.example.com"),
            ("https://app.example.com/", "https://app.example.com"),
            ("https://app.example.com:8443/app", "https://app.example.com:8443/app"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:5173/", "http://127.0.0.1:5173"),
        ] {
            assert_eq!(FrontendUrl::parse(text).unwrap(), FrontendUrl(base.to_owned()), "{text}");
        }
        for refused in [
            "",
            "https://",
            "https:///path",
            "http://app.example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "https://app.example.com/#page",
            "https://app.example.com/?a=b",
            "https://app.example.com/\"><script>",
            "javascript:alert(1)",
            "app.example.com",
        ] {
            assert!(FrontendUrl::parse(refused).is_err(), "{refused}");
        }
    }
}
