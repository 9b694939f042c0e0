//! Whether a specification holds of an object exactly where its filter lets the object's row through.

use std::collections::BTreeSet;

use domain::specification::Order;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store_world::World;

use super::*;
use crate::table::namespace::catalog::PRODUCTS;
use crate::table::{Condition, Conflict, Listing, Scope, SortKey};
use crate::testing::{Table, any_specification};

const TEXT: Attribute = Attribute::new("text");
const NUMBER: Attribute = Attribute::new("number");
const SET: Attribute = Attribute::new("set");

/// How many specifications are tried, on how many things.
const SPECIFICATIONS: usize = 300;
const THINGS: usize = 40;

#[derive(Debug, Clone)]
struct Thing {
    text: String,
    number: Option<i64>,
    set: BTreeSet<String>,
}

#[derive(Debug, Clone)]
enum Leaf {
    TextIs(String),
    TextContains(String),
    TextBegins(String),
    Number(Order, i64),
    NoNumber,
    SetHas(String),
}

fn holds(leaf: &Leaf, thing: &Thing) -> bool {
    let Thing { text, number, set } = thing;
    match leaf {
        Leaf::TextIs(other) => text == other,
        Leaf::TextContains(part) => text.contains(part),
        Leaf::TextBegins(part) => text.starts_with(part),
        Leaf::Number(order, other) => number.is_some_and(|number| order.holds(&number, other)),
        Leaf::NoNumber => number.is_none(),
        Leaf::SetHas(text) => set.contains(text),
    }
}

fn test(leaf: &Leaf) -> Test {
    match leaf {
        Leaf::TextIs(text) => Test::Equals(TEXT, text.as_str().into()),
        Leaf::TextContains(part) => Test::Contains(TEXT, part.as_str().into()),
        Leaf::TextBegins(part) => Test::BeginsWith(TEXT, part.as_str().into()),
        Leaf::Number(order, number) => Test::Ordered(NUMBER, *order, (*number).into()),
        Leaf::NoNumber => Test::Absent(NUMBER),
        Leaf::SetHas(text) => Test::Contains(SET, text.as_str().into()),
    }
}

fn any_text() -> impl Strategy<Value = String> {
    "[abé:#)' ]{1,3}"
}

fn any_thing() -> impl Strategy<Value = Thing> {
    let set = proptest::collection::btree_set(any_text(), 0..3);
    (any_text(), proptest::option::of(-2..3_i64), set).prop_map(|(text, number, set)| Thing {
        text,
        number,
        set,
    })
}

fn any_order() -> impl Strategy<Value = Order> {
    proptest::sample::select(vec![Order::Above, Order::AtLeast, Order::Below, Order::AtMost])
}

fn any_leaf() -> impl Strategy<Value = Leaf> {
    prop_oneof![
        any_text().prop_map(Leaf::TextIs),
        any_text().prop_map(Leaf::TextContains),
        any_text().prop_map(Leaf::TextBegins),
        (any_order(), -2..3_i64).prop_map(|(order, number)| Leaf::Number(order, number)),
        Just(Leaf::NoNumber),
        any_text().prop_map(Leaf::SetHas),
    ]
}

async fn put(scope: &Scope, number: usize, thing: &Thing) {
    let sort = SortKey::of(format_args!("{number:03}"));
    let write = scope.write(&PRODUCTS.partition(), sort, Condition::absent(), Conflict::Exists("row"));
    let write = write.text(TEXT, thing.text.as_str());
    let write = thing.number.into_iter().fold(write, |write, number| write.number(NUMBER, number));
    let set: Vec<String> = thing.set.iter().cloned().collect();
    // DynamoDB has no empty sets.
    let write = if set.is_empty() { write } else { write.texts(SET, set) };
    scope.commit(vec![write]).await.unwrap();
}

#[tokio::test]
async fn a_specification_tests_and_queries_alike() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let mut runner = TestRunner::deterministic();
    let things: Vec<Thing> =
        (0..THINGS).map(|_| any_thing().new_tree(&mut runner).unwrap().current()).collect();
    for (number, thing) in things.iter().enumerate() {
        put(&scope, number, thing).await;
    }
    let mut found_any = 0;
    for _ in 0..SPECIFICATIONS {
        let specification = any_specification(any_leaf()).new_tree(&mut runner).unwrap().current();
        let expected =
            things.iter().enumerate().filter(|(_, thing)| specification.holds(&|leaf| holds(leaf, thing)));
        let expected: Vec<SortKey> =
            expected.map(|(number, _)| SortKey::of(format_args!("{number:03}"))).collect();
        let filter = Some(Filter::of(&specification, test));
        let listing = Listing { filter, ascending: true, limit: THINGS, ..Listing::default() };
        let page = scope.list(&PRODUCTS.partition(), listing).await.unwrap();
        let found: Vec<SortKey> = page.items.iter().map(|row| row.sort_key().unwrap()).collect();
        assert_eq!(found, expected, "{specification:?}");
        found_any += usize::from(!found.is_empty() && found.len() < THINGS);
    }
    assert!(found_any > SPECIFICATIONS / 3, "only {found_any} specifications tell things apart");
}

#[tokio::test]
async fn a_filter_is_asked_of_as_many_rows_as_are_read() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    for number in 0..5 {
        put(&scope, number, &Thing { text: "a".to_owned(), number: Some(number as i64), set: [].into() })
            .await;
    }
    let filter = Some(Filter::of(&Specification::leaf(Leaf::Number(Order::AtLeast, 3)), test));
    let listing = Listing { filter, ascending: true, limit: 3, ..Listing::default() };
    let page = scope.list(&PRODUCTS.partition(), listing).await.unwrap();
    assert_eq!((page.items.len(), page.next_cursor), (0, Some(SortKey::of("002"))));
}
