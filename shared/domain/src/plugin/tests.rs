use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;
use crate::event::{Event, EventType};
use crate::id::TenantId;
use crate::registration::Registration;
use crate::tenant::TenantProfile;
use crate::tier::{Features, Overrides};
use crate::{Actor, Stamp};

const COMMENTS: Manifest = Manifest {
    name: PluginName::of("comments"),
    release: Release::of(1, 0, 0),
    title: "Comments",
    needs: &[],
    permissions: &[],
    feature: Some(Feature::Comments),
    configuration: ConfigurationType::of::<Wanted>(),
};
const DIGEST: Manifest = Manifest {
    name: PluginName::of("digest"),
    needs: &[COMMENTS.name],
    feature: None,
    configuration: ConfigurationType::NONE,
    ..COMMENTS
};

#[derive(Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    days: u32,
    words: Vec<String>,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { days: 30, words: Vec::new() }
    }
}

impl Configuration for Wanted {
    const VERSION: u32 = 3;

    /// The first form had weeks, and the second one a single word.
    fn upcast(version: u32, mut stored: Value) -> Value {
        match version {
            1 => json!({ "days": stored["weeks"].as_u64().unwrap() * 7, "word": stored["word"] }),
            _ => {
                let word = stored.as_object_mut().unwrap().remove("word").unwrap();
                stored["words"] = json!([word]);
                stored
            }
        }
    }
}

fn at(seconds: i64) -> Stamp {
    let start: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
    Stamp { at: start + SignedDuration::from_secs(seconds), by: Actor::Platform }
}

fn tenant() -> TenantProfile {
    TenantProfile {
        id: TenantId::from_uuid(uuid::Uuid::nil()),
        name: "Acme".to_owned().try_into().unwrap(),
        slug: "acme".to_owned().try_into().unwrap(),
        tier: "pro".to_owned().try_into().unwrap(),
        suspension: None,
        overrides: Overrides::default(),
        registration: Registration::default(),
        plugins: Plugins::default(),
    }
}

/// The types of the events, and the tenant after them.
type Changed = (Vec<&'static str>, TenantProfile);

fn change(tenant: &TenantProfile, change: PluginChange<'_>, seconds: i64) -> Result<Changed, PluginRefusal> {
    let features = Features::from_iter([Feature::Comments]);
    let decision = tenant.change_plugin(&[&COMMENTS, &DIGEST], &features, change, at(seconds))?;
    Ok((decision.events.iter().map(|event| event.event_type().as_str()).collect(), decision.next))
}

const fn set(manifest: &Manifest, activate: bool) -> PluginChange<'_> {
    PluginChange { manifest, activate, configures: false }
}

/// A tenant in which comments are active since second 0.
fn commenting() -> TenantProfile {
    change(&tenant(), set(&COMMENTS, true), 0).unwrap().1
}

#[test]
fn names_and_releases_are_read_in_one_spelling() {
    for text in ["comments", "a1", "seo-for-posts", "abcdefghijklmnopqrstuvwxyz0123"] {
        assert_eq!(text.parse::<PluginName>().unwrap().to_string(), text);
    }
    let long = "abcdefghijklmnopqrstuvwxyz01234";
    for text in ["", "a", "Comments", "1st", "-a", "a-", "a--b", "a_b", "a b", "ä1", long] {
        assert!(text.parse::<PluginName>().is_err(), "{text}");
    }
    assert!("ab" < "ab-c" && name("ab") < name("ab-c") && name("ab-c") < name("bb"));
    for text in ["0.0.0", "1.0.2", "65535.1.1"] {
        assert_eq!(text.parse::<Release>().unwrap().to_string(), text);
    }
    for text in ["", "1", "1.0", "1.0.0.0", "01.0.0", "+1.0.0", "1.0.x", "65536.0.0", " 1.0.0"] {
        assert!(text.parse::<Release>().is_err(), "{text}");
    }
}

fn name(text: &str) -> PluginName {
    text.parse().unwrap()
}

#[test]
fn a_plugin_is_activated_deactivated_and_activated_again() {
    let (events, active) = change(&tenant(), set(&COMMENTS, true), 0).unwrap();
    assert_eq!(events, ["plugin.activated"]);
    let state = *active.plugins.get(COMMENTS.name).unwrap();
    assert_eq!((state.is_active, state.since, state.installed), (true, at(0).at, COMMENTS.release));
    assert_eq!(active.plugins.active(), [COMMENTS.name].into());
    // It is so already.
    assert_eq!(change(&active, set(&COMMENTS, true), 5), Ok((vec![], active.clone())));
    let (events, inactive) = change(&active, set(&COMMENTS, false), 10).unwrap();
    assert_eq!(events, ["plugin.deactivated"]);
    let state = *inactive.plugins.get(COMMENTS.name).unwrap();
    assert_eq!((state.is_active, state.since, state.installed), (false, at(10).at, COMMENTS.release));
    assert!(inactive.plugins.is_installed(COMMENTS.name) && !inactive.plugins.is_active(COMMENTS.name));
    assert_eq!(change(&inactive, set(&COMMENTS, false), 15), Ok((vec![], inactive.clone())));
    assert_eq!(change(&inactive, set(&COMMENTS, true), 20).unwrap().0, ["plugin.activated"]);
    assert_eq!(change(&tenant(), set(&COMMENTS, false), 0), Ok((vec![], tenant())));
}

