//! What operators list: tenants, what was done in one, and what operators did.

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::World;
use tests::journey::onboarding;

const OPERATOR: &str = "arn:aws:iam::123456789012:user/local/operator";

fn page(client: &Http, path: &str) -> Value {
    client.get(path).send().expect(200)
}

fn slugs(page: &Value) -> Vec<&str> {
    items(&page["items"]).iter().map(|item| item["slug"].as_str().unwrap()).collect()
}

/// All items of a list, page by page, and the number of pages.
fn walked(client: &Http, path: &str) -> (Vec<Value>, usize) {
    let (mut all, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = page(client, &format!("{path}{cursor}"));
        all.extend(items(&page["items"]).to_vec());
        pages += 1;
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (all, pages),
        }
    }
}

/// Waits until the register has caught up.
fn listed(world: &World, path: &str, wanted: &[&str]) -> Value {
    eventually("the register has caught up", || {
        let page = page(&world.operator(), path);
        (slugs(&page) == wanted).then_some(page)
    })
}

#[test]
fn the_newest_tenants_are_listed_first_as_they_are_now() {
    let world = World::start();
    for slug in ["acme", "globex", "initech"] {
        world.onboard(slug);
    }
    let list = listed(&world, "/tenants", &["initech", "globex", "acme"]);
    let acme = &list["items"][2];
    let onboarding = page(&world.operator(), &format!("/operators/audit?tenant={}", id(acme)));
    assert_eq!(acme["onboardedAt"], onboarding["items"][0]["at"]);
    assert_eq!(
        *acme,
        json!({
            "id": acme["id"], "name": "Tenant acme", "slug": "acme", "tier": acme["tier"], "status": "active",
            "onboardedAt": acme["onboardedAt"],
        })
    );
    assert_eq!(page(&world.operator(), &format!("/tenants/{}", id(acme)))["tier"], acme["tier"]);
    world.suspend(id(acme));
    let suspended = listed(&world, "/tenants?status=suspended", &["acme"]);
    assert_eq!(suspended["items"][0]["onboardedAt"], acme["onboardedAt"]);
    listed(&world, "/tenants?status=active", &["initech", "globex"]);
    world.resume(id(acme));
    listed(&world, "/tenants?status=suspended", &[]);
}

#[test]
fn tenants_are_found_by_name_slug_tier_and_status() {
    let world = World::start();
    let mut ids = Vec::new();
    for (slug, name) in
        [("acme", "Acme GmbH"), ("acme-two", "ACME Two"), ("globex", "Globex"), ("eclair", "Éclair")]
    {
        let mut body = onboarding(slug);
        body["name"] = json!(name);
        ids.push(id(&world.operator().post("/tenants", &body).send().expect(201)).to_owned());
    }
    listed(&world, "/tenants", &["eclair", "globex", "acme-two", "acme"]);
    let operator = world.operator_as("operator-read");
    let tier = page(&operator, "/tenants")["items"][0]["tier"].as_str().unwrap().to_owned();
    for (query, wanted) in [
        ("name=acme", &["acme-two", "acme"][..]),
        ("name=ACME%20g", &["acme"]),
        ("name=%C3%A9cl", &["eclair"]),
        ("name=cme", &[]),
        ("slug=acme", &["acme"]),
        ("slug=acme&name=glo", &[]),
        ("slug=nobody", &[]),
        ("slug=acme&status=suspended", &[]),
        (&format!("tier={tier}"), &["eclair", "globex", "acme-two", "acme"]),
        (&format!("tier={tier}&name=g&status=active"), &["globex"]),
    ] {
        let found = page(&operator, &format!("/tenants?{query}"));
        assert_eq!(slugs(&found), wanted, "{query}");
        assert!(found.get("nextCursor").is_none() || !wanted.is_empty(), "{query}");
    }
    for path in
        ["/tenants?limit=1", "/tenants?limit=3", "/tenants?limit=1&name=a", "/tenants?limit=2&status=active"]
    {
        let (all, pages) = walked(&operator, path);
        let expected: Vec<&String> = ids.iter().rev().collect();
        let found: Vec<&str> = all.iter().map(id).collect();
        match path.contains("name") {
            true => assert_eq!(found, [&ids[1], &ids[0]], "{path}"),
            false => assert_eq!(found, expected, "{path}"),
        }
        assert!(pages > 1, "{path}");
    }
    // The cursor of another filter is a place in the same order.
    let behind = format!("/tenants?slug=globex&cursor={}", ids[2]);
    assert_eq!(slugs(&page(&operator, &behind)), [""; 0]);
}

/// The register is a projection: the row of an older version does not replace a newer one, whoever is late.
#[test]
fn a_rename_reaches_the_register() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let known = tenant.admin.get("/tenant").send().expect(200);
    tenant.admin.patch("/tenant", &json!({ "name": "Acme Two" })).if_match(&known).send().expect(200);
    eventually("the new name is listed", || {
        let list = page(&world.operator(), "/tenants?name=acme");
        (list["items"][0]["name"] == "Acme Two").then_some(())
    });
    assert_eq!(slugs(&page(&world.operator(), "/tenants?name=tenant")), [""; 0]);
}

