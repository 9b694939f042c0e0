use serde_json::json;

use super::*;

fn name(text: &str) -> TierName {
    text.to_owned().try_into().unwrap()
}

#[test]
fn a_tier_includes_what_its_terms_say_and_the_tenant_s_overrides_go_first() {
    let tiers = Tiers::initial();
    let free = tiers.terms_of(&name("free"));
    assert!(!free.with(&Overrides::default()).features.contain(Feature::Audit));
    let mut overrides = Overrides { requests: Some(RequestLimit::of(50)), ..Overrides::default() };
    overrides.features.set(Feature::Audit, Some(true));
    let Entitlements { limits, features } = free.with(&overrides);
    assert_eq!(limits, Limits { requests: RequestLimit::of(50), ..free.limits });
    assert!(features.contain(Feature::Audit));

    let pro = tiers.terms_of(&name("pro"));
    overrides.features.set(Feature::Audit, Some(false));
    assert!(!pro.with(&overrides).features.contain(Feature::Audit));
    overrides.features.set(Feature::Audit, None);
    assert!(pro.with(&overrides).features.contain(Feature::Audit));
}

#[test]
fn a_tier_that_is_missing_is_taken_for_the_least() {
    let tiers = Tiers::initial();
    assert_eq!(tiers.terms_of(&name("gold")), tiers.terms_of(&name("free")));
    let refused = tiers.require(&name("gold")).unwrap_err();
    assert_eq!(refused.to_string(), "must be one of: enterprise, free, pro");
    assert_eq!(tiers.require(&name("pro")), Ok(()));
}

#[test]
fn what_is_stored_is_read_as_it_was_written_but_for_features_of_a_newer_version() {
    let tiers = Tiers::initial();
    let mut stored = serde_json::to_value(&tiers).unwrap();
    assert_eq!(serde_json::from_value::<Tiers>(stored.clone()).unwrap(), tiers);
    stored["pro"]["features"] = json!(["audit", "time-travel", "comments"]);
    assert_eq!(serde_json::from_value::<Tiers>(stored).unwrap(), tiers);

    let overrides: Overrides =
        serde_json::from_value(json!({ "features": { "audit": false, "time-travel": true } })).unwrap();
    assert_eq!(serde_json::to_value(&overrides).unwrap(), json!({ "features": { "audit": false } }));
    assert_eq!(serde_json::to_value(Overrides::default()).unwrap(), json!({}));
    assert_eq!(Features::named_in("time-travel audit").to_string(), "audit");
    assert_eq!(Features::named_in(""), Features::default());
}

/// An item of 4 KB is read for half a unit.
#[test]
fn all_tiers_fit_into_half_a_read_unit() {
    let terms = Terms {
        limits: Limits { requests: RequestLimit::MOST, users: UserQuota::MOST, products: ProductQuota::MOST },
        features: Feature::ALL.iter().copied().collect(),
        price: Money::of_euro_cents(1_000_000_000_000),
    };
    let longest = |number: usize| name(&format!("t{number:0>19}"));
    let tiers = Tiers((0..Tiers::MOST).map(|number| (longest(number), terms.clone())).collect());
    let size = serde_json::to_string(&tiers).unwrap().len();
    assert!(size < 4_000, "{size}");
}
