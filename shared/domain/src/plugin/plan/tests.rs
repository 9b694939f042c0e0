use proptest::prelude::*;

use super::*;
use crate::plugin::{ConfigurationType, Release};

fn name(text: &str) -> PluginName {
    text.parse().unwrap()
}

fn manifest(plugin: PluginName, needs: &[PluginName]) -> Manifest {
    Manifest {
        name: plugin,
        release: Release::of(1, 0, 0),
        title: "",
        needs: needs.to_vec().leak(),
        permissions: &[],
        feature: None,
        configuration: ConfigurationType::NONE,
    }
}

/// Plans with plugins, each with what it needs, of which these are active.
fn planned(plugins: &[(&str, &[&str])], active: &[&str], request: Request) -> Result<Plan, String> {
    let names = |texts: &[&str]| texts.iter().map(|text| name(text)).collect::<Vec<_>>();
    let manifests: Vec<Manifest> =
        plugins.iter().map(|(plugin, needs)| manifest(name(plugin), &names(needs))).collect();
    let manifests: Vec<&Manifest> = manifests.iter().collect();
    let active = names(active).into_iter().collect();
    plan(&manifests, &active, request).map_err(|refusal| refusal.to_string())
}

const SHOP: &[(&str, &[&str])] =
    &[("mail", &["queue"]), ("queue", &[]), ("digest", &["mail", "queue"]), ("alone", &[])];

#[test]
fn a_plugin_is_activated_once_all_that_it_needs_is_active() {
    let activate = |plugin: &str, active: &[&str]| planned(SHOP, active, Request::Activate(name(plugin)));
    assert_eq!(activate("alone", &[]), Ok(Plan::Activate));
    assert_eq!(activate("alone", &["alone"]), Ok(Plan::Nothing));
    assert_eq!(activate("digest", &["mail", "queue"]), Ok(Plan::Activate));
    let missing =
        "The plugin digest needs others that are not active; activate first, in this order: queue, mail.";
    assert_eq!(activate("digest", &[]), Err(missing.to_owned()));
    let missing = "The plugin digest needs others that are not active; activate first, in this order: mail.";
    assert_eq!(activate("digest", &["queue"]), Err(missing.to_owned()));
    assert_eq!(activate("nothing", &[]), Err("There is no plugin nothing.".to_owned()));
}

#[test]
fn a_plugin_is_deactivated_once_nothing_active_needs_it() {
    let deactivate = |plugin: &str, active: &[&str]| planned(SHOP, active, Request::Deactivate(name(plugin)));
    let needed = "Active plugins need the plugin queue; deactivate them first: mail, digest.";
    assert_eq!(deactivate("queue", &["queue", "mail", "digest"]), Err(needed.to_owned()));
    assert_eq!(deactivate("queue", &["queue", "alone"]), Ok(Plan::Deactivate));
    assert_eq!(deactivate("digest", &["queue", "mail", "digest"]), Ok(Plan::Deactivate));
    assert_eq!(deactivate("queue", &["alone"]), Ok(Plan::Nothing));
    assert_eq!(deactivate("nothing", &[]), Err("There is no plugin nothing.".to_owned()));
}

#[test]
fn what_can_never_be_activated_is_refused_by_name() {
    let plugins: &[(&str, &[&str])] = &[
        ("self-made", &["self-made"]),
        ("egg", &["hen"]),
        ("hen", &["feed", "egg"]),
        ("feed", &[]),
        ("farm", &["hen"]),
        ("lost", &["found"]),
    ];
    let refused = |plugin: &str| planned(plugins, &[], Request::Activate(name(plugin))).unwrap_err();
    let circle = |names: &str| {
        format!(
            "Plugins need each other in a circle, so that none can be the first: {names}; tell the platform's operator."
        )
    };
    assert_eq!(refused("self-made"), circle("self-made needs self-made"));
    assert_eq!(refused("egg"), circle("egg needs hen needs egg"));
    assert_eq!(refused("farm"), circle("hen needs egg needs hen"));
    let lost = "The plugin lost needs the plugin found, which is not there; tell the platform's operator.";
    assert_eq!(refused("lost"), lost);
    // It can be left, whatever it needs.
    let leave = planned(plugins, &["self-made"], Request::Deactivate(name("self-made")));
    assert_eq!(leave, Ok(Plan::Deactivate));
}

