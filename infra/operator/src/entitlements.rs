//! What a tenant or a tier may have, and what it would lose by a change. Who takes something away confirms it.

use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) const LIMITS: [&str; 3] = ["requests", "users", "products"];

/// The limits and features in force. What has no number has no limit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Entitlements<'a> {
    limits: [Option<u64>; 3],
    features: BTreeSet<&'a str>,
}

impl<'a> Entitlements<'a> {
    /// Those of a tier, as the list of all tiers shows it.
    pub(crate) fn of_tier(tier: &'a Value) -> Entitlements<'a> {
        Entitlements { limits: LIMITS.map(|name| tier[name].as_u64()), features: names(&tier["features"]) }
    }

    /// Those of a tenant, as its view shows it.
    pub(crate) fn of_tenant(tenant: &'a Value) -> Entitlements<'a> {
        let limits = LIMITS.map(|name| tenant["limits"][name].as_u64());
        Entitlements { limits, features: names(&tenant["features"]) }
    }

    /// Those of a tenant after a change of it: its own, and the tier's where it has none. None if the list does not
    /// have the tier; then the API refuses the change.
    pub(crate) fn after(tenant: &'a Value, tiers: &'a Value, change: &'a Value) -> Option<Entitlements<'a>> {
        let tier = change["tier"].as_str().or(tenant["tier"].as_str())?;
        let tier = tiers.as_array()?.iter().find(|known| known["name"] == tier)?;
        let limits = LIMITS.map(|name| own(tenant, change, "limits", name).unwrap_or(&tier[name]).as_u64());
        let mut features = names(&tier["features"]);
        for (name, _) in members(&tenant["overrides"]["features"]).chain(members(&change["features"])) {
            match own(tenant, change, "features", name).and_then(Value::as_bool) {
                Some(true) => features.insert(name),
                Some(false) => features.remove(name),
                None => false,
            };
        }
        Some(Entitlements { limits, features })
    }

    /// A line for each limit that falls and each feature that goes.
    pub(crate) fn lost(&self, after: &Entitlements<'_>) -> Vec<String> {
        let limits = LIMITS.iter().zip(self.limits.iter().zip(after.limits));
        let fallen = limits.filter_map(|(name, (before, after))| {
            let after = after.filter(|after| before.is_none_or(|before| *after < before))?;
            let before = before.map_or("no limit".to_owned(), |before| before.to_string());
            Some(format!("{name}: {before} -> {after}"))
        });
        let gone = self.features.difference(&after.features).map(|name| format!("{name}: on -> off"));
        fallen.chain(gone).collect()
    }
}

fn names(features: &Value) -> BTreeSet<&str> {
    features.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn members(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// The tenant's own value after the change.
fn own<'a>(tenant: &'a Value, change: &'a Value, section: &str, name: &str) -> Option<&'a Value> {
    let own = change[section].get(name).or_else(|| tenant["overrides"][section].get(name));
    own.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lost(change: &Value) -> Option<Vec<String>> {
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
        Some(Entitlements::of_tenant(&tenant).lost(&Entitlements::after(&tenant, &tiers, change)?))
    }

    fn lines(lines: &[&str]) -> Option<Vec<String>> {
        Some(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    #[test]
    fn a_lower_tier_takes_all_that_is_not_the_tenant_s_own() {
        assert_eq!(lost(&json!({ "tier": "free" })), lines(&["requests: 5000 -> 500", "audit: on -> off"]));
        let kept = json!({ "tier": "free", "limits": { "requests": 5000 }, "features": { "audit": true } });
        assert_eq!(lost(&kept), lines(&[]));
        assert_eq!(lost(&json!({ "tier": "unheard" })), None);
    }

    #[test]
    fn lower_limits_and_features_switched_off_are_lost_and_higher_ones_are_not() {
        let limits = |name: &str, value: Value| lost(&json!({ "limits": { name: value } }));
        assert_eq!(limits("requests", json!(10)), lines(&["requests: 5000 -> 10"]));
        assert_eq!(limits("users", Value::Null), lines(&["users: 70 -> 50"]));
        assert_eq!(limits("requests", json!(5000)), lines(&[]));
        assert_eq!(limits("products", json!(101)), lines(&[]));
        assert_eq!(lost(&json!({ "features": { "audit": false } })), lines(&["audit: on -> off"]));
        assert_eq!(lost(&json!({ "features": { "audit": null } })), lines(&[]));
    }
}
