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

    /// The tokens of all links that were mailed to this address, in the order of the mails.
    pub fn mailed_tokens(&self, email: &str) -> Vec<String> {
        let mails = self.cloud().mailbox().into_iter().filter(|mail| mail.to == [email]);
        let token = |text: &str| {
            let (_, behind) = text.split_once("/password-reset#")?;
            behind.split_whitespace().next().map(str::to_owned)
        };
        mails.filter_map(|mail| token(&mail.text)).collect()
    }

    /// The token of a link that was asked for now.
    pub fn reset_token(&self, slug: &str, email: &str) -> String {
        let before = self.mailed_tokens(email).len();
        self.ask_for_reset(slug, email).expect(202);
        eventually("a link is mailed", || self.mailed_tokens(email).get(before).cloned())
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