/// Any plugins that need any others, some of which are not there, and some of them active.
fn worlds() -> impl Strategy<Value = (Vec<Manifest>, BTreeSet<PluginName>, PluginName)> {
    let names: Vec<PluginName> = ('a'..='g').map(|letter| name(&format!("p{letter}"))).collect();
    let some = prop::sample::subsequence(names.clone(), 0..=3);
    let needs = prop::collection::vec(some, 5);
    let active = prop::sample::subsequence(names.clone(), 0..=5);
    (needs, active, 0..6_usize).prop_map(move |(needs, active, chosen)| {
        let manifests = names.iter().zip(&needs).map(|(plugin, needs)| manifest(*plugin, needs)).collect();
        (manifests, active.into_iter().collect(), names[chosen])
    })
}

fn needs_of(manifests: &[&Manifest], plugin: PluginName) -> &'static [PluginName] {
    find(manifests, plugin).map_or(&[], |manifest| manifest.needs)
}

proptest! {
    #[test]
    fn what_is_planned_is_possible_and_what_is_refused_is_true((manifests, active, plugin) in worlds()) {
        let manifests: Vec<&Manifest> = manifests.iter().collect();
        match plan(&manifests, &active, Request::Activate(plugin)) {
            Ok(Plan::Nothing) => prop_assert!(active.contains(&plugin)),
            Ok(plan) => {
                prop_assert_eq!(plan, Plan::Activate);
                prop_assert!(needs_of(&manifests, plugin).iter().all(|needed| active.contains(needed)));
            }
            Err(PlanRefusal::Missing { plugin: refused, missing }) => {
                prop_assert_eq!(refused, plugin);
                // None stands before what it needs, none is active, and with all of them the plugin can follow.
                let mut all = active.clone();
                for name in &missing {
                    prop_assert!(!active.contains(name));
                    let stands = |needed: &PluginName| all.contains(needed) || needs_of(&manifests, *needed).contains(name);
                    prop_assert!(needs_of(&manifests, *name).iter().all(stands), "{name} in {missing:?}");
                    all.insert(*name);
                }
                prop_assert!(needs_of(&manifests, plugin).iter().all(|needed| all.contains(needed)));
                prop_assert!(missing.iter().any(|name| !active.contains(name)));
            }
            Err(PlanRefusal::Cycle(names)) => {
                prop_assert!(names.len() > 1 && names.first() == names.last());
                let mut pairs = names.windows(2);
                prop_assert!(pairs.all(|pair| needs_of(&manifests, pair[0]).contains(&pair[1])), "{names:?}");
            }
            Err(PlanRefusal::Unavailable { plugin: by, needs }) => {
                prop_assert!(find(&manifests, needs).is_none() && needs_of(&manifests, by).contains(&needs));
            }
            Err(PlanRefusal::Unknown(name)) => prop_assert!(find(&manifests, name).is_none() && name == plugin),
            Err(refusal @ PlanRefusal::Needed { .. }) => prop_assert!(false, "{refusal}"),
        }
        match plan(&manifests, &active, Request::Deactivate(plugin)) {
            Ok(Plan::Nothing) => prop_assert!(!active.contains(&plugin)),
            Ok(_) => {
                let others = manifests.iter().filter(|other| other.name != plugin && active.contains(&other.name));
                prop_assert_eq!(others.filter(|other| other.needs.contains(&plugin)).count(), 0);
            }
            Err(PlanRefusal::Needed { by, .. }) => {
                let is_true = |name: &PluginName| active.contains(name) && needs_of(&manifests, *name).contains(&plugin);
                prop_assert!(!by.is_empty() && by.iter().all(is_true));
            }
            Err(refusal) => prop_assert!(matches!(refusal, PlanRefusal::Unknown(name) if name == plugin)),
        }
    }
}
