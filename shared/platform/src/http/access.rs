//! Access: who may call a route, and how the caller is identified.

use std::collections::BTreeSet;

use domain::id::TenantId;
use domain::operator::OperatorPrincipal;
use domain::permission::{Permission, PermissionSet};
use domain::plugin::PluginName;
use domain::tier::Entitlements;
use http::HeaderMap;

use crate::http::Problem;
use crate::http::authorized::Authorized;
use crate::metering::charge;
use crate::tenancy::{AuthorizerContext, Principal, SuspendedContext, Tenant, TenantCredentials};

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
#[serde(tag = "kind", content = "permissions", rename_all = "camelCase")]
pub enum RequiredAccess {
    Anyone,
    Operator,
    /// A user of a tenant, who holds one of these permissions; anyone of the tenant if there are none.
    Tenant(PermissionSet),
}

/// The parts of a request that identify its caller.
pub struct Credentials<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// `None` on a route without an authorizer.
    pub(crate) authorized: Option<&'a Authorized>,
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

/// Open to operators, on an API whose routes take `AWS_IAM`. The gateway has verified the request's signature, and
/// IAM's policies say who may call which route.
#[derive(Clone, Copy)]
pub struct Operator;

impl Access for Operator {
    type Principal = OperatorPrincipal;

    fn required_access(&self) -> RequiredAccess {
        RequiredAccess::Operator
    }

    fn authorize(&self, request: &Credentials<'_>) -> Result<OperatorPrincipal, Problem> {
        match request.authorized {
            Some(Authorized::Operator(principal)) => Ok(principal.clone()),
            Some(Authorized::User(_) | Authorized::Suspended(_)) | None => {
                Err(Problem::unauthorized("Sign the request with AWS Signature Version 4, as an operator."))
            }
        }
    }
}

/// Open to the users of a tenant: to all, or to those who hold a permission.
#[derive(Clone, Copy)]
pub struct TenantMember(PermissionSet);

impl TenantMember {
    /// For what users do for themselves.
    pub const ANY: Self = Self(PermissionSet::NONE);

    pub const fn holding(permission: Permission) -> Self {
        Self(PermissionSet::of(&[permission]))
    }

    /// For a route on which one's own things and those of others are reached by different permissions. The handler asks
    /// which of them the user holds.
    pub const fn holding_either(one: Permission, other: Permission) -> Self {
        Self(PermissionSet::of(&[one, other]))
    }
}

/// A signed-in user, with the credentials for the data of the user's tenant.
#[derive(Debug)]
pub struct SignedIn {
    pub(crate) principal: Principal,
    pub(crate) entitlements: Entitlements,
    /// Those that are active in the tenant.
    pub(crate) plugins: BTreeSet<PluginName>,
    pub(crate) credentials: TenantCredentials,
}

impl Access for TenantMember {
    type Principal = SignedIn;

    fn required_access(&self) -> RequiredAccess {
        RequiredAccess::Tenant(self.0)
    }

    fn authorize(&self, request: &Credentials<'_>) -> Result<SignedIn, Problem> {
        let caller = Self::identify(request)?;
        Self::agree(&caller, request)?;
        self.permit(&caller)?;
        Ok(caller)
    }
}

impl TenantMember {
    /// Whose token it is, whatever the route demands.
    pub(crate) fn identify(request: &Credentials<'_>) -> Result<SignedIn, Problem> {
        let context = match request.authorized {
            Some(Authorized::User(context)) => context,
            Some(Authorized::Suspended(SuspendedContext { tenant, .. })) => {
                charge(*tenant);
                require_agreement(request.headers, *tenant)?;
                return Err(Problem::tenant_suspended());
            }
            Some(Authorized::Operator(_)) | None => {
                return Err(Problem::unauthorized("Sign in and send the token as a bearer token."));
            }
        };
        if context.expires_at <= request.now.as_second() {
            return Err(Problem::unauthorized("The token has expired; sign in again."));
        }
        let AuthorizerContext {
            tenant, user, permissions, session, entitlements, plugins, credentials, ..
        } = AuthorizerContext::clone(context);
        let principal = Principal { tenant: Tenant::from_authorizer(tenant), user, permissions, session };
        Ok(SignedIn { principal, entitlements, plugins, credentials })
    }

    /// That the request names no other tenant than the token.
    pub(crate) fn agree(caller: &SignedIn, request: &Credentials<'_>) -> Result<(), Problem> {
        require_agreement(request.headers, caller.principal.tenant())
    }

