//! What a tenant would lose by a change. Who takes something away confirms it.

use serde_json::Value;

const LIMITS: [&str; 3] = ["requests", "users", "products"];

/// A line for each limit that falls and each feature that goes. `tenant` is the view of it, `tiers` the list of all, and
/// `change` the body of the PATCH.
///
/// Where the new value cannot be told, because the tier is unknown, the API refuses the change and nothing is lost.
pub(super) fn losses(tenant: &Value, tiers: &Value, change: &Value) -> Vec<String> {
    let tier = change["tier"].as_str().or(tenant["tier"].as_str()).unwrap_or_default();
    let Some(tier) = tiers.as_array().into_iter().flatten().find(|known| known["name"] == tier) else {
        return Vec::new();
    };
    let limits = LIMITS.iter().filter_map(|name| {
        let before = tenant["limits"][name].as_u64();
        let after = chosen(tenant, change, "limits", name).unwrap_or(&tier[name]).as_u64();
        let falls = match (before, after) {
            (Some(before), Some(after)) => after < before,
            // Without a number there is no limit.
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let number = |limit: Option<u64>| limit.map_or("no limit".to_owned(), |limit| limit.to_string());
        falls.then(|| format!("{name}: {} -> {}", number(before), number(after)))
    });
    let features = tenant["features"].as_array().into_iter().flatten().filter_map(|feature| {
        let name = feature.as_str()?;
        let of_tier = tier["features"].as_array().is_some_and(|features| features.contains(feature));
        let stays = chosen(tenant, change, "features", name).and_then(Value::as_bool).unwrap_or(of_tier);
        (!stays).then(|| format!("{name}: on -> off"))
    });
    limits.chain(features).collect()
}

/// The tenant's own value after the change; none if the tier's counts.
fn chosen<'a>(tenant: &'a Value, change: &'a Value, section: &str, name: &str) -> Option<&'a Value> {
    let own = change[section].get(name).or_else(|| tenant["overrides"][section].get(name));
    own.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(change: &Value) -> Vec<String> {
        let tiers = json!([
            { "name": "free", "requests": 500, "users": 5, "products": 100, "features": [] },
            { "name": "pro", "requests": 5000, "users": 50, "products": 100, "features": ["audit"] },
        ]);
        let tenant = json!({
            "tier": "pro",
            "limits": { "requests": 5000, "users": 70, "products": 100 },
            "features": ["audit"],
            "overrides": { "limits": { "users": 70 }, "features": {} },
        });
        losses(&tenant, &tiers, change)
    }

    #[test]
    fn a_lower_tier_takes_all_that_is_not_the_tenant_s_own() {
        assert_eq!(of(&json!({ "tier": "free" })), ["requests: 5000 -> 500", "audit: on -> off"]);
        let kept = json!({ "tier": "free", "limits": { "requests": 5000 }, "features": { "audit": true } });
        assert!(of(&kept).is_empty());
        assert!(of(&json!({ "tier": "unheard" })).is_empty());
    }

    #[test]
    fn lower_limits_and_features_switched_off_are_lost_and_higher_ones_are_not() {
        let limits = |name: &str, value: Value| of(&json!({ "limits": { name: value } }));
        assert_eq!(limits("requests", json!(10)), ["requests: 5000 -> 10"]);
        assert_eq!(limits("users", Value::Null), ["users: 70 -> 50"]);
        assert!(limits("requests", json!(5000)).is_empty() && limits("products", json!(101)).is_empty());
        assert_eq!(of(&json!({ "features": { "audit": false } })), ["audit: on -> off"]);
        assert!(of(&json!({ "features": { "audit": null } })).is_empty());
    }
}
