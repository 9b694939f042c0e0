use super::commits::all_have_namespaces;
use super::*;
use crate::new_id;

#[test]
fn a_partition_of_commits_names_its_aggregate() {
    let (user, order) = (new_id(UserId::from_uuid), new_id(OrderId::from_uuid));
    for (partition, aggregate) in
        [(accounts::USER.of(user), Aggregate::User(user)), (orders::ORDER.of(order), Aggregate::Order(order))]
    {
        assert_eq!(aggregate_of(&partition.0), Some(aggregate.into()));
        assert_eq!(commits_of(aggregate), partition);
    }
    assert_eq!(accounts::USER.aggregate(user), Some(Aggregate::User(user)));
    assert_eq!(notifications::INBOX.aggregate(user), None);
}

#[test]
fn every_aggregate_has_a_namespace() {
    assert!(all_have_namespaces(&["order"]));
    // A list of that name is no place for commits.
    assert!(!all_have_namespaces(&["products"]) && !all_have_namespaces(&["cart"]));
}

#[test]
fn namespaces_of_one_name_are_distinguished_by_an_id_alone() {
    const ONE: Shape = Shape::new("orders", Per::Tenant);
    const EACH: Shape = Shape::new("orders", Per::User);
    assert!(are_disjoint(&[ONE, EACH]));
    assert!(!are_disjoint(&[ONE, ONE]));
    assert!(!are_disjoint(&[EACH, Shape { per: Per::RowOf("products"), ..EACH }]));
}
