//! The configuration of Schemathesis, and the data that it finds in the cloud.

use client::{eventually, id};
use tests::{World, workspace};

use crate::role::{Ids, Role};

const SETTINGS: &str = r#"
[cache]
enabled = false

[generation]
database = "none"

[warnings]
fail-on = ["unsupported_regex", "unresolvable_reference"]

# API Gateway responds with 404 to a method that a path does not have. This cannot be configured.
[checks.unsupported_method]
enabled = false

# A request that is valid by the document can still be refused because of the state, such as one with an unknown id.
[checks.positive_data_acceptance]
enabled = false

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 409, 412, 413, 415, 422, 428]

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 422, 428]

[phases.coverage]
unexpected-methods = []
"#;

const CHECK: &str = "[checks.missing_required_header]\n";

/// Creates resources of each kind in a tenant and signs in as the role. Returns the configuration and the access token.
pub(crate) fn prepare(role: Role, ids: Ids, world: &World) -> (String, Option<String>) {
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = member.place_order(&product, 2);
    tenant.settled_order();
    let notification =
        eventually("a notification arrives", || tenant.admin.notifications()["items"].get(0).cloned());
    let token = match role {
        Role::Anyone | Role::Operator => None,
        Role::Member => Some(member.token.clone()),
        Role::Admin => Some(tenant.token.clone()),
    };
    let headers = match (role, &token) {
        (Role::Operator, _) => {
            format!("hooks = {:?}\n", workspace::root().join("infra/contract_fuzz/signing.py"))
        }
        (_, Some(token)) => {
            let tenant = &tenant.id;
            format!("headers = {{ Authorization = \"Bearer {token}\", x-tenant-id = \"{tenant}\" }}\n")
        }
        (_, None) => String::new(),
    };
    let known = [
        ("^/products/\\\\{id\\\\}", id(&product)),
        ("^/orders/\\\\{id\\\\}", id(&order)),
        ("^/users/\\\\{id\\\\}", member.id.as_str()),
        ("^/notifications/\\\\{id\\\\}", id(&notification)),
    ];
    // Ids that Schemathesis finds in answers are among those that it makes up, and a run must not end its own session.
    let of_others = [
        ("^/users/\\\\{id\\\\}/sessions", member.id.as_str()),
        ("^/me/sessions/\\\\{id\\\\}", "ses_0190b5b4a3b27c10b5a58d0a3b8a1c2d"),
    ];
    let given = |(paths, id): &(&str, &str)| {
        format!(
            "\n[[operations]]\ninclude-path-regex = \"{paths}\"\nparameters = {{ \"path.id\" = \"{id}\" }}\n"
        )
    };
    let known = known.iter().filter(|_| ids == Ids::Known).chain(&of_others).map(given).collect::<String>();
    let settings = match role {
        // The hook signs a request that was to lack its signature, too.
        Role::Operator => SETTINGS.replace(CHECK, &format!("{CHECK}enabled = false\n")),
        _ => SETTINGS.to_owned(),
    };
    (format!("{headers}{settings}{known}"), token)
}

/// The keys with which the hook signs requests, in the environment.
pub(crate) fn signing(role: Role, world: &World) -> Vec<(&'static str, String)> {
    let Some(keys) = world.cloud().profile("operator").filter(|_| role == Role::Operator) else {
        return Vec::new();
    };
    let token = keys.session_token.map(|token| ("AWS_SESSION_TOKEN", token));
    let keys = [
        ("AWS_ACCESS_KEY_ID", keys.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key),
        ("AWS_REGION", cloud::model::REGION.to_owned()),
    ];
    keys.into_iter().chain(token).collect()
}
