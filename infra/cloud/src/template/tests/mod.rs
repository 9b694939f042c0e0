use std::collections::BTreeMap;
use std::path::Path;

use super::*;

mod conditions;
mod dead_letters;
mod intrinsics;
mod logs;
mod nested;
mod numbers;
mod permissions;
mod profiles;
mod real;
mod refusals;
mod roles;
mod schedules;
mod sources;
mod throttles;
mod without_effect;

/// A small valid template. Each test breaks it in one place.
const BASE: &str = include_str!("base.yaml");

/// Tenants' data behind one role, which functions with a tag assume.
const WALL: &str = include_str!("wall.yaml");

fn parse_base(text: &str, given: &[(&str, &str)]) -> Result<Stack, Refusals> {
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    parse(text, "template.yaml", "shop", &given)
}

fn base_with(find: &str, replace: &str) -> String {
    assert_eq!(BASE.matches(find).count(), 1, "{find:?} must stand once in the base template");
    BASE.replacen(find, replace, 1)
}

#[test]
fn the_base_template_runs() {
    if let Err(refusals) = parse_base(BASE, &[]) {
        panic!("{refusals}");
    }
}

#[test]
fn a_template_with_a_role_of_tenants_runs() {
    if let Err(refusals) = parse_base(WALL, &[]) {
        panic!("{refusals}");
    }
}
