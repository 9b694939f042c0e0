use proptest::prelude::*;

use super::*;

pub(crate) fn any_set() -> impl Strategy<Value = PermissionSet> {
    proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..8)
        .prop_map(|permissions| permissions.into_iter().collect())
}

#[test]
fn every_permission_has_a_name_and_a_code_of_its_own() {
    let all = PermissionSet::all();
    assert_eq!(all.codes().chars().count(), Permission::ALL.len());
    for one in Permission::ALL {
        let set = PermissionSet::of(&[*one]);
        let others = all.iter().filter(|other| set.codes().contains(other.code()));
        assert_eq!(others.collect::<Vec<_>>(), [*one]);
    }
}

#[test]
fn what_a_newer_version_has_written_is_left_out() {
    assert_eq!(
        PermissionSet::named_in("orders:read moon:visit"),
        PermissionSet::of(&[Permission::OrdersRead])
    );
    assert_eq!(PermissionSet::from_codes("o!c"), PermissionSet::from_codes("co"));
    assert_eq!(PermissionSet::named_in(""), PermissionSet::NONE);
    let named: PermissionSet = serde_json::from_str(r#"["moon:visit","audit:read"]"#).unwrap();
    assert_eq!(named, PermissionSet::of(&[Permission::AuditRead]));
}

proptest! {
    #[test]
    fn a_set_reads_back_in_every_form(set in any_set()) {
        prop_assert_eq!(PermissionSet::named_in(&set.to_string()), set);
        prop_assert_eq!(PermissionSet::from_codes(&set.codes()), set);
        let json = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<PermissionSet>(&json).unwrap(), set);
    }

    #[test]
    fn sets_are_compared_by_what_they_contain(one in any_set(), other in any_set()) {
        let contains = |set: PermissionSet| move |permission: &Permission| set.contains(*permission);
        prop_assert_eq!(one.is_within(other), one.iter().all(|permission| other.contains(permission)));
        prop_assert_eq!(one.meets(other), one.iter().any(|permission| other.contains(permission)));
        let union = one.union(other);
        prop_assert!(one.is_within(union) && other.is_within(union));
        prop_assert!(union.iter().all(|permission| contains(one)(&permission) || contains(other)(&permission)));
        prop_assert!(!one.without(other).meets(other) && union.is_within(one.without(other).union(other)));
    }
}
