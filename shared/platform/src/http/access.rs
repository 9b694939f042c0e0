//! Access: who may call a route, and how the caller is identified.

use domain::id::TenantId;
use domain::tenant::RequestLimit;
use domain::user::Role;
use http::HeaderMap;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::required;
use crate::hex::hex;
use crate::http::Problem;
use crate::tenancy::{AuthorizerContext, Principal, Tenant, TenantCredentials};

/// Who may call a route.
pub trait Access: Copy + Send + Sync + 'static {
    type Principal: Send;

    /// The requirement as data, for the contract and for caches.
    fn required_access(&self) -> RequiredAccess;

    /// Fails with 401 for a caller who is not identified, and with 403 for one who may not call the route.
    fn authorize(&self, request: &Credentials<'_>) -> Result<Self::Principal, Problem>;
}

/// The access that a route requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "role", rename_all = "camelCase")]
pub enum RequiredAccess {
    Anyone,
    Operator,
    /// A user of a tenant, who has at least this role.
    Tenant(Role),
}

/// The parts of a request that identify its caller.
pub struct Credentials<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// The authorizer's context; `None` on a route without an authorizer.
    pub(crate) authorizer: Option<&'a AuthorizerContext>,
    pub(crate) now: jiff::Timestamp,
}

/// Open to all.
#[derive(Clone, Copy)]
pub struct Anyone;

impl Access for Anyone {
    type Principal = ();

    fn required_access(&self) -> RequiredAccess {
        RequiredAccess::Anyone
    }

    fn authorize(&self, _request: &Credentials<'_>) -> Result<(), Problem> {
        Ok(())
    }
}

/// Open to callers who know the operator key.
#[derive(Clone, Copy)]
pub struct OperatorKey;

impl Access for OperatorKey {
    type Principal = ();

    fn required_access(&self) -> RequiredAccess {
        RequiredAccess::Operator
    }

    fn authorize(&self, request: &Credentials<'_>) -> Result<(), Problem> {
        let expected = required("OPERATOR_KEY_SHA256").map_err(Problem::internal)?;
        let sent = request
            .headers
            .get("x-operator-key")
            .ok_or_else(|| Problem::unauthorized("Send the operator key as x-operator-key."))?;
        let digest = hex(&Sha256::digest(sent.as_bytes()));
        if bool::from(digest.as_bytes().ct_eq(expected.as_bytes())) {
            Ok(())
        } else {
            Err(Problem::unauthorized("The operator key is not right."))
        }
    }
}

/// Open to the users of a tenant who have at least this role.
#[derive(Clone, Copy)]
pub struct TenantMember(pub Role);

/// A signed-in user, with the credentials for the data of the user's tenant.
#[derive(Debug)]
pub struct SignedIn {
    pub(crate) principal: Principal,
    pub(crate) request_limit: RequestLimit,
    pub(crate) credentials: TenantCredentials,
}

impl Access for TenantMember {
    type Principal = SignedIn;

    fn required_access(&self) -> RequiredAccess {
        RequiredAccess::Tenant(self.0)
    }

    fn authorize(&self, request: &Credentials<'_>) -> Result<SignedIn, Problem> {
        let context = request
            .authorizer
            .ok_or_else(|| Problem::unauthorized("Sign in and send the token as a bearer token."))?;
        if context.expires_at <= request.now.as_second() {
            return Err(Problem::unauthorized("The token has expired; sign in again."));
        }
        require_agreement(request.headers, context.tenant)?;
        if !context.role.allows(self.0) {
            return Err(Problem::forbidden(
                "This needs the role of an admin; ask one of your tenant's admins.",
            ));
        }
        let AuthorizerContext { tenant, user, role, request_limit, ref credentials, .. } = *context;
        let principal = Principal { tenant: Tenant::from_authorizer(tenant), user, role };
        Ok(SignedIn { principal, request_limit, credentials: credentials.clone() })
    }
}

/// `x-tenant-id` is optional; when sent, it is sent once and names the token's tenant.
fn require_agreement(headers: &HeaderMap, tenant: TenantId) -> Result<(), Problem> {
    let mut sent = headers.get_all("x-tenant-id").iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(()),
        // API Gateway joins repeated headers with a comma, which no tenant id contains.
        (Some(one), None) if one.as_bytes() == tenant.to_string().as_bytes() => Ok(()),
        _ => Err(Problem::forbidden("Send x-tenant-id once, with the tenant of the token, or leave it out.")),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use jiff::Timestamp;

    use super::*;

    const TENANT: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    const OTHER: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e";

    fn authorize(required: Role, role: Role, expires_at: i64, tenants: &[&str]) -> Result<SignedIn, Problem> {
        let mut headers = HeaderMap::new();
        for tenant in tenants {
            headers.append("x-tenant-id", HeaderValue::from_str(tenant).unwrap());
        }
        TenantMember(required).authorize(&Credentials {
            headers: &headers,
            authorizer: Some(&AuthorizerContext {
                tenant: TENANT.parse().unwrap(),
                user: "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap(),
                role,
                request_limit: RequestLimit::LEAST,
                expires_at,
                credentials: TenantCredentials::new("ASIA".into(), "secret".into(), "token".into()),
            }),
            now: Timestamp::from_second(1_000).unwrap(),
        })
    }

    #[test]
    fn a_member_is_authorized_up_to_the_role_and_the_token_s_end() {
        assert!(authorize(Role::Member, Role::Member, 1_001, &[]).is_ok());
        assert!(authorize(Role::Member, Role::Admin, 1_001, &[TENANT]).is_ok());
        assert_eq!(authorize(Role::Admin, Role::Member, 1_001, &[]).unwrap_err().status(), 403);
        assert_eq!(authorize(Role::Member, Role::Member, 1_000, &[]).unwrap_err().status(), 401);
    }

    #[test]
    fn the_tenant_header_agrees_or_is_refused() {
        let both = format!("{TENANT},{TENANT}");
        for refused in [&[OTHER][..], &[TENANT, TENANT], &[both.as_str()], &[""], &[TENANT, OTHER]] {
            assert_eq!(
                authorize(Role::Member, Role::Admin, 1_001, refused).unwrap_err().status(),
                403,
                "{refused:?}"
            );
        }
    }

    #[test]
    fn a_route_of_a_tenant_refuses_a_request_without_authorizer() {
        let headers = HeaderMap::new();
        let refusal = TenantMember(Role::Member).authorize(&Credentials {
            headers: &headers,
            authorizer: None,
            now: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(refusal.unwrap_err().status(), 401);
    }
}
