//! The steps that most tests begin with.

use client::{Admin, Anonymous, Member, Operator, eventually, id, items};
use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

/// A tenant that was onboarded, and its admin signed in.
pub struct Tenant {
    pub id: String,
    pub slug: String,
    pub email: String,
    pub admin_id: String,
    pub token: String,
    pub admin: Admin,
}

/// The body that onboards a tenant of this slug.
pub fn onboarding(slug: &str) -> Value {
    json!({
        "name": format!("Tenant {slug}"),
        "slug": slug,
        "tier": "standard",
        "admin": { "name": "Ada Admin", "email": email_of(slug), "password": PASSWORD },
    })
}

pub fn email_of(slug: &str) -> String {
    format!("ada@{slug}.example")
}

/// What the operator is answered.
pub(crate) fn onboard(operator: &Operator, slug: &str) -> Value {
    operator.post("/tenants", &onboarding(slug)).send().expect(201)
}

impl Tenant {
    pub fn onboard(operator: &Operator, anonymous: &Anonymous, slug: &str) -> Tenant {
        let tenant = onboard(operator, slug);
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

    /// Registers a member of this name, and signs in.
    pub fn member(&self, anonymous: &Anonymous, name: &str) -> Member {
        let user = self.admin.register(name, &self.address(name), "member", PASSWORD).expect(201);
        anonymous.member(&self.slug, &user, PASSWORD)
    }

    /// The e-mail address of a user of this name.
    pub fn address(&self, name: &str) -> String {
        format!("{}@{}.example", name.to_lowercase().replace(' ', "."), self.slug)
    }

    /// A product, and an order of two of it.
    pub fn order(&self) -> Value {
        let product = self.admin.create_product("Desk lamp", 1250);
        self.admin.place_order(&product, 2)
    }

    /// An order whose confirmation has reached the lists and the notifications.
    pub fn settled_order(&self) -> Value {
        let order = self.order();
        let confirmed = self.admin.confirm(&order).expect(200);
        self.settled(&confirmed);
        confirmed
    }

    /// Waits until the dashboard shows this order confirmed, and its notification.
    pub fn settled(&self, order: &Value) -> Value {
        eventually("the dashboard shows the confirmed order and its notification", || {
            let dashboard = self.admin.dashboard();
            let listed = items(&dashboard["recentOrders"])
                .iter()
                .any(|row| row["id"] == order["id"] && row["status"] == "confirmed");
            let told =
                items(&dashboard["notifications"]["items"]).iter().any(|row| row["orderId"] == order["id"]);
            (listed && told).then_some(dashboard)
        })
    }
}

/// How many notifications a dashboard shows.
pub fn told(dashboard: &Value) -> usize {
    items(&dashboard["notifications"]["items"]).len()
}

/// Of changes of one version that raced, one was carried out and the others are told so.
#[track_caller]
pub fn assert_one_won(statuses: &mut [u16]) {
    statuses.sort_unstable();
    let told = statuses.iter().skip(1).all(|status| [409, 412].contains(status));
    assert!(statuses.first() == Some(&200) && told, "{statuses:?}");
}
