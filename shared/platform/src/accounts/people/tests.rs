//! The register over DynamoDB's protocol, in a local cloud.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::person::{Person, PersonChanges};
use domain::power::Power;
use domain::role::{BuiltInRole, RoleBook};
use domain::specification::{Match, Order};
use domain::text::SearchText;
use domain::user::Command;
use domain::{Actor, Stamp};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store_world::World;

use super::*;
use crate::accounts::passwords;
use crate::new_id;
use crate::table::Decided;
use crate::table::namespace::accounts::USER;
use crate::testing::{Table, any_specification, known};

/// A user, as if an operator had added the user as an admin.
fn decided(id: UserId, name: &str, email: &str) -> Decided<User> {
    let stamp = Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id } };
    let name = name.to_owned().try_into().unwrap();
    Decided::first(User::admin(id, Person::named(name), email.to_owned().try_into().unwrap(), stamp))
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (-2..3_i64).prop_map(|second| Timestamp::from_second(1_790_000_000 + second).unwrap())
}

fn any_user() -> impl Strategy<Value = ListedUser> {
    let name = select(vec!["Ada Lovelace", "Émile Zola", "Bob Straßer", "bob", "ÅSA"]);
    let email =
        select(vec!["ada@acme.example", "emile@acme.example", "bob@straßer.example", "bob.b@x.example"]);
    let roles = proptest::collection::vec(select(vec!["member", "admin", "editor", "rol_1", "rol_11"]), 1..4);
    (name, email, roles, select(UserStatus::ALL), proptest::option::of(any_time()), any_time()).prop_map(
        |(name, email, roles, status, last_sign_in_at, created)| {
            let id = uuid::Uuid::now_v7().as_u128() & !(!0 << 80);
            let id = id | (created.as_millisecond() as u128) << 80;
            ListedUser {
                id: UserId::from_uuid(uuid::Uuid::from_u128(id)),
                name: name.to_owned().try_into().unwrap(),
                email: email.replace('ß', "ss").try_into().unwrap(),
                roles: roles
                    .iter()
                    .map(|role| role.parse().unwrap())
                    .collect::<Vec<Role>>()
                    .try_into()
                    .unwrap(),
                status,
                last_sign_in_at,
            }
        },
    )
}

fn any_criterion() -> impl Strategy<Value = Criterion> {
    let order = || select(vec![Order::Above, Order::AtLeast, Order::Below, Order::AtMost]);
    let how = || select(vec![Match::Whole, Match::Part, Match::Beginning]);
    let text = || {
        let texts = ["ada", "bob", "ÉMI", "strasse", "Bob Straßer", "acme", "bob.b@x.example", "asa", "l'o"];
        select(texts.to_vec()).prop_map(|text| SearchText::try_from(text.to_owned()).unwrap())
    };
    let role = select(vec!["member", "admin", "editor", "rol_1", "rol_11", "rol_2"]);
    prop_oneof![
        select(UserStatus::ALL).prop_map(Criterion::Status),
        role.prop_map(|role| Criterion::Role(role.parse().unwrap())),
        (order(), any_time()).prop_map(|(order, at)| Criterion::Created(order, at)),
        (order(), any_time()).prop_map(|(order, at)| Criterion::SignedIn(order, at)),
        Just(Criterion::NeverSignedIn),
        (how(), text()).prop_map(|(how, text)| Criterion::Name(how, text)),
        (how(), text()).prop_map(|(how, text)| Criterion::Email(how, text)),
    ]
}

#[tokio::test]
async fn what_is_asked_of_people_tests_and_queries_alike() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let people = scope.people();
    let mut runner = TestRunner::deterministic();
    let mut users: Vec<ListedUser> =
        (0..30).map(|_| any_user().new_tree(&mut runner).unwrap().current()).collect();
    for user in &users {
        let absent = Condition::absent();
        let written = Versioned { version: domain::Version::FIRST, value: user.clone() };
        scope.commit(vec![people.write(&written, absent, Conflict::Version)]).await.unwrap();
    }
    // A mark stands beside the rows, and is nobody.
    scope.commit(vec![people.creation()]).await.unwrap();
    for _ in 0..200 {
        let asked = any_specification(any_criterion()).new_tree(&mut runner).unwrap().current();
        let expected = |users: &[ListedUser]| -> Vec<UserId> {
            let found = users.iter().filter(|user| asked.holds(&|criterion| user.meets(criterion)));
            found.map(|user| user.id).collect()
        };
        let query = |sort| PeopleQuery { specification: Some(&asked), sort };
        let listed = async |sort| -> Vec<UserId> {
            let page = people.list(query(sort), 50, None).await.unwrap();
            page.items.into_iter().map(|user| user.value.id).collect()
        };
        users.sort_by_key(|user| user.id);
        assert_eq!(listed(PeopleSort::Created).await, expected(&users), "{asked:?}");
        users.sort_by_key(|user| (user.folded_name(), user.id));
        assert_eq!(listed(PeopleSort::Name).await, expected(&users), "{asked:?}");
        assert_eq!(people.total(query(PeopleSort::Name)).await.unwrap(), Some(expected(&users).len()));
    }
}

