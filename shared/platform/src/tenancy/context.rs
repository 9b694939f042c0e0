//! What an authorizer answers, and the gateway hands on with each request of the token for a minute.

use std::collections::BTreeSet;

use domain::id::{TenantId, UserId};
use domain::permission::PermissionSet;
use domain::plugin::PluginName;
use domain::role::{BuiltInRole, OlderRole, Roles};
use domain::tenant::TenantStatus;
use domain::text::TierName;
use domain::tier::{Entitlements, Feature, Features, Limits, ProductQuota, RequestLimit, UserQuota};
use serde::{Deserialize, Serialize};

use super::{SessionDigest, TenantCredentials};

/// The authorizer's context for an accepted token, of an active tenant.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
pub(crate) struct AuthorizerContext {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) permissions: PermissionSet,
    /// `None` from an authorizer of an older version.
    pub(crate) session: Option<SessionDigest>,
    /// `None` from an authorizer of an older version.
    pub(crate) tier: Option<TierName>,
    pub(crate) entitlements: Entitlements,
    /// Those that are active in the tenant; none from an authorizer of an older version.
    pub(crate) plugins: BTreeSet<PluginName>,
    /// In seconds since the Unix epoch. Functions check it again, since the gateway may use a cached answer
    /// after the token has expired.
    pub(crate) expires_at: i64,
    pub(crate) credentials: TenantCredentials,
}

/// The context for a good token of a suspended tenant. It has no credentials, so no function reaches the tenant's data:
/// each can but say why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuspendedContext {
    pub(crate) tenant: TenantId,
    status: Suspended,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Suspended {
    Suspended,
}

impl SuspendedContext {
    pub(crate) fn of(tenant: TenantId) -> Self {
        Self { tenant, status: Suspended::Suspended }
    }
}

/// The context as it travels, for API Gateway passes on no objects in it. `serde(flatten)` would read each member into
/// a value first. An authorizer of an older version knows no tiers, so what it does not answer is not limited.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Flat {
    tenant: TenantId,
    user: UserId,
    /// What a function of the version before reads, and an authorizer of the version before answers alone.
    role: OlderRole,
    permissions: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<SessionDigest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier: Option<TierName>,
    #[serde(default = "active")]
    status: TenantStatus,
    #[serde(default = "most_requests")]
    request_limit: RequestLimit,
    #[serde(default = "most_users")]
    user_quota: UserQuota,
    #[serde(default = "most_products")]
    product_quota: ProductQuota,
    #[serde(default = "all_features")]
    features: String,
    #[serde(default)]
    plugins: String,
    expires_at: i64,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

fn active() -> TenantStatus {
    TenantStatus::Active
}

fn most_requests() -> RequestLimit {
    RequestLimit::MOST
}

fn most_users() -> UserQuota {
    UserQuota::MOST
}

fn most_products() -> ProductQuota {
    ProductQuota::MOST
}

fn all_features() -> String {
    Features::from_iter(Feature::ALL.iter().copied()).to_string()
}

impl TryFrom<Flat> for AuthorizerContext {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, Self::Error> {
        let Flat { tenant, user, role, permissions, session, tier, status, .. } = flat;
        let Flat {
            request_limit,
            user_quota,
            product_quota,
            features,
            plugins,
            expires_at,
            access_key_id,
            secret_access_key,
            session_token,
            ..
        } = flat;
        if status != TenantStatus::Active {
            return Err("credentials for a tenant that is not active");
        }
        let limits = Limits { requests: request_limit, users: user_quota, products: product_quota };
        let entitlements = Entitlements { limits, features: Features::named_in(&features) };
        let credentials = TenantCredentials::new(access_key_id, secret_access_key, session_token);
        let permissions = match permissions {
            Some(names) => PermissionSet::named_in(&names),
            None => Roles::from(role).built_in(),
        };
        let plugins = plugins.split(' ').filter_map(|name| name.parse().ok()).collect();
        Ok(Self { tenant, user, permissions, session, tier, entitlements, plugins, expires_at, credentials })
    }
}

