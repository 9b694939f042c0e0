//! What holds for all policies.

mod documents;
mod world;

use iam::ResourceKind;
use proptest::prelude::*;
use serde_json::{Value, json};

use world::{World, resource_statement, statement, world};

/// Turns a statement that allows into one that fits no request: a policy needs one statement at least.
fn without_effect(statement: &mut Value) {
    if statement["Effect"] == "Allow" {
        statement.as_object_mut().unwrap().remove("NotAction");
        statement["Action"] = json!("nothing:Nothing");
    }
}

/// Reverses all lists of values.
fn reversed(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(reversed);
        }
        Value::Object(members) => members.values_mut().for_each(reversed),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_further_deny_never_allows_more(
        world in world(), pick in any::<usize>(), deny in statement(),
        of_resource in resource_statement(ResourceKind::Ordinary).prop_filter("named", |deny| deny["Principal"] != Value::Null),
    ) {
        let before = world.decide();
        let after = world.with_deny(pick, deny, of_resource).decide();
        prop_assert!(before.is_ok() || after.is_err());
    }

    #[test]
    fn an_allow_less_never_allows_more(world in world(), pick in any::<[usize; 2]>()) {
        let before = world.decide();
        let mut after = world;
        let mut lists = after.lists();
        if !lists.is_empty() {
            let list = pick[0] % lists.len();
            let statement = pick[1] % lists[list].len();
            without_effect(&mut lists[list][statement]);
        }
        let after = after.decide();
        prop_assert!(before.is_ok() || after.is_err());
    }

    #[test]
    fn a_boundary_or_a_session_policy_more_never_allows_more(world in world()) {
        let limited = world.decide();
        for unlimited in [World { boundary: None, ..world.clone() }, World { session: None, ..world.clone() }] {
            prop_assert!(unlimited.decide().is_ok() || limited.is_err());
        }
    }

    #[test]
    fn order_never_matters(world in world()) {
        let expected = world.decide();
        let mut other = world;
        other.identity.reverse();
        other.keys.reverse();
        for list in other.lists() {
            list.reverse();
            list.iter_mut().for_each(reversed);
        }
        prop_assert_eq!(expected, other.decide());
    }

    #[test]
    fn one_policy_of_all_statements_is_like_many(world in world()) {
        let expected = world.decide();
        let statements = world.identity.concat();
        if !statements.is_empty() {
            let one = World { identity: vec![statements], ..world };
            prop_assert_eq!(expected, one.decide());
        }
    }
}
