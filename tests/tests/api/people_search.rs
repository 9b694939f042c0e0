use std::ops::Range;

use client::{Admin, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::order_steps::all_pages;
use tests::{Tenant, World};

/// The names of all users whom the query lists, a few a page.
fn names(admin: &Admin, query: &str) -> Vec<String> {
    let all = all_pages(admin, &format!("/users?limit=2&{query}"));
    all.iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect()
}

/// Registers people in this order, beside Ada Admin.
fn with_people(world: &World) -> Tenant {
    let tenant = world.tenant("acme");
    world.tenant("globex");
    for (name, address, role) in [
        ("Émile Zola", "emile@paris.example", "member"),
        ("bob", "bob@acme.example", "editor"),
        ("Straßer", "lisa+x@acme.example", "member"),
        ("Bob", "another.bob@acme.example", "member"),
    ] {
        tenant.admin.register(name, address, role, PASSWORD).expect(201);
    }
    tenant
}

#[test]
fn people_are_listed_by_name_and_by_date_page_by_page() {
    let world = World::start();
    let tenant = with_people(&world);
    let by_name = ["Ada Admin", "bob", "Bob", "Émile Zola", "Straßer"];
    let by_date = ["Ada Admin", "Émile Zola", "bob", "Straßer", "Bob"];
    let reversed = |names: [&'static str; 5]| names.into_iter().rev().collect::<Vec<_>>();
    assert_eq!(names(&tenant.admin, ""), by_name);
    assert_eq!(names(&tenant.admin, "sort=name"), by_name);
    assert_eq!(names(&tenant.admin, "sort=-name"), reversed(by_name));
    assert_eq!(names(&tenant.admin, "sort=createdAt"), by_date);
    assert_eq!(names(&tenant.admin, "sort=-createdAt"), reversed(by_date));

    let first = tenant.admin.get("/users?limit=1").send().expect(200);
    let (ada, whole) = (&first["items"][0], tenant.admin.get("/me").send().expect(200));
    let shown = json!({
        "id": whole["id"], "name": "Ada Admin", "email": whole["email"], "roles": ["admin"], "isOwner": true,
        "status": "active", "createdAt": whole["createdAt"], "lastSignInAt": whole["lastSignInAt"], "version": 1,
    });
    assert_eq!(*ada, shown);

    // A user who is renamed between two pages moves no place.
    let cursor = first["nextCursor"].as_str().unwrap().to_owned();
    tenant.admin.rename(&whole, "Zoe").expect(200);
    let rest = tenant.admin.get(&format!("/users?cursor={cursor}")).send().expect(200);
    let rest: Vec<&Value> = items(&rest["items"]).iter().map(|user| &user["name"]).collect();
    assert_eq!(rest, ["bob", "Bob", "Émile Zola", "Straßer", "Zoe"]);
    assert_eq!(names(&tenant.admin, "q=ada%20admin"), Vec::<String>::new());
}

#[test]
fn people_are_found_by_what_a_filter_or_a_search_says() {
    let world = World::start();
    let tenant = with_people(&world);
    let bob = tenant.admin.get("/users?q=another.bob").send().expect(200)["items"][0].take();
    tenant.admin.deactivate(&bob).expect(200);
    let today = tenant.admin.me()["createdAt"].as_str().unwrap()[..10].to_owned();
    let nobody: &[&str] = &[];
    for (query, found) in [
        ("q=EMILE", &["Émile Zola"][..]),
        ("q=strass", &["Straßer"]),
        ("q=lisa%2B", &["Straßer"]),
        ("q=acme.example", &["Ada Admin", "bob", "Bob", "Straßer"]),
        ("q=nobody", nobody),
        ("filter=status:active", &["Ada Admin", "bob", "Émile Zola", "Straßer"]),
        ("filter=status:deactivated", &["Bob"]),
        ("filter=status:active%2Brole:[editor,admin]", &["Ada Admin", "bob"]),
        ("filter=status:active+role:member", &["Émile Zola", "Straßer"]),
        ("filter=role:-member", &["Ada Admin", "bob"]),
        ("filter=role:admin,status:deactivated", &["Ada Admin", "Bob"]),
        ("filter=(role:admin,status:deactivated)%2Bname:~bo", &["Bob"]),
        ("filter=email:~^bob,email:emile@paris.example", &["bob", "Émile Zola"]),
        ("filter=name:'emile%20zola'", &["Émile Zola"]),
        ("filter=lastSignInAt:%3E2100-01-01", nobody),
        ("filter=lastSignInAt:null", &["bob", "Bob", "Émile Zola", "Straßer"]),
        ("filter=lastSignInAt:%3E2026-01-01", &["Ada Admin"]),
        ("filter=role:member&q=bob", &["Bob"]),
    ] {
        assert_eq!(names(&tenant.admin, query), found, "{query}");
    }
    for (query, count) in
        [(format!("filter=createdAt:%3E={today}"), 5), (format!("filter=createdAt:%3C{today}"), 0)]
    {
        assert_eq!(names(&tenant.admin, &query).len(), count, "{query}");
    }
    let counted =
        |query: &str| tenant.admin.get(&format!("/users?limit=1&{query}")).send().expect(200)["total"].take();
    assert_eq!(counted("total=true"), 5);
    assert_eq!(counted("total=true&filter=role:member&sort=createdAt"), 3);
    assert_eq!(counted("total=false"), Value::Null);
    assert_eq!(counted(""), Value::Null);
}

#[test]
fn what_cannot_be_searched_is_refused_with_its_reason() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let leaves = |number: usize| vec!["role:admin"; number].join(",");
    for (query, rule) in [
        ("q=a".to_owned(), "must be 2 to 100 characters long"),
        (format!("q={}", "a".repeat(200)), "must be 2 to 100 characters long"),
        ("q=%F0%9F%A6%80%F0%9F%A6%80".to_owned(), "must have a letter or a digit"),
        ("filter=".to_owned(), "must have a field with `:` and a value at character 1"),
        (
            "filter=shoeSize:42".to_owned(),
            "must not ask for shoeSize: the fields are status, role, createdAt, lastSignInAt, name, email",
        ),
        ("filter=((((((role:admin))))))".to_owned(), "must not have groups more than 5 deep in each other"),
        (format!("filter={}", leaves(21)), "must not compare with more than 20 values"),
        (format!("filter=name:{}", "a".repeat(3_000)), "must be at most 2000 bytes long"),
        ("sort=email".to_owned(), "must be one of: name, -name, createdAt, -createdAt"),
        ("total=maybe".to_owned(), "must be true or false"),
    ] {
        let refused = admin.get(&format!("/users?{query}")).send().problem(422, "validation");
        let field = query.split('=').next().unwrap();
        assert_eq!(refused["errors"], json!([{ "field": format!("/{field}"), "rule": rule }]), "{query}");
    }
    assert_eq!(
        items(&admin.get(&format!("/users?filter={}", leaves(20))).send().expect(200)["items"]).len(),
        1
    );
}

/// Adds members to the register, who are newer than all others.
fn add_people(world: &World, tenant: &Tenant, numbers: Range<usize>) {
    let rows = world.scan();
    let register = format!("T#{}#people", tenant.id);
    let known =
        rows.iter().find(|row| row["pk"]["S"] == register && row["sk"]["S"] == *tenant.admin_id).unwrap();
    let added = numbers.map(|number| {
        let id = format!("usr_01b0000000007000a000{number:012x}");
        let mut row = known.clone();
        row["sk"]["S"] = json!(id);
        row["orderedBy"]["S"] = json!(format!("person number {number}\u{1f}{id}"));
        row["name"]["S"] = json!(format!("Person Number {number}"));
        row["folded"]["S"] = json!(format!("person number {number}"));
        row["email"]["S"] = json!(format!("person.number.{number}@acme.example"));
        row["roles"] = json!({ "SS": ["member"] });
        row
    });
    world.put_rows(added.collect());
}

/// Prints what a search costs. With `PEOPLE=10000`, these are the figures of the decision on the register.
#[test]
fn a_page_with_a_filter_reads_a_bounded_number_of_rows() {
    let people = std::env::var("PEOPLE").map_or(1_200, |count| count.parse().unwrap());
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    add_people(&world, &tenant, 0..people);
    let page = |query: &str| {
        let read = || tenant.admin.get(&format!("/users?{query}")).send().expect(200);
        let (page, consumed) = world.consumed("ListUsersFunction", read);
        println!("{query}: {} RCU, {:?}", consumed.units.read, consumed.calls);
        (page, consumed.units.read, consumed.calls["Query"])
    };
    let (first, read, queries) = page("");
    assert_eq!((items(&first["items"]).len(), queries), (20, 1));
    assert!(read <= 2.5, "{read}");
    // A filter that most meet costs little more.
    let (most, read, queries) = page("filter=role:member");
    assert_eq!((items(&most["items"]).len(), queries), (20, 1));
    assert!(read <= 4.5, "{read}");
    // One that nearly nobody meets reads 500 rows a page.
    let (rare, read, queries) = page("q=ada&sort=-createdAt");
    assert_eq!((items(&rare["items"]).len(), queries), (0, 2), "{rare}");
    assert!(read <= 26.0, "{read}");
    let found = all_pages(&tenant.admin, "/users?q=ada&sort=-createdAt");
    assert_eq!(found.iter().map(id).collect::<Vec<_>>(), [&tenant.admin_id]);
    let (counted, ..) = page("total=true&q=number");
    assert_eq!(counted["total"], people);
}

/// Else a total would cost the more, the more users there are.
#[test]
fn a_total_of_more_than_25_000_users_is_left_out_and_the_answer_says_why() {
    let world = World::start_unlimited();
    let tenant = world.tenant("acme");
    // The local DynamoDB counts a row that a full page has no room for as read twice: one more for each megabyte.
    add_people(&world, &tenant, 0..24_900);
    let page = |query: &str| tenant.admin.get(&format!("/users?limit=1&{query}")).send().expect(200);
    let counted = page("total=true");
    assert_eq!((&counted["total"], counted.get("totalOmitted")), (&json!(24_901), None));
    add_people(&world, &tenant, 24_900..25_000);
    for query in ["total=true", "total=true&q=ada"] {
        let page = page(query);
        let word = "More than 25,000 users would have to be read to count them.";
        assert_eq!((page.get("total"), &page["totalOmitted"]), (None, &json!(word)), "{query}");
    }
    let uncounted = page("total=false");
    assert_eq!((uncounted.get("total"), uncounted.get("totalOmitted")), (None, None));
}
