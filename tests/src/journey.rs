//! Setup steps that most tests share.

use client::{Admin, Anonymous, Http, Member, Response, eventually, id, items};
use serde_json::{Value, json};

use crate::World;

/// Not the example of the document: who sends that as the present password must not change it.
pub const PASSWORD: &str = "a password of the tests";

/// An onboarded tenant, with its admin signed in.
pub struct Tenant {
    pub id: String,
    pub slug: String,
    pub email: String,
    pub admin_id: String,
    pub token: String,
    pub admin: Admin,
}

/// The request body that onboards a tenant with this slug.
pub fn onboarding(slug: &str) -> Value {
    json!({
        "name": format!("Tenant {slug}"),
        "slug": slug,
        "tier": "pro",
        "admin": { "name": "Ada Admin", "email": email_of(slug), "password": PASSWORD },
    })
}

pub fn email_of(slug: &str) -> String {
    format!("ada@{slug}.example")
}

/// Returns the tenant as the operator gets it.
pub(crate) fn onboard(operator: &Http, slug: &str) -> Value {
    operator.post("/tenants", &onboarding(slug)).send().expect(201)
}

impl World {
    /// Onboards a tenant of this tier and signs in as its admin.
    pub fn tenant_of_tier(&self, slug: &str, tier: &str) -> Tenant {
        Tenant::of_tier(&self.operator(), &self.anonymous(), slug, tier)
    }

    /// Asks for a link by which the password of who has this address is replaced.
    pub fn ask_for_reset(&self, slug: &str, email: &str) -> Response {
        self.anonymous().post("/password-resets", &json!({ "tenant": slug, "email": email })).send()
    }

    /// Registers somebody with the tenant of this slug.
    pub fn register(&self, slug: &str, email: &str) -> Response {
        let body = json!({ "tenant": slug, "email": email, "name": "Rea Registered" });
        self.anonymous().post("/registrations", &body).send()
    }

    /// The tokens of all links that were mailed to this address, in the order of the mails.
    pub fn mailed_tokens(&self, email: &str) -> Vec<String> {
        let mails = self.cloud().mailbox().into_iter().filter(|mail| mail.to == [email]);
        let token = |text: &str| {
            let (_, behind) = text.split_once("http://localhost:5173/")?;
            let (_, token) = behind.split_whitespace().next()?.split_once('#')?;
            Some(token.to_owned())
        };
        mails.filter_map(|mail| token(&mail.text)).collect()
    }

    /// The token of the link that is mailed to this address after so many others.
    pub fn mailed_token(&self, email: &str, others: usize) -> String {
        eventually("a link is mailed", || self.mailed_tokens(email).get(others).cloned())
    }

    /// The token of a link that was asked for now.
    pub fn reset_token(&self, slug: &str, email: &str) -> String {
        let before = self.mailed_tokens(email).len();
        self.ask_for_reset(slug, email).expect(202);
        self.mailed_token(email, before)
    }

    /// Invites somebody to become the owner of the tenant, as an operator.
    pub fn replace_owner(&self, tenant: &str, email: &str) -> Response {
        let body = json!({ "name": "Olga Owner", "email": email });
        self.operator().post(&format!("/tenants/{tenant}/owner"), &body).send()
    }

    /// Puts a link by which a user has asked for this new address, and returns its token: no consumer needs to run.
    pub fn plant_email_link(&self, tenant: &Tenant, user: &str, email: &str) -> String {
        // The SHA-256 of 32 zeros.
        const SECRET: &str = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        let link = user.replace("usr_", "lnk_");
        let of = |kind: &str| format!("T#{}#{kind}#{user}", tenant.id);
        let rows = self.scan();
        let row = rows.iter().find(|row| row["pk"]["S"] == of("user").as_str() && row["sk"]["S"] == "-");
        let row = row.and_then(|row| row["doc"]["S"].as_str()).expect("a user has a row");
        let known: Value = serde_json::from_str(row).expect("a document is JSON");
        let document = json!({
            "link": link, "secret": SECRET, "passwordOf": known["validFrom"], "state": "sent", "askedBy": user, "to": email,
        });
        self.put_row(&json!({
            "pk": { "S": of("links") }, "sk": { "S": "f#emailChange" }, "version": { "N": "1" },
            "doc": { "S": document.to_string() }, "expiresAt": { "N": "9999999999" },
        }));
        format!("{}.{user}.{link}.{}", tenant.slug, "A".repeat(43))
    }

    /// Puts the row of a tag that a published post has: no consumer needs to run.
    pub fn plant_tag(&self, tenant: &Tenant, slug: &str, name: &str) {
        self.put_row(&json!({
            "pk": { "S": format!("T#{}#tags", tenant.id) }, "sk": { "S": slug }, "name": { "S": name }, "count": { "N": "1" },
        }));
    }

