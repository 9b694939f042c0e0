use client::{eventually, id, items};
use serde_json::{Value, json};

use crate::journey::{PASSWORD, onboarding};

use super::{Call, Fixture};

fn get(fixture: &Fixture, path: String) -> Box<dyn FnOnce() + '_> {
    Box::new(move || drop(fixture.world.operator().get(&path).send().expect(200)))
}

/// Once the tenant is in the register.
fn listed<'a>(fixture: &'a Fixture, path: &str) -> Box<dyn FnOnce() + 'a> {
    eventually("the tenant is listed", || {
        let page = fixture.world.operator().get("/tenants").send().expect(200);
        (!items(&page["items"]).is_empty()).then_some(())
    });
    get(fixture, path.to_owned())
}

/// Of a tenant that is there.
fn new_admin(fixture: &Fixture) -> (String, Value) {
    let tenant = fixture.world.onboard(&fixture.unique("globex"));
    let body = json!({ "name": "Grace Admin", "email": "grace@globex.example", "password": PASSWORD });
    (format!("/tenants/{}/admins", id(&tenant)), body)
}

pub(super) const CALLS: &[Call] = &[
    // These come first: what they read grows with each command.
    ("GET /operators/audit", "", 1, |fixture| get(fixture, "/operators/audit?limit=10".to_owned())),
    ("GET /operators/audit", "of one tenant, past the others of a screen", 1, |fixture| {
        get(fixture, format!("/operators/audit?limit=10&tenant={}", fixture.tenant.id))
    }),
    ("POST /tenants", "", 3, |fixture| {
        let body = onboarding(&fixture.unique("globex"));
        Box::new(move || drop(fixture.world.operator().post("/tenants", &body).send().expect(201)))
    }),
    ("GET /tenants", "", 1, |fixture| listed(fixture, "/tenants?limit=5")),
    ("GET /tenants", "of one name", 1, |fixture| listed(fixture, "/tenants?limit=5&name=tenant")),
    ("GET /tenants", "of one slug", 2, |fixture| listed(fixture, "/tenants?slug=acme")),
    ("GET /tenants/{id}/audit", "", 3, |fixture| {
        get(fixture, format!("/tenants/{}/audit?limit=1", fixture.tenant.id))
    }),
    ("GET /tenants/{id}/audit", "of one kind", 2, |fixture| {
        get(fixture, format!("/tenants/{}/audit?kind=tenant.onboarded", fixture.tenant.id))
    }),
    ("GET /tenants/{id}", "", 3, |fixture| get(fixture, format!("/tenants/{}", fixture.tenant.id))),
    ("PUT /tenants/{id}/suspension", "", 3, |fixture| {
        let path = format!("/tenants/{}/suspension", id(&fixture.world.onboard(&fixture.unique("globex"))));
        let body = json!({ "reason": "Unpaid since March" });
        let request =
            move || fixture.world.operator().put(&path, &body).header("if-match", "*").send().expect(200);
        Box::new(move || drop(request()))
    }),
    ("DELETE /tenants/{id}/suspension", "", 3, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        fixture.world.suspend(id(&tenant));
        let path = format!("/tenants/{}/suspension", id(&tenant));
        let request =
            move || fixture.world.operator().delete(&path).header("if-match", "*").send().expect(200);
        Box::new(move || drop(request()))
    }),
    ("PATCH /tenants/{id}", "", 3, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        let (operator, path) = (fixture.world.operator(), format!("/tenants/{}", id(&tenant)));
        Box::new(move || {
            drop(operator.patch(&path, &json!({ "tier": "free" })).if_match(&tenant).send().expect(200));
        })
    }),
    ("GET /tiers", "", 1, |fixture| {
        Box::new(|| drop(fixture.world.operator().get("/tiers").send().expect(200)))
    }),
    ("PUT /tiers/{name}", "", 2, |fixture| {
        let operator = fixture.world.operator();
        let known = operator.get("/tiers").send().expect(200);
        let terms = json!({
            "requests": 500, "users": 10, "products": 100, "features": [], "price": { "amount": 0, "currency": "EUR" },
        });
        Box::new(move || drop(operator.put("/tiers/free", &terms).if_match(&known).send().expect(200)))
    }),
    ("POST /tenants/{id}/admins", "", 3, |fixture| {
        let (path, body) = new_admin(fixture);
        Box::new(move || drop(fixture.world.operator().post(&path, &body).send().expect(201)))
    }),
    ("POST /tenants/{id}/admins", "with a key", 4, |fixture| {
        let (path, body) = new_admin(fixture);
        Box::new(move || {
            let request = fixture.world.operator();
            drop(
                request.post(&path, &body).header("idempotency-key", &fixture.unique("k")).send().expect(201),
            );
        })
    }),
    ("POST /tenants/{id}/owner", "", 3, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        Box::new(move || {
            drop(fixture.world.replace_owner(id(&tenant), "olga@globex.example").expect(201));
        })
    }),
    ("POST /tenants/{id}/owner", "again", 4, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        let invite =
            move || drop(fixture.world.replace_owner(id(&tenant), "olga@globex.example").expect(201));
        invite();
        Box::new(invite)
    }),
    ("POST /tenants/{id}/owner", "with a key", 4, |fixture| {
        let tenant = fixture.world.onboard(&fixture.unique("globex"));
        let path = format!("/tenants/{}/owner", id(&tenant));
        let body = json!({ "name": "Olga Owner", "email": "olga@globex.example" });
        Box::new(move || {
            let request = fixture.world.operator();
            drop(
                request.post(&path, &body).header("idempotency-key", &fixture.unique("k")).send().expect(201),
            );
        })
    }),
    ("POST /tenants", "with a key", 4, |fixture| {
        let slug = fixture.unique("globex");
        let body = onboarding(&slug);
        Box::new(move || {
            let request = fixture.world.operator();
            drop(request.post("/tenants", &body).header("idempotency-key", &slug).send().expect(201));
        })
    }),
];