#[test]
fn another_release_is_activated_again_and_stays_active_since_then() {
    let newer = Manifest { release: Release::of(1, 1, 0), ..COMMENTS };
    let active = commenting();
    let (events, upgraded) = change(&active, set(&newer, true), 60).unwrap();
    assert_eq!(events, ["plugin.activated"]);
    let state = *upgraded.plugins.get(newer.name).unwrap();
    assert_eq!((state.is_active, state.since, state.installed), (true, at(0).at, newer.release));
    assert_eq!(change(&upgraded, set(&newer, true), 70).unwrap().0, [""; 0]);
}

#[test]
fn a_configuration_is_told_beside_the_state_whether_active_or_not() {
    let configure = |activate| PluginChange { manifest: &COMMENTS, activate, configures: true };
    for (tenant, activate, expected) in [
        (tenant(), true, &["plugin.activated", "plugin.configured"][..]),
        (tenant(), false, &["plugin.configured"]),
        (commenting(), true, &["plugin.configured"]),
        (commenting(), false, &["plugin.deactivated", "plugin.configured"]),
    ] {
        assert_eq!(change(&tenant, configure(activate), 5).unwrap().0, expected);
    }
}

#[test]
fn what_is_needed_and_what_the_tier_lacks_stand_in_the_way() {
    let refused = |tenant: &TenantProfile, manifest, activate| {
        change(tenant, set(manifest, activate), 5).unwrap_err().to_string()
    };
    assert!(refused(&tenant(), &DIGEST, true).ends_with("in this order: comments."));
    let both = change(&commenting(), set(&DIGEST, true), 1).unwrap().1;
    assert!(refused(&both, &COMMENTS, false).ends_with("deactivate them first: digest."));
    let lacking = |tenant: &TenantProfile, activate| {
        let change = set(&COMMENTS, activate);
        tenant
            .change_plugin(&[&COMMENTS], &Features::default(), change, at(5))
            .map(|decision| decision.events.len())
    };
    assert_eq!(lacking(&tenant(), true), Err(PluginRefusal::Feature(Feature::Comments)));
    // Who has it no more can still leave it.
    assert_eq!(lacking(&commenting(), false), Ok(1));
}

#[test]
fn data_is_erased_once_nobody_uses_it_and_nothing_happens_meanwhile() {
    let purge = |tenant: &TenantProfile, seconds| {
        tenant.purge_plugin(COMMENTS.name, at(seconds)).map(|decision| decision.next)
    };
    assert_eq!(purge(&tenant(), 500), Err(PluginRefusal::NotInstalled(COMMENTS.name)));
    assert_eq!(purge(&commenting(), 500), Err(PluginRefusal::Active(COMMENTS.name)));
    let inactive = change(&commenting(), set(&COMMENTS, false), 100).unwrap().1;
    let in_use = PluginRefusal::InUse { plugin: COMMENTS.name, until: at(220).at };
    assert_eq!(purge(&inactive, 219), Err(in_use));
    let purging = purge(&inactive, 220).unwrap();
    assert!(!purging.plugins.is_installed(COMMENTS.name));
    let being_purged = PluginRefusal::BeingPurged { plugin: COMMENTS.name, overdue: at(220 + 3_600).at };
    assert_eq!(purge(&purging, 400), Err(being_purged.clone()));
    for activate in [true, false] {
        let change = PluginChange { configures: true, ..set(&COMMENTS, activate) };
        assert_eq!(self::change(&purging, change, 400), Err(being_purged.clone()));
    }
    let done =
        |tenant: &TenantProfile, since: i64| tenant.plugin_is_purged(COMMENTS.name, at(since).at, at(300));
    assert_eq!(done(&purging, 219), None);
    assert_eq!(done(&inactive, 220), None);
    let decision = done(&purging, 220).unwrap();
    assert_eq!(decision.events.iter().map(Event::event_type).collect::<Vec<_>>(), [EventType::PluginPurged]);
    assert_eq!(decision.next, tenant());
    // A late repetition.
    assert_eq!(done(&decision.next, 220), None);
}

