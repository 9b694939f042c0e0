//! Adds demo data through the public API. Existing data is not changed, so seeding can be repeated.

use std::time::Duration;

use client::{Admin, Anonymous, Operator, Request, RequestError, Response, items, within};
use serde_json::{Value, json};

const HEALTHY_WITHIN: Duration = Duration::from_secs(60);
const SHOWN_WITHIN: Duration = Duration::from_secs(120);

pub struct Demo {
    pub slug: &'static str,
    name: &'static str,
    admin: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    products: [(&'static str, u64); 3],
}

pub const DEMOS: [Demo; 2] = [
    Demo {
        slug: "acme",
        name: "Acme",
        admin: "Ada Admin",
        email: "ada@acme.example",
        password: "acme-demo-password",
        products: [("Anvil", 12_900), ("Rocket skates", 49_900), ("Giant magnet", 8_450)],
    },
    Demo {
        slug: "globex",
        name: "Globex",
        admin: "Hank Admin",
        email: "hank@globex.example",
        password: "globex-demo-password",
        products: [("Desk lamp", 1_250), ("Standing desk", 39_900), ("Chair", 18_900)],
    },
];

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the backend did not become healthy within {} seconds; see its output for the cause", HEALTHY_WITHIN.as_secs())]
    NotHealthy,
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("{what}: the backend answered {status}: {body}")]
    Refused { what: String, status: u16, body: String },
    #[error("{slug}'s confirmed order did not reach its dashboard within {} seconds", SHOWN_WITHIN.as_secs())]
    NotShown { slug: &'static str },
}

/// The text that is printed after seeding: how to sign in and what to try first.
pub fn introduction(url: &str, added: bool) -> String {
    let state = if added { "seeded" } else { "there" };
    let sign_ins: String = DEMOS
        .iter()
        .map(|demo| format!("  sign in   tenant {}, {}, {}\n", demo.slug, demo.email, demo.password))
        .collect();
    let curl = DEMOS[0].curl(url);
    format!(
        "\nThe demo tenants are {state}.\n\n  API       {url}\n{sign_ins}\nSign in and show a dashboard:\n\n{curl}\n"
    )
}

/// Returns whether anything was added.
pub fn seed(anonymous: &Anonymous, operator: &Operator) -> Result<bool, SeedError> {
    within(HEALTHY_WITHIN, || is_healthy(anonymous).then_some(())).ok_or(SeedError::NotHealthy)?;
    let mut added = false;
    for demo in &DEMOS {
        added |= demo.seed(anonymous, operator)?;
    }
    Ok(added)
}

fn is_healthy(anonymous: &Anonymous) -> bool {
    anonymous.get("/health").try_send().is_ok_and(|answer| answer.status == 200)
}

impl Demo {
    fn seed(&self, anonymous: &Anonymous, operator: &Operator) -> Result<bool, SeedError> {
        let new = self.onboard(operator)?;
        let admin = self.sign_in(anonymous)?;
        if !new && self.is_complete(&admin)? {
            return Ok(false);
        }
        self.fill(&admin)?;
        let shown = within(SHOWN_WITHIN, || match self.is_complete(&admin) {
            Ok(false) => None,
            answer => Some(answer),
        });
        shown.unwrap_or(Err(SeedError::NotShown { slug: self.slug })).map(|_| true)
    }

    /// Returns false if the tenant already exists.
    fn onboard(&self, operator: &Operator) -> Result<bool, SeedError> {
        let admin = json!({ "name": self.admin, "email": self.email, "password": self.password });
        let body = json!({ "name": self.name, "slug": self.slug, "tier": "pro", "admin": admin });
        let answer = operator.post("/tenants", &body).try_send()?;
        if answer.status == 409 {
            return Ok(false);
        }
        self.accepted("onboarding", answer, &[201]).map(|_| true)
    }

    fn sign_in(&self, anonymous: &Anonymous) -> Result<Admin, SeedError> {
        let body = json!({ "tenant": self.slug, "email": self.email, "password": self.password });
        let session = self.accepted("signing in", anonymous.post("/sessions", &body).try_send()?, &[201])?;
        Ok(anonymous.bearing(session["accessToken"].as_str().unwrap_or_default()))
    }

    /// Checks the dashboard, because it shows the last effects of seeding: all orders, one of them confirmed, and the
    /// notification of the confirmation.
    fn is_complete(&self, admin: &Admin) -> Result<bool, SeedError> {
        let answer = admin.get("/bff/dashboard?view=web").try_send()?;
        let dashboard = self.accepted("reading the dashboard", answer, &[200])?;
        let orders = items(&dashboard["recentOrders"]);
        let confirmed = orders.iter().any(|order| order["status"] == "confirmed");
        let has_notification = !items(&dashboard["notifications"]["items"]).is_empty();
        Ok(orders.len() >= self.products.len() && confirmed && has_notification)
    }

    /// Sends idempotency keys, so that the next run can complete one that was interrupted.
    fn fill(&self, admin: &Admin) -> Result<(), SeedError> {
        for (number, (name, amount)) in self.products.iter().enumerate() {
            let body = json!({ "name": name, "price": { "amount": amount, "currency": "EUR" } });
            let product = self.keyed(admin.post("/products", &body), &format!("product-{number}"), &[201])?;
            let body = json!({ "lines": [{ "productId": product["id"], "quantity": number + 1 }] });
            let order = self.keyed(admin.post("/orders", &body), &format!("order-{number}"), &[201])?;
            if number == 0 {
                let path = format!("/orders/{}/confirmation", order["id"].as_str().unwrap_or_default());
                // The response is 412 if an earlier run has confirmed the order and its idempotency key has expired.
                self.keyed(admin.post_empty(&path).if_match(&order), "confirmation", &[200, 412])?;
            }
        }
        Ok(())
    }

    fn keyed(&self, request: Request<'_>, key: &str, accepted: &[u16]) -> Result<Value, SeedError> {
        let answer = request.header("idempotency-key", &format!("seed-{}-{key}", self.slug)).try_send()?;
        self.accepted(key, answer, accepted)
    }

    fn accepted(&self, what: &str, answer: Response, statuses: &[u16]) -> Result<Value, SeedError> {
        if statuses.contains(&answer.status) {
            return Ok(answer.json());
        }
        Err(SeedError::Refused {
            what: format!("{} ({what})", self.slug),
            status: answer.status,
            body: answer.text(),
        })
    }

    /// A shell command that signs in and prints the dashboard.
    pub fn curl(&self, url: &str) -> String {
        let Demo { slug, email, password, .. } = self;
        let body = format!(r#"{{"tenant":"{slug}","email":"{email}","password":"{password}"}}"#);
        let session = format!("curl -s {url}/sessions -H 'content-type: application/json' -d '{body}'");
        let token = r#"sed 's/.*"accessToken":"\([^"]*\)".*/\1/'"#;
        format!(r#"curl -s "{url}/bff/dashboard?view=web" -H "authorization: Bearer $({session} | {token})""#)
    }
}
