use std::collections::BTreeMap;
use std::path::Path;

use super::*;

mod dead_letters;
mod intrinsics;
mod numbers;
mod real;
mod refusals;
mod sources;
mod throttles;
mod without_effect;

/// A small valid template. Each test breaks it in one place.
const BASE: &str = include_str!("base.yaml");

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