#[test]
fn an_erasure_that_takes_too_long_is_asked_for_anew_and_the_older_one_ends_nothing() {
    let inactive = change(&commenting(), set(&COMMENTS, false), 0).unwrap().1;
    let purge = |tenant: &TenantProfile, seconds| tenant.purge_plugin(COMMENTS.name, at(seconds));
    let purging = purge(&inactive, 200).unwrap().next;
    let refused = purge(&purging, 3_799).unwrap_err();
    assert!(
        refused.to_string().ends_with("by 2026-11-28T13:03:20Z, ask for the erasure again."),
        "{refused}"
    );
    let anew = purge(&purging, 3_800).unwrap();
    let types: Vec<EventType> = anew.events.iter().map(Event::event_type).collect();
    assert_eq!(types, [EventType::PluginPurgeRequested]);
    let ended = |since: i64| anew.next.plugin_is_purged(COMMENTS.name, at(since).at, at(4_000));
    assert!(ended(200).is_none() && ended(3_800).is_some());
    // Nothing else is decided meanwhile, however long it takes.
    let activated = change(&purging, set(&COMMENTS, true), 9_000);
    assert!(matches!(activated, Err(PluginRefusal::BeingPurged { .. })));
}

#[test]
fn what_was_configured_and_never_activated_can_be_erased() {
    let configure = PluginChange { configures: true, ..set(&COMMENTS, false) };
    let configured = change(&tenant(), configure, 0).unwrap().1;
    assert!(!configured.plugins.is_active(COMMENTS.name));
    let purging = configured.purge_plugin(COMMENTS.name, at(200)).unwrap().next;
    let purged = purging.plugin_is_purged(COMMENTS.name, at(200).at, at(300)).unwrap().next;
    assert_eq!(purged, tenant());
    // It is activated as any other.
    let (events, active) = change(&configured, set(&COMMENTS, true), 60).unwrap();
    assert_eq!(
        (events, active.plugins.get(COMMENTS.name).unwrap().since),
        (vec!["plugin.activated"], at(60).at)
    );
}

#[test]
fn another_release_asks_for_what_it_needs_besides() {
    let needing = Manifest { release: Release::of(1, 1, 0), needs: &[DIGEST.name], ..COMMENTS };
    let alone = Manifest { needs: &[], ..DIGEST };
    let upgrade = |tenant: &TenantProfile, manifest| {
        let features = Features::from_iter([Feature::Comments]);
        tenant.change_plugin(&[&needing, &alone], &features, set(manifest, true), at(60))
    };
    let refused = upgrade(&commenting(), &needing).unwrap_err().to_string();
    assert!(refused.ends_with("in this order: digest."), "{refused}");
    let both = upgrade(&commenting(), &alone).unwrap().next;
    assert_eq!(upgrade(&both, &needing).unwrap().events.len(), 1);
}

#[test]
fn states_are_read_as_they_were_written() {
    let stored = serde_json::to_value(&commenting().plugins).unwrap();
    let expected = json!({ "active": true, "since": "2026-11-28T12:00:00Z", "installed": "1.0.0" });
    assert_eq!(stored["comments"], expected);
    assert_eq!(serde_json::from_value::<Plugins>(stored).unwrap(), commenting().plugins);
}

#[test]
fn a_configuration_of_each_version_is_read_as_it_is_now() {
    let current = |version, stored: Value| COMMENTS.configuration.current(version, stored);
    let now = json!({ "days": 14, "words": ["spam"] });
    assert_eq!(current(1, json!({ "weeks": 2, "word": "spam" })), Ok(now.clone()));
    assert_eq!(current(2, json!({ "days": 14, "word": "spam" })), Ok(now.clone()));
    assert_eq!(current(3, now.clone()), Ok(now));
    assert_eq!(current(3, json!({ "days": 7 })), Ok(json!({ "days": 7, "words": [] })));
    assert_eq!(current(4, json!({})), Err(NotRead::Newer(4)));
    assert_eq!(current(3, json!({ "days": "secret" })), Err(NotRead::Broken));
    assert_eq!(COMMENTS.configuration.defaults(), Ok(json!({ "days": 30, "words": [] })));
    assert!(COMMENTS.configuration.is::<Wanted>() && !COMMENTS.configuration.is::<NoConfiguration>());
    let schema = COMMENTS.configuration.schema();
    assert_eq!(
        (&schema["properties"]["days"]["default"], &schema["additionalProperties"]),
        (&json!(30), &json!(false))
    );
}

#[test]
fn permissions_stand_under_the_plugin_s_name() {
    let catalog = Manifest { name: name("catalog"), ..COMMENTS };
    let own = Manifest { permissions: &[Permission::CatalogRead, Permission::CatalogManage], ..catalog };
    assert_eq!(own.strays(), []);
    let more = Manifest { permissions: &[Permission::CatalogRead, Permission::OrdersRead], ..catalog };
    assert_eq!(more.strays(), [Permission::OrdersRead]);
}