    /// Changes what the tenant has, as an operator who has just looked at it.
    pub fn change_terms(&self, tenant: &str, change: &Value) -> Response {
        let (operator, path) = (self.operator(), format!("/tenants/{tenant}"));
        let known = operator.get(&path).send().expect(200);
        operator.patch(&path, change).if_match(&known).send()
    }
}

impl Tenant {
    pub fn onboard(operator: &Http, anonymous: &Anonymous, slug: &str) -> Tenant {
        let tenant = onboard(operator, slug);
        Tenant::sign_in(anonymous, id(&tenant), id(&tenant["admin"]), slug)
    }

    /// A tenant of another tier than that of most tests.
    pub fn of_tier(operator: &Http, anonymous: &Anonymous, slug: &str, tier: &str) -> Tenant {
        let mut body = onboarding(slug);
        body["tier"] = json!(tier);
        let tenant = operator.post("/tenants", &body).send().expect(201);
        Tenant::sign_in(anonymous, id(&tenant), id(&tenant["admin"]), slug)
    }

    fn sign_in(anonymous: &Anonymous, tenant: &str, admin: &str, slug: &str) -> Tenant {
        let email = email_of(slug);
        let session = anonymous.log_in(slug, &email, PASSWORD).expect(201);
        let token = session["accessToken"].as_str().expect("a session has a token").to_owned();
        Tenant {
            id: tenant.to_owned(),
            slug: slug.to_owned(),
            email,
            admin_id: admin.to_owned(),
            admin: anonymous.bearing(&token),
            token,
        }
    }

    /// The same tenant with another session of its admin, of which no authorizer's answer is kept yet.
    pub fn signed_in_anew(&self, anonymous: &Anonymous) -> Tenant {
        Tenant::sign_in(anonymous, &self.id, &self.admin_id, &self.slug)
    }

    /// The same tenant after a restart, which gives the API another address and leaves tokens valid.
    pub fn at(&self, anonymous: &Anonymous) -> Tenant {
        let admin = anonymous.bearing(&self.token);
        assert_eq!(admin.me()["id"], self.admin_id);
        let [id, slug, email, admin_id, token] =
            [&self.id, &self.slug, &self.email, &self.admin_id, &self.token].map(Clone::clone);
        Tenant { id, slug, email, admin_id, token, admin }
    }

    /// Registers a member with this name and signs in as the member.
    pub fn member(&self, anonymous: &Anonymous, name: &str) -> Member {
        let user = self.admin.register(name, &self.address(name), "member", PASSWORD).expect(201);
        anonymous.member(&self.slug, &user, PASSWORD)
    }

    /// Invites a user, and returns the user's id.
    pub fn invite(&self, name: &str, email: &str, roles: &[&str]) -> String {
        let body = json!({ "invitations": [{ "name": name, "email": email, "roles": roles }] });
        let invited = self.admin.post("/invitations", &body).send().expect(200);
        let user = invited["items"][0]["user"].as_str();
        user.unwrap_or_else(|| panic!("{invited}")).to_owned()
    }

    /// Decides who may register, as the owner who has just looked.
    pub fn admit(&self, registration: &Value) -> Response {
        let known = self.admin.get("/tenant").send().expect(200);
        self.admin.put("/tenant/registration", registration).if_match(&known).send()
    }

    /// The e-mail address of a user with this name.
    pub fn address(&self, name: &str) -> String {
        format!("{}@{}.example", name.to_lowercase().replace(' ', "."), self.slug)
    }

    /// Creates a product and orders two of it.
    pub fn order(&self) -> Value {
        let product = self.admin.create_product("Desk lamp", 1250);
        self.admin.place_order(&product, 2)
    }

    /// Places and confirms an order, and waits until the dashboard shows the confirmation and its notification.
    pub fn settled_order(&self) -> Value {
        let order = self.order();
        let confirmed = self.admin.confirm(&order).expect(200);
        self.settled(&confirmed);
        confirmed
    }

    /// Waits until the dashboard shows this order as confirmed and its notification, and returns the dashboard.
    pub fn settled(&self, order: &Value) -> Value {
        eventually("the dashboard shows the confirmed order and its notification", || {
            let dashboard = self.admin.dashboard();
            let listed = items(&dashboard["recentOrders"])
                .iter()
                .any(|row| row["id"] == order["id"] && row["status"] == "confirmed");
            let notified =
                items(&dashboard["notifications"]["items"]).iter().any(|row| row["orderId"] == order["id"]);
            (listed && notified).then_some(dashboard)
        })
    }
}

/// The number of notifications that a dashboard shows.
pub fn notification_count(dashboard: &Value) -> usize {
    items(&dashboard["notifications"]["items"]).len()
}

/// Asserts that one of the concurrent changes to a version succeeded and that the others were refused.
#[track_caller]
pub fn assert_one_won(statuses: &mut [u16]) {
    statuses.sort_unstable();
    let others_refused = statuses.iter().skip(1).all(|status| [409, 412].contains(status));
    assert!(statuses.first() == Some(&200) && others_refused, "{statuses:?}");
}