impl From<AuthorizerContext> for Flat {
    fn from(context: AuthorizerContext) -> Self {
        let AuthorizerContext { tenant, user, permissions, session, tier, entitlements, .. } = context;
        let AuthorizerContext { plugins, expires_at, credentials, .. } = context;
        let plugins: Vec<&str> = plugins.iter().map(PluginName::as_str).collect();
        let Entitlements { limits: Limits { requests, users, products }, features } = entitlements;
        let (access_key_id, secret_access_key, session_token) = credentials.into_parts();
        Self {
            tenant,
            user,
            role: match BuiltInRole::Admin.permissions().is_within(permissions) {
                true => OlderRole::Admin,
                false => OlderRole::Member,
            },
            permissions: Some(permissions.to_string()),
            session,
            tier,
            status: TenantStatus::Active,
            request_limit: requests,
            user_quota: users,
            product_quota: products,
            features: features.to_string(),
            plugins: plugins.join(" "),
            expires_at,
            access_key_id,
            secret_access_key,
            session_token,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::tier::{Overrides, Tiers};
    use serde_json::{Value, json};

    use super::*;

    /// That of a tenant of the tier `free`.
    pub(crate) fn context(role: BuiltInRole, expires_at: i64) -> AuthorizerContext {
        let tier: TierName = "free".to_owned().try_into().unwrap();
        let [tenant, user] = ["ten", "usr"].map(|kind| format!("{kind}_0190b5b4a3b27c10b5a58d0a3b8a1c2d"));
        AuthorizerContext {
            tenant: tenant.parse().unwrap(),
            user: user.parse().unwrap(),
            permissions: role.permissions(),
            session: Some(SessionDigest::of("ses_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap())),
            entitlements: Tiers::initial().terms_of(&tier).with(&Overrides::default()),
            tier: Some(tier),
            plugins: BTreeSet::new(),
            expires_at,
            credentials: TenantCredentials::new("ASIA".into(), "secret".into(), "token".into()),
        }
    }

    fn read(answer: &Value) -> Result<AuthorizerContext, String> {
        serde_json::from_value(answer.clone()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_context_is_flat_and_read_as_it_was_written() {
        let flat = serde_json::to_value(context(BuiltInRole::Member, 1_000)).unwrap();
        assert_eq!(
            (&flat["tier"], &flat["status"], &flat["features"]),
            (&json!("free"), &json!("active"), &json!(""))
        );
        assert_eq!((&flat["userQuota"], &flat["productQuota"]), (&json!(10), &json!(100)));
        assert!(flat.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()));
        assert_eq!(serde_json::to_value(read(&flat).unwrap()).unwrap(), flat);
    }

    #[test]
    fn an_authorizer_of_an_older_version_limits_nothing_and_knows_one_role_and_no_session() {
        let mut flat = serde_json::to_value(context(BuiltInRole::Member, 1_000)).unwrap();
        for new in
            ["session", "tier", "status", "requestLimit", "userQuota", "productQuota", "features", "plugins"]
        {
            flat.as_object_mut().unwrap().remove(new).unwrap();
        }
        flat["role"] = json!("admin");
        flat.as_object_mut().unwrap().remove("permissions").unwrap();
        let AuthorizerContext { permissions, session, entitlements, plugins, .. } = read(&flat).unwrap();
        assert_eq!((permissions, session), (BuiltInRole::Admin.permissions(), None));
        assert_eq!(plugins, BTreeSet::new(), "no plugin is active yet");
        let Entitlements { limits, features } = entitlements;
        let most =
            Limits { requests: RequestLimit::MOST, users: UserQuota::MOST, products: ProductQuota::MOST };
        assert_eq!(limits, most);
        assert!(Feature::ALL.iter().all(|feature| features.contain(*feature)));
    }

    /// The gateway sends it with each request, in an event of which nobody promises the size.
    #[test]
    fn the_largest_context_has_2_048_characters_beside_the_credentials() {
        let mut most = context(BuiltInRole::Admin, i64::MAX);
        most.permissions = PermissionSet::all();
        most.entitlements.features = Feature::ALL.iter().copied().collect();
        let longest = PluginName::LONGEST - 1;
        most.plugins = (0..10).map(|number| format!("p{number:0>longest$}").parse().unwrap()).collect();
        most.tier = Some(format!("t{:0>19}", 0).try_into().unwrap());
        let limits =
            Limits { requests: RequestLimit::MOST, users: UserQuota::MOST, products: ProductQuota::MOST };
        most.entitlements.limits = limits;
        let mut flat = serde_json::to_value(&most).unwrap();
        assert_eq!(serde_json::to_value(read(&flat).unwrap()).unwrap(), flat);
        for secret in ["accessKeyId", "secretAccessKey", "sessionToken"] {
            flat.as_object_mut().unwrap().remove(secret).unwrap();
        }
        let length = flat.to_string().len();
        assert!(length <= 2_048, "{length}");
    }

    #[test]
    fn a_suspended_tenant_has_no_credentials() {
        let suspended = SuspendedContext::of(context(BuiltInRole::Member, 1_000).tenant);
        let flat = serde_json::to_value(&suspended).unwrap();
        assert_eq!(flat, json!({ "tenant": suspended.tenant, "status": "suspended" }));
        assert!(read(&flat).is_err());
        let mut with_credentials = serde_json::to_value(context(BuiltInRole::Member, 1_000)).unwrap();
        with_credentials["status"] = json!("suspended");
        assert!(read(&with_credentials).is_err());
        assert!(serde_json::from_value::<SuspendedContext>(with_credentials).is_err());
    }
}