#[test]
fn operators_see_a_tenant_s_audit_as_its_admins_do() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    acme.admin.create_product("Desk lamp", 1250);
    globex.admin.create_product("Bulb", 99);
    eventually("the audit has both events", || {
        let own = page(&acme.admin, "/audit");
        (items(&own["items"]).len() == 2).then_some(())
    });
    let path = format!("/tenants/{}/audit", acme.id);
    let operator = world.operator_as("operator-read");
    for query in [
        String::new(),
        "?limit=1".to_owned(),
        "?kind=product.created".to_owned(),
        "?actor=operator".to_owned(),
        "?actor=operator&kind=tenant.onboarded".to_owned(),
        format!("?actor={}", acme.admin_id),
        "?to=2020-01-01T00:00:00Z".to_owned(),
    ] {
        assert_eq!(
            page(&operator, &format!("{path}{query}")),
            page(&acme.admin, &format!("/audit{query}")),
            "{query}"
        );
    }
    // A user of another tenant has done nothing here.
    let foreign = page(&operator, &format!("{path}?actor={}", globex.admin_id));
    assert_eq!(foreign, json!({ "items": [] }));
    let nobody = "/tenants/ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d/audit";
    operator.get(nobody).send().problem(404, "not-found");
}

#[test]
fn the_operators_audit_tells_who_did_what_to_whom_newest_first() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.onboard(slug));
    let between = page(&world.operator(), "/operators/audit")["items"][0]["at"].as_str().unwrap().to_owned();
    world.suspend(id(&acme));
    world.resume(id(&acme));
    let operator = world.operator_as("operator-read");
    let (all, pages) = walked(&operator, "/operators/audit?limit=1");
    assert!(pages >= 4, "{pages}");
    assert_eq!(all.len(), 4);
    let done = |kind: &str, tenant: &Value| json!({ "at": 0, "principal": OPERATOR, "action": { "kind": kind }, "tenant": tenant["id"] });
    let mut expected = [
        done("resumeTenant", &acme),
        done("suspendTenant", &acme),
        done("onboardTenant", &globex),
        done("onboardTenant", &acme),
    ];
    for (row, expected) in all.iter().zip(&mut expected) {
        expected["at"] = row["at"].clone();
        if expected["action"]["kind"] == "onboardTenant" {
            expected["action"]["slug"] = row["action"]["slug"].clone();
            expected["action"]["tier"] = row["action"]["tier"].clone();
        }
        assert_eq!(row, expected);
    }
    let found = |query: &str| items(&page(&operator, &format!("/operators/audit?{query}"))["items"]).to_vec();
    assert_eq!(found(&format!("tenant={}", id(&globex))), [all[2].clone()]);
    assert_eq!(found(&format!("principal={OPERATOR}")), all);
    assert_eq!(found("principal=arn:aws:iam::123456789012:user/ada"), [Value::Null; 0]);
    assert_eq!(found(&format!("tenant={}&principal={OPERATOR}&limit=2", id(&acme))), all[..2]);
    assert_eq!(found(&format!("to={between}")), all[2..]);
    let later = found(&format!("from={}", all[1]["at"].as_str().unwrap()));
    assert_eq!(later, all[..2]);
    assert_eq!(walked(&operator, &format!("/operators/audit?tenant={}&limit=1", id(&acme))).0.len(), 3);
}

#[test]
fn bad_parameters_of_operators_lists_are_refused_by_name() {
    let world = World::start();
    let tenant = format!("/tenants/{}/audit", id(&world.onboard("acme")));
    for (path, field) in [
        ("/tenants?status=asleep", "/status"),
        ("/tenants?tier=", "/tier"),
        ("/tenants?name=", "/name"),
        ("/tenants?slug=A%20B", "/slug"),
        ("/tenants?cursor=acme", "/cursor"),
        ("/tenants?limit=0", "/limit"),
        ("/tenants?order=name", "/order"),
        ("/operators/audit?tenant=acme", "/tenant"),
        ("/operators/audit?principal=ada", "/principal"),
        ("/operators/audit?cursor=acme", "/cursor"),
        ("/operators/audit?from=yesterday", "/from"),
        ("/operators/audit?from=2999-01-01T00:00:00Z", "/from"),
        ("/operators/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "/from"),
        (&format!("{tenant}?kind=unheard.of"), "/kind"),
        (&format!("{tenant}?actor=ada"), "/actor"),
    ] {
        let refusal = world.operator().get(path).send().problem(422, "validation");
        assert_eq!(refusal["errors"][0]["field"], field, "{path}: {refusal}");
    }
}

#[test]
fn nobody_but_an_operator_lists_tenants_or_audits() {
    let world = World::start();
    let tenant = world.tenant("acme");
    for path in
        ["/tenants".to_owned(), "/operators/audit".to_owned(), format!("/tenants/{}/audit", tenant.id)]
    {
        for client in [Http::clone(&world.unsigned()), Http::clone(&world.unsigned().bearing(&tenant.token))]
        {
            client.get(&path).send().gateway_refusal(403, "Forbidden");
        }
    }
    for path in ["/tenants", "/operators/audit"] {
        tenant.admin.get(path).send().gateway_refusal(404, "Not Found");
    }
}
