//! One client type per credential. Each dereferences to [`Http`] and so can send any request.

use std::ops::Deref;

use serde_json::{Value, json};

use crate::http::{Http, Observer, Response};
use crate::keys::Keys;
use crate::views::id;

/// Sends no credential.
#[derive(Clone)]
pub struct Anonymous(Http);

/// Signs requests to the operators' API with the keys of an AWS principal.
#[derive(Clone)]
pub struct Operator(Http);

/// Sends an access token. Its methods are open to every role.
#[derive(Clone)]
pub struct SignedIn(Http);

/// Sends the access token of a tenant's admin.
#[derive(Clone)]
pub struct Admin(SignedIn);

/// Sends the access token of a tenant's member.
#[derive(Clone)]
pub struct Member {
    pub id: String,
    pub email: String,
    pub token: String,
    client: SignedIn,
}

impl Anonymous {
    pub fn new(base: &str) -> Anonymous {
        Anonymous(Http::new(base))
    }

    /// Calls the observer with every response.
    pub fn observed_by(self, observer: Observer) -> Anonymous {
        Anonymous(self.0.observed_by(observer))
    }

    pub fn log_in(&self, slug: &str, email: &str, password: &str) -> Response {
        self.0.post("/sessions", &json!({ "tenant": slug, "email": email, "password": password })).send()
    }

    /// Sends any bearer token, valid or not.
    pub fn bearing(&self, token: &str) -> Admin {
        Admin(SignedIn(self.0.with("authorization", &format!("Bearer {token}"))))
    }

    /// Signs in as this user, of either role.
    pub fn member(&self, slug: &str, user: &Value, password: &str) -> Member {
        let email =
            user["email"].as_str().unwrap_or_else(|| panic!("the user has no e-mail address: {user}"));
        let session = self.log_in(slug, email, password).expect(201);
        let token = session["accessToken"].as_str().expect("a session has a token");
        let client = self.bearing(token).0;
        Member { id: id(user).to_owned(), email: email.to_owned(), token: token.to_owned(), client }
    }
}

impl Operator {
    /// `base` is the URL of the operators' API.
    pub fn new(base: &str, keys: Keys) -> Operator {
        Operator(Http::new(base).signing(keys))
    }

    /// Calls the observer with every response.
    pub fn observed_by(self, observer: Observer) -> Operator {
        Operator(self.0.observed_by(observer))
    }
}

impl Admin {
    pub fn create_product(&self, name: &str, amount: u64) -> Value {
        let body = json!({ "name": name, "price": { "amount": amount, "currency": "EUR" } });
        self.post("/products", &body).send().expect(201)
    }

    pub fn register(&self, name: &str, email: &str, role: &str, password: &str) -> Response {
        let body = json!({ "name": name, "email": email, "roles": [role], "password": password });
        self.post("/users", &body).send()
    }

    /// Sends the version of this view of the user as `If-Match`.
    pub fn deactivate(&self, user: &Value) -> Response {
        self.post_empty(&format!("/users/{}/deactivation", id(user))).if_match(user).send()
    }

    /// Sends the version of this view of the user as `If-Match`.
    pub fn reactivate(&self, user: &Value) -> Response {
        self.delete(&format!("/users/{}/deactivation", id(user))).if_match(user).send()
    }

    /// Sends the version of this view of the user as `If-Match`.
    pub fn delete_user(&self, user: &Value) -> Response {
        self.delete(&format!("/users/{}", id(user))).if_match(user).send()
    }
}

impl SignedIn {
    /// Places an order of one line.
    pub fn place_order(&self, product: &Value, quantity: u64) -> Value {
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": quantity }] });
        self.0.post("/orders", &body).send().expect(201)
    }

    /// Sends the version of this view of the order as `If-Match`.
    pub fn confirm(&self, order: &Value) -> Response {
        self.0.post_empty(&format!("/orders/{}/confirmation", id(order))).if_match(order).send()
    }

    pub fn order(&self, order: &Value) -> Value {
        self.0.get(&format!("/orders/{}", id(order))).send().expect(200)
    }

    /// The signed-in user, as others see the user too after changes.
    pub fn me(&self) -> Value {
        without(self.0.get("/me").send().expect(200), &["permissions", "features", "lastSignInAt"])
    }

    /// The user as after changes.
    pub fn user(&self, id: &str) -> Value {
        without(self.0.get(&format!("/users/{id}")).send().expect(200), &["lastSignInAt"])
    }

    /// Sends the version of this view of the user as `If-Match`.
    pub fn update_user(&self, user: &Value, changes: &Value) -> Response {
        self.0.patch(&format!("/users/{}", id(user)), changes).if_match(user).send()
    }

    /// Sends the version of this view of the signed-in user as `If-Match`.
    pub fn rename(&self, me: &Value, name: &str) -> Response {
        self.0.patch("/me", &json!({ "name": name })).if_match(me).send()
    }

    pub fn change_password(&self, current: &str, new: &str) -> Response {
        let body = json!({ "currentPassword": current, "newPassword": new });
        self.0.put("/me/password", &body).send()
    }

    /// Asks for a link to be mailed to a new e-mail address.
    pub fn change_email(&self, email: &str, password: &str) -> Response {
        self.0.put("/me/email", &json!({ "email": email, "currentPassword": password })).send()
    }

    pub fn notifications(&self) -> Value {
        self.0.get("/notifications").send().expect(200)
    }

    pub fn dashboard(&self) -> Value {
        self.0.get("/bff/dashboard?view=web").send().expect(200)
    }
}

fn without(mut view: Value, members: &[&str]) -> Value {
    for member in members {
        view.as_object_mut().and_then(|view| view.remove(*member));
    }
    view
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

impl Deref for SignedIn {
    type Target = Http;
    fn deref(&self) -> &Http {
        &self.0
    }
}

impl Deref for Admin {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl Deref for Member {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.client
    }
}
