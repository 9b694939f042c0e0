//! One client type per credential. `Deref` to [`Http`] gives each the plain requests.

use std::ops::Deref;

use serde_json::{Value, json};

use crate::http::{Http, Response};

/// Sends no credential.
#[derive(Clone)]
pub struct Anonymous(Http);

/// Sends the operator key.
#[derive(Clone)]
pub struct Operator(Http);

/// Sends the access token of a tenant's admin.
#[derive(Clone)]
pub struct Admin(Http);

impl Anonymous {
    pub fn new(base: &str) -> Anonymous {
        Anonymous(Http::to_the_api(base))
    }

    pub fn operator(&self, key: &str) -> Operator {
        Operator(self.0.with("x-operator-key", key))
    }

    pub fn log_in(&self, slug: &str, email: &str, password: &str) -> Response {
        self.0.post("/sessions", &json!({ "tenant": slug, "email": email, "password": password })).send()
    }

    /// The same requests with any bearer token, good or bad.
    pub fn bearing(&self, token: &str) -> Admin {
        Admin(self.0.with("authorization", &format!("Bearer {token}")))
    }
}

impl Admin {
    pub fn create_product(&self, name: &str, amount: u64) -> Value {
        let body = json!({ "name": name, "price": { "amount": amount, "currency": "EUR" } });
        self.0.post("/products", &body).send().expect(201)
    }

    /// One line: so many of one product.
    pub fn place_order(&self, product: &Value, quantity: u64) -> Value {
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": quantity }] });
        self.0.post("/orders", &body).send().expect(201)
    }

    pub fn confirm(&self, order: &Value) -> Response {
        self.0.post_empty(&format!("/orders/{}/confirmation", id(order))).send()
    }

    pub fn order(&self, order: &Value) -> Value {
        self.0.get(&format!("/orders/{}", id(order))).send().expect(200)
    }

    pub fn notifications(&self) -> Value {
        self.0.get("/notifications").send().expect(200)
    }

    pub fn dashboard(&self) -> Value {
        self.0.get("/bff/dashboard?view=web").send().expect(200)
    }
}

/// The id that a view carries.
pub fn id(view: &Value) -> &str {
    view["id"].as_str().unwrap_or_else(|| panic!("no id in {view}"))
}

impl Deref for Anonymous {
    type Target = Http;
    fn deref(&self) -> &Http {
        &self.0
    }
}

impl Deref for Operator {
    type Target = Http;
    fn deref(&self) -> &Http {
        &self.0
    }
}

impl Deref for Admin {
    type Target = Http;
    fn deref(&self) -> &Http {
        &self.0
    }
}
