//! The proof on the wire finds what it is for. Every world proves itself when it is dropped; here, the worlds hold what
//! it must find.

use std::collections::BTreeSet;

use client::eventually;
use cloud::Authorization;
use cloud::services::{Note, Way};
use platform::table::Walk;
use platform::testing::Table;
use serde_json::json;
use tests::journey::PASSWORD;
use tests::wire::OF_A_TEST;
use tests::{Tenant, World};

use tests::story::Story;

/// The tenants' table with the credentials that an authorizer has vended for this tenant.
fn vended(world: &World, tenant: &Tenant) -> Table {
    let (url, name) = world.tenant_table(OF_A_TEST, |url, name, _| (url.to_owned(), name));
    let event = json!({ "headers": { "authorization": format!("Bearer {}", tenant.token) } });
    let answer = world.block_on(world.cloud().invoke("AuthorizeWriteFunction", event)).unwrap();
    let key = |name: &str| answer["context"][name].as_str().unwrap().to_owned();
    Table::new(&url, name, ["accessKeyId", "secretAccessKey", "sessionToken"].map(key))
}

fn open_world() -> World {
    World::start_with(|options| options.authorization = Authorization::Open)
}

#[test]
fn a_scope_of_another_tenant_is_found_where_nothing_else_refuses_it() {
    let world = open_world();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let walk = |table: &Table, tenant: &Tenant| {
        let scope = table.scope_of(tenant.id.parse().unwrap());
        world.block_on(scope.walk(Walk::default())).unwrap()
    };
    let table = vended(&world, &acme);
    walk(&table, &acme);
    assert_eq!(world.foreign_touches(), [] as [String; 0]);
    walk(&table, &globex);
    let foreign = world.foreign_touches();
    let of_globex = format!("owner: Some(\"T#{}#\")", globex.id);
    for way in ["way: Asked", "way: Answered"] {
        assert!(
            foreign.iter().any(|one| one.contains(way) && one.contains(&of_globex)),
            "{way}: {foreign:?}"
        );
    }
    assert!(foreign.iter().all(|one| one.contains(&format!("tenant: Some(\"{}\")", acme.id))), "{foreign:?}");
}

#[test]
fn what_policies_refuse_is_found_as_well() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let scope = vended(&world, &acme).scope_of(globex.id.parse().unwrap());
    assert!(world.block_on(scope.walk(Walk::default())).is_err());
    let foreign = world.foreign_touches();
    assert!(!foreign.is_empty() && foreign.iter().all(|one| one.contains("way: Denied")), "{foreign:?}");
}

#[test]
fn a_session_without_a_tenant_is_found_at_the_table_of_tenants() {
    let world = open_world();
    let tenant = world.tenant("acme");
    for (session, is_found) in [("ListOrdersFunction", true), (OF_A_TEST, false)] {
        let scope = world.tenant_table(session, Table::new).scope_of(tenant.id.parse().unwrap());
        world.block_on(scope.walk(Walk::default())).unwrap();
        assert_eq!(!world.foreign_touches().is_empty(), is_found, "{session}");
    }
}

/// The request names a key of its own tenant, so that no policy refuses it.
#[test]
fn an_item_of_another_tenant_is_found_in_an_answer() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let [_, foreign_product] = [&acme, &globex].map(|tenant| tenant.admin.create_product("Desk lamp", 1250));
    let rows = world.scan();
    let facet_of = |tenant: &Tenant| {
        let prefix = format!("T#{}#products", tenant.id);
        let row = rows
            .iter()
            .find(|row| row["facet"]["S"].as_str().is_some_and(|facet| facet.starts_with(&prefix)));
        row.unwrap().clone()
    };
    let mut misfiled = facet_of(&globex);
    misfiled["facet"] = facet_of(&acme)["facet"].clone();
    world.put_rows(vec![misfiled]);
    assert_eq!(world.foreign_touches(), [] as [String; 0], "a test prepares what it likes");
    let listed = acme.admin.get("/products?status=active").send().expect(200);
    assert!(!listed.to_string().contains(client::id(&foreign_product)), "the store leaves it out: {listed}");
    let foreign = world.foreign_touches();
    let expected = ["action: \"Query\"", "attribute: \"pk\"", "way: Answered", &format!("T#{}#", globex.id)];
    assert!(!foreign.is_empty());
    assert!(foreign.iter().all(|one| expected.iter().all(|part| one.contains(part))), "{foreign:?}");
}

#[test]
fn the_proof_sees_every_class_of_access_and_both_keys() {
    let world = World::start();
    let tenant = world.tenant("acme");
    Story::of(&world, &tenant).tell();
    tenant.admin.get("/products?status=active").send().expect(200);
    let admin = json!({ "name": "Grace", "email": "grace@acme.example", "password": PASSWORD });
    world.operator().post(&format!("/tenants/{}/admins", tenant.id), &admin).send().expect(201);
    let mut notes: Vec<Note> = Vec::new();
    let classes = eventually("consumers have worked", || {
        notes.extend(world.cloud().services().wire().take());
        let classes: BTreeSet<String> = notes.iter().filter_map(|note| note.touch.class.clone()).collect();
        (classes.len() == 20).then_some(classes)
    });
    let expected = [
        "admit",
        "close-usage",
        "follow-comments",
        "identity",
        "move-address",
        "notify",
        "onboard",
        "operate",
        "project-orders",
        "project-posts",
        "publish-posts",
        "purge-plugins",
        "read",
        "record-audit",
        "register-tenants",
        "register-user",
        "request-link",
        "send-links",
        "sign-in",
        "write",
    ];
    assert_eq!(classes, expected.map(str::to_owned).into());
    for (action, attribute, way) in [
        ("TransactWriteItems", "pk", Way::Asked),
        ("TransactWriteItems", "facet", Way::Asked),
        ("Query", "pk", Way::Asked),
        ("Query", "facet", Way::Asked),
        ("Query", "pk", Way::Answered),
        ("Query", "facet", Way::Answered),
        ("GetItem", "pk", Way::Answered),
        ("BatchGetItem", "pk", Way::Answered),
    ] {
        let is_noted = notes.iter().any(|Note { touch, .. }| {
            (touch.action.as_str(), touch.attribute.as_str(), touch.way) == (action, attribute, way)
        });
        assert!(is_noted, "{action} {attribute} {way:?}");
    }
    let mut of_tenants = notes.iter().filter(|note| note.touch.table == "TenantTable");
    assert!(of_tenants.all(|note| note.touch.owner == Some(format!("T#{}#", tenant.id))));
}
