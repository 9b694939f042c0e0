//! The matrix: every route, and in it every place whose value can name something of another tenant. The victim's value
//! under the stranger's token reads, changes, counts and tells nothing. All of it follows from what the routes say of
//! themselves, so a new route is tried without a line here, and fails by its name if one of its types is not known or
//! if it has no request that succeeds.

mod answer;
mod comments;
pub(crate) mod kinds;
pub(crate) mod own;
pub(crate) mod places;
mod plugins;
mod possessions;
mod posts;
pub(crate) mod side;
mod trial;

use std::collections::BTreeMap;

pub(crate) use answer::ids_in;
use cloud::Authorization;
use contract::{Operation, RequiredAccess};
use tests::World;

use kinds::Kind;
use own::own;
use places::{Place, places};
use possessions::Possessions;
use side::{By, Side};
use trial::Trial;

/// Sorts after the victim's, so that its users are listed behind the victim's addresses.
const STRANGER: &str = "stranger";
/// In each name, address and text of the victim.
const VICTIM: &str = "quux-victim";
/// How often the victim has changed its things, which the stranger does not do as often.
const CHANGES: usize = 4;

#[test]
fn every_route_has_its_row_and_every_type_of_a_value_is_known_by_what_it_can_name() {
    let unknown: Vec<String> = World::operations().iter().filter_map(|one| places(one).err()).collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    let routes: Vec<String> = World::start().routes().into_iter().map(|route| route.key).collect();
    let rows: Vec<String> = World::operations().iter().map(Operation::key).collect();
    assert_eq!(routes, rows, "template.yaml on the left, the rows of the matrix on the right");
}

#[test]
fn a_value_of_another_tenant_reads_changes_counts_and_tells_nothing_on_any_route() {
    try_all(Authorization::Decided);
}

/// The same without IAM: types and keys keep tenants apart by themselves.
#[test]
fn types_and_keys_alone_keep_tenants_apart_on_every_route() {
    try_all(Authorization::Open);
}

fn try_all(authorization: Authorization) {
    let world = World::start_with(|options| options.authorization = authorization);
    let (stranger, victim) = (Side::fill(&world, STRANGER, 0), Side::fill(&world, VICTIM, CHANGES));
    // Comments come in the order in which they were written: some have to be behind the victim's.
    for by in [By::Member, By::Admin] {
        stranger.fresh_comment(by);
    }
    let keys = use_keys(&world, &victim, By::Admin);
    let before = Possessions::settled(&world, &victim);
    let trial = Trial {
        world: &world,
        sender: (&stranger, By::Admin),
        owner: (&victim, By::Admin),
        keys,
        words: vec![VICTIM],
        ids: before.ids(),
    };
    let (mut cases, mut routes) = (0, 0);
    for operation in in_order().filter(|operation| of(operation) != RequiredAccess::Operator) {
        let key = operation.key();
        trial.succeeds(operation);
        let places = places(operation).unwrap_or_else(|unknown| panic!("{unknown}"));
        for place in places.iter().filter(|place| trial.is_of_a_tenant(operation, place)) {
            cases += trial.try_place(operation, place);
        }
        before.assert_same_rows(&world, &key);
        routes += 1;
    }
    before.assert_same(&world, &victim, "after all routes");
    println!("{cases} cases on {routes} routes");
}

/// What members see of their own alone: users, orders, inboxes, and receipts of keys. Other things are the tenant's, and
/// every user of it sees them.
#[test]
fn a_user_an_order_a_notification_or_a_key_of_a_colleague_tells_a_member_nothing() {
    let world = World::start();
    let side = Side::fill(&world, VICTIM, 1);
    let keys = use_keys(&world, &side, By::Admin);
    let before = Possessions::of_user(&world, &side);
    let [sender, owner] = [By::Member, By::Admin].map(|by| (&side, by));
    // Of the tenant's other things, a member may be told.
    let trial = Trial { world: &world, sender, owner, keys, words: Vec::new(), ids: Default::default() };
    let mut cases = 0;
    for operation in in_order().filter(|one| one.is_of_tenants() && is_for_members(one)) {
        trial.succeeds(operation);
        for place in places(operation).unwrap().iter().filter(|place| is_of_one_user(place)) {
            cases += trial.try_place(operation, place);
        }
        before.assert_same_rows(&world, &operation.key());
    }
    println!("{cases} cases");
}

fn is_for_members(operation: &Operation) -> bool {
    operation.description.roles.iter().any(|role| role == "member")
}

fn is_of_one_user(place: &Place) -> bool {
    let is_id = |of: &str| place.kind == Kind::Id(of.to_owned());
    place.kind == Kind::Session
        || is_id("ord")
        || is_id("ntf")
        || is_id("pst")
        || is_id("cmt")
        || is_id("usr")
        || place.kind == Kind::IdempotencyKey
}

fn of(operation: &Operation) -> RequiredAccess {
    operation.description.required_access.clone()
}

/// What reads comes first, while no list grows.
fn in_order() -> impl Iterator<Item = &'static Operation> {
    let of_kind = |is_get: bool| World::operations().iter().filter(move |one| one.is_get() == is_get);
    of_kind(true).chain(of_kind(false))
}

/// Sends a request with an idempotency key to every route that takes one.
fn use_keys(world: &World, side: &Side, by: By) -> BTreeMap<String, String> {
    let has_key = |place: &Place| place.kind == Kind::IdempotencyKey;
    let mut used = BTreeMap::new();
    for operation in World::operations() {
        let found = places(operation).unwrap_or_default();
        let Some(place) = found.iter().find(|place| has_key(place)) else { continue };
        let key = format!("key-of-{}-{}", side.tenant.slug, used.len());
        let answer = own(world, side, operation, by).with(place, &key).request().send();
        assert!(answer.status < 300, "{} of the owner: {}", operation.key(), answer.text());
        used.insert(operation.key(), key);
    }
    used
}