#[tokio::test]
async fn a_row_of_the_register_is_slim_and_reads_back() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let id = new_id(UserId::from_uuid);
    let user = decided(id, "Wilhelmina van der Straßer", "wilhelmina.strasser@acme-industries.example");
    let mut listed = ListedUser::new(&user.next.value, Some(Timestamp::from_second(1_790_000_000).unwrap()));
    listed.roles = vec![BuiltInRole::Editor.into(), "rol_12".parse().unwrap()].try_into().unwrap();
    let written = Versioned { version: user.next.version, value: listed };
    let write = scope.people().write(&written, Condition::absent(), Conflict::Version);
    scope.commit(vec![write]).await.unwrap();
    let all = PeopleQuery { specification: None, sort: PeopleSort::Name };
    let page = scope.people().list(all, 10, None).await.unwrap();
    assert_eq!((page.items, page.next_cursor), (vec![written], None));

    let (client, table) = world.client();
    let items = client
        .query()
        .table_name(table)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S(format!("T#{}#people", scope.tenant())))
        .send()
        .await
        .unwrap()
        .items
        .unwrap();
    let size = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::Ss(texts) => 3 + texts.iter().map(|text| text.len() + 1).sum::<usize>(),
        other => panic!("{other:?}"),
    };
    let bytes: usize = items[0].iter().map(|(name, value)| name.len() + size(value)).sum();
    println!("{bytes} bytes");
    assert!(items.len() == 1 && bytes <= 400, "{bytes} bytes");
}

#[tokio::test]
async fn a_register_is_built_once_and_leaves_what_is_newer() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let people = scope.people();
    let password = passwords::hash(&"correct horse battery".to_owned().try_into().unwrap()).unwrap();
    let count = building::BUILT_AT_ONCE + 5;
    let mut ids: Vec<UserId> = (0..count).map(|_| new_id(UserId::from_uuid)).collect();
    for (number, id) in ids.iter().enumerate() {
        let user = decided(*id, "Ada", &format!("user{number}@acme.example"));
        let mut rows = scope.users().rows(&user, Some(&password)).unwrap();
        rows.pop();
        scope.commit(rows).await.unwrap();
    }
    // One is deactivated by a newer commit that wrote the row, and the commit's other rows are late.
    let newer = decided(ids[3], "Newer", "user3@acme.example").next;
    let newer = Versioned { version: newer.version.next(), value: newer.value };
    scope.commit(vec![people.row(&newer, true)]).await.unwrap();
    // One is deleted while the register is built: the entry was read, and the user is not there.
    let gone = decided(new_id(UserId::from_uuid), "Gone", "gone@acme.example");
    let entry = scope.users().rows(&gone, Some(&password)).unwrap().remove(1);
    scope.commit(vec![entry]).await.unwrap();

    assert!(!people.build().await.unwrap());
    assert!(people.build().await.unwrap());
    let all = PeopleQuery { specification: None, sort: PeopleSort::Created };
    let listed = people.list(all, 1_000, None).await.unwrap().items;
    ids.sort();
    assert_eq!(listed.iter().map(|user| user.value.id).collect::<Vec<_>>(), ids);
    let kept = listed.iter().find(|user| user.value.id == newer.value.id).unwrap();
    assert_eq!((kept.version, kept.value.name.as_str()), (newer.version, "Newer"));

    let mark = world.mark();
    assert!(people.build().await.unwrap());
    assert_eq!(world.since(mark).len(), 1, "one read finds that the register is complete");
}

#[tokio::test]
async fn who_is_changed_or_deleted_while_a_register_is_built_is_not_in_it_as_before() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let people = scope.people();
    let [owner, ada, bob] = [(); 3].map(|()| new_id(UserId::from_uuid));
    let mut users = Vec::new();
    for (id, email) in [(owner, "olga@acme.example"), (ada, "ada@acme.example"), (bob, "bob@acme.example")] {
        let user = decided(id, "Before", email);
        let mut rows = scope.users().rows(&user, None).unwrap();
        rows.pop();
        scope.commit(rows).await.unwrap();
        users.push(user.next);
    }
    let [read_ada, read_bob] = [people.now(ada).await.unwrap(), people.now(bob).await.unwrap()];

    let (stamp, book) =
        (|id| Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id } }, RoleBook::of(owner));
    let renamed = PersonChanges { name: Some("After".to_owned().try_into().unwrap()), ..Default::default() };
    let change = |user: &User| user.decide(Command::Update(renamed), stamp(ada));
    let changed = known(users[1].clone()).decide(change).unwrap();
    scope.commit(scope.users().rows(&changed, None).unwrap()).await.unwrap();
    let deletion = |user: &User| Power::of(&users[0].value, &book).delete(user, stamp(owner));
    let deleted = known(users[2].clone()).decide(deletion).unwrap();
    let end = scope.decided_end(&USER.of(bob), SortKey::SINGLE, &deleted);
    scope.commit(vec![end, people.removal(bob)]).await.unwrap();

    for late in [read_ada, read_bob] {
        people.put_unchanged(&late.unwrap()).await.unwrap();
    }
    let all = PeopleQuery { specification: None, sort: PeopleSort::Created };
    let listed = people.list(all, 10, None).await.unwrap().items;
    let names: Vec<&str> = listed.iter().map(|user| user.value.name.as_str()).collect();
    assert_eq!(names, ["After"]);
}
