use domain::permission::Permission;
use domain::role::BuiltInRole;
use domain::tier::Feature;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use super::*;
use crate::http::ProblemType;
use crate::http::authorized::Authorized;
use crate::tenancy::tests::context;
use crate::testing;

const MANIFEST: Manifest = Manifest { feature: Some(Feature::Comments), ..testing::MANIFEST };
const ROUTE: Route<TenantMember> =
    Route::get("/comments", TenantMember::holding(Permission::UsersManage)).of_plugin(&MANIFEST);

/// The refusal of a user of a tenant with these plugins and features.
fn refused(
    role: BuiltInRole,
    plugins: &[&str],
    features: &[Feature],
    tenant: Option<&str>,
) -> Option<ProblemType> {
    let mut context = context(role, 2_000);
    context.plugins = plugins.iter().map(|name| name.parse().unwrap()).collect();
    context.entitlements.features = features.iter().copied().collect();
    let user = Authorized::User(Box::new(context));
    let mut headers = HeaderMap::new();
    if let Some(tenant) = tenant {
        headers.insert("x-tenant-id", HeaderValue::from_str(tenant).unwrap());
    }
    let now = Timestamp::from_second(1_000).unwrap();
    let request = Credentials { headers: &headers, authorized: Some(&user), now };
    let caller = TenantMember::identify(&request).unwrap();
    permit(&ROUTE, &caller, &request).err().map(|problem| problem.kind())
}

#[test]
fn a_route_of_a_plugin_is_not_there_until_the_plugin_is_active() {
    let (admin, member) = (BuiltInRole::Admin, BuiltInRole::Member);
    let feature = &[Feature::Comments];
    assert_eq!(refused(admin, &["comments"], feature, None), None);
    for others in [&[][..], &["comment"], &["digest"]] {
        assert_eq!(refused(admin, others, feature, None), Some(ProblemType::NotFound));
        // Who may not call it is not told more than others.
        assert_eq!(refused(member, others, &[], None), Some(ProblemType::NotFound));
    }
    assert_eq!(refused(member, &["comments", "digest"], feature, None), Some(ProblemType::Forbidden));
    assert_eq!(refused(admin, &["comments"], &[Feature::Audit], None), Some(ProblemType::FeatureNotIncluded));
    let other = Some("ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e");
    assert_eq!(refused(admin, &[], feature, other), Some(ProblemType::Forbidden));
}