    pub(crate) fn permit(&self, caller: &SignedIn) -> Result<(), Problem> {
        match self.0.is_empty() || self.0.meets(caller.principal.permissions) {
            true => Ok(()),
            false => Err(Problem::lacks(self.0)),
        }
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
    use domain::role::BuiltInRole;
    use http::HeaderValue;
    use jiff::Timestamp;

    use super::*;
    use crate::http::ProblemType;
    use crate::tenancy::tests::context;

    const TENANT: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    const OTHER: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e";

    const ADMINS: TenantMember = TenantMember::holding(Permission::UsersManage);

    fn authorize(
        required: TenantMember,
        role: BuiltInRole,
        expires_at: i64,
        tenants: &[&str],
    ) -> Result<SignedIn, Problem> {
        let mut headers = HeaderMap::new();
        for tenant in tenants {
            headers.append("x-tenant-id", HeaderValue::from_str(tenant).unwrap());
        }
        required.authorize(&credentials(&headers, Some(&user(role, expires_at))))
    }

    fn user(role: BuiltInRole, expires_at: i64) -> Authorized {
        Authorized::User(Box::new(context(role, expires_at)))
    }

    fn operator() -> OperatorPrincipal {
        "arn:aws:iam::123456789012:user/ada".to_owned().try_into().unwrap()
    }

    fn credentials<'a>(headers: &'a HeaderMap, authorized: Option<&'a Authorized>) -> Credentials<'a> {
        Credentials { headers, authorized, now: Timestamp::from_second(1_000).unwrap() }
    }

    #[test]
    fn a_user_is_authorized_up_to_the_permissions_and_the_token_s_end() {
        assert!(authorize(TenantMember::ANY, BuiltInRole::Member, 1_001, &[]).is_ok());
        assert!(authorize(ADMINS, BuiltInRole::Admin, 1_001, &[TENANT]).is_ok());
        let either = TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersRead);
        assert!(authorize(either, BuiltInRole::Member, 1_001, &[]).is_ok());
        let refused = authorize(ADMINS, BuiltInRole::Member, 1_001, &[]).unwrap_err();
        assert_eq!(refused.status(), 403);
        assert!(refused.document("").contains("the permission users:manage; ask"));
        assert_eq!(authorize(TenantMember::ANY, BuiltInRole::Member, 1_000, &[]).unwrap_err().status(), 401);
    }

    #[test]
    fn the_tenant_header_agrees_or_is_refused() {
        let both = format!("{TENANT},{TENANT}");
        for refused in [&[OTHER][..], &[TENANT, TENANT], &[both.as_str()], &[""], &[TENANT, OTHER]] {
            assert_eq!(
                authorize(TenantMember::ANY, BuiltInRole::Admin, 1_001, refused).unwrap_err().status(),
                403,
                "{refused:?}"
            );
        }
    }

    #[test]
    fn a_route_of_a_tenant_refuses_who_is_no_user() {
        let headers = HeaderMap::new();
        for other in [None, Some(&Authorized::Operator(operator()))] {
            let refusal = TenantMember::ANY.authorize(&credentials(&headers, other));
            assert_eq!(refusal.unwrap_err().status(), 401);
        }
    }

    #[test]
    fn a_user_of_a_suspended_tenant_is_told_so_and_no_other_tenant_is_named() {
        let suspended = Authorized::Suspended(SuspendedContext::of(TENANT.parse().unwrap()));
        let kind_for = |tenant: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.extend(tenant.map(|tenant| {
                (http::HeaderName::from_static("x-tenant-id"), HeaderValue::from_static(tenant))
            }));
            let refusal = TenantMember::ANY.authorize(&credentials(&headers, Some(&suspended)));
            refusal.unwrap_err().kind()
        };
        assert_eq!(kind_for(None), ProblemType::TenantSuspended);
        assert_eq!(kind_for(Some(TENANT)), ProblemType::TenantSuspended);
        assert_eq!(kind_for(Some(OTHER)), ProblemType::Forbidden);
        let refusal = Operator.authorize(&credentials(&HeaderMap::new(), Some(&suspended)));
        assert_eq!(refusal.unwrap_err().status(), 401);
    }

    #[test]
    fn a_route_of_operators_refuses_who_is_none() {
        let headers = HeaderMap::new();
        let authorize = |authorized: Option<&Authorized>| {
            Operator.authorize(&credentials(&headers, authorized)).map_err(|refusal| refusal.status())
        };
        assert_eq!(authorize(Some(&Authorized::Operator(operator()))), Ok(operator()));
        assert_eq!(authorize(Some(&user(BuiltInRole::Admin, 2_000))), Err(401));
        assert_eq!(authorize(None), Err(401));
    }
}
