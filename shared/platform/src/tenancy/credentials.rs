//! The credentials that come with a request.

use std::fmt;

use aws_credential_types::Credentials;

/// The keys of a session that reaches the items of one tenant, in one class of access.
///
/// They travel from the authorizer to the function in the gateway's event. No text shows them:
///
/// ```compile_fail,E0603
/// use platform::tenancy::TenantCredentials;
/// ```
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TenantCredentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

impl TenantCredentials {
    pub(crate) fn new(access_key_id: String, secret_access_key: String, session_token: String) -> Self {
        Self { access_key_id, secret_access_key, session_token }
    }

    /// It names the session, and is no secret.
    pub(crate) fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Access key id, secret access key and session token.
    pub(crate) fn into_parts(self) -> (String, String, String) {
        (self.access_key_id, self.secret_access_key, self.session_token)
    }

    pub(crate) fn to_sdk(&self) -> Credentials {
        let Self { access_key_id, secret_access_key, session_token } = self.clone();
        Credentials::new(access_key_id, secret_access_key, Some(session_token), None, "tenant")
    }
}

impl fmt::Debug for TenantCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TenantCredentials(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_them_is_shown() {
        let credentials = TenantCredentials::new("ASIAKEY".into(), "secret".into(), "token".into());
        assert_eq!(format!("{credentials:?}"), "TenantCredentials(…)");
    }
}
