//! What a connection asks of either server, as the admin of one tenant.

use bytes::Bytes;
use http::request::Builder;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::house::tenants::Access;
use crate::load::{Sent, Visitor};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Load {
    Product,
    /// Terrace's alone: the rival has no posts.
    Post,
    Dashboard,
    Order,
    Mix,
}

impl Load {
    pub(crate) const ALL: [Load; 5] = [Load::Product, Load::Post, Load::Dashboard, Load::Order, Load::Mix];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Load::Product => "GET product",
            Load::Post => "GET post",
            Load::Dashboard => "GET dashboard",
            Load::Order => "POST order",
            Load::Mix => "mix, a fifth writes",
        }
    }

    /// Whether it makes events.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Load::Order | Load::Mix)
    }

    fn steps(self) -> &'static [Step] {
        use Step::{Confirm, Dashboard, Place, Post, Product};
        match self {
            Load::Product => &[Product],
            Load::Post => &[Post],
            Load::Dashboard => &[Dashboard],
            Load::Order => &[Place],
            Load::Mix => {
                &[Product, Product, Dashboard, Product, Place, Product, Product, Dashboard, Product, Confirm]
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Product,
    Post,
    Dashboard,
    Place,
    /// Of the order that this connection has placed last.
    Confirm,
}

pub(crate) struct Customer<'a> {
    access: &'a Access,
    load: Load,
    /// How many requests it has sent, those before the first included.
    count: usize,
    sent: Step,
    placed: Option<Value>,
}

impl<'a> Customer<'a> {
    /// Connections that begin at different steps of the mix do not walk in step.
    pub(crate) fn new(access: &'a Access, load: Load, begin: usize) -> Customer<'a> {
        Customer { access, load, count: begin, sent: Step::Product, placed: None }
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::AUTHORIZATION, self.access.authorization.clone())
    }

    fn place(&self, product: &str) -> (Request<Full<Bytes>>, StatusCode) {
        let body = json!({ "lines": [{ "productId": product, "quantity": 2 }] }).to_string();
        let request = self.request(Method::POST, "/orders").header(header::CONTENT_TYPE, "application/json");
        (with(request, body), StatusCode::CREATED)
    }

    /// Places an order instead while there is none to confirm.
    fn confirm(&mut self, product: &str) -> (Request<Full<Bytes>>, StatusCode) {
        let Some(order) = self.placed.take() else {
            self.sent = Step::Place;
            return self.place(product);
        };
        let path = format!("/orders/{}/confirmation", client::id(&order));
        let version = format!("\"{}\"", order["version"]);
        let request = self.request(Method::POST, &path).header(header::IF_MATCH, version);
        (with(request, ""), StatusCode::OK)
    }
}

impl Visitor for Customer<'_> {
    fn next(&mut self) -> Sent {
        let steps = self.load.steps();
        self.sent = steps[self.count % steps.len()];
        let product = &self.access.products[self.count % self.access.products.len()];
        self.count += 1;
        let get = |path: &str| (with(self.request(Method::GET, path), ""), StatusCode::OK);
        let (request, expected) = match self.sent {
            Step::Product => get(&format!("/products/{product}")),
            Step::Post => get(&format!("/posts/{}", self.access.posts[self.count % self.access.posts.len()])),
            Step::Dashboard => get("/bff/dashboard?view=web"),
            Step::Place => self.place(product),
            Step::Confirm => self.confirm(product),
        };
        Sent { request, expected }
    }

    fn answered(&mut self, body: &[u8]) {
        if self.load == Load::Mix && self.sent == Step::Place {
            self.placed = Some(serde_json::from_slice(body).expect("an order is JSON"));
        }
    }
}

fn with(request: Builder, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    request.body(Full::new(body.into())).expect("a request is valid")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_fifth_of_the_mix_writes_and_an_order_is_confirmed_once() {
        let authorization = HeaderValue::from_static("Bearer x");
        let access = Access { authorization, products: vec!["p".to_owned()], posts: Vec::new() };
        let mut customer = Customer::new(&access, Load::Mix, 0);
        let (mut writes, mut confirmed) = (0, Vec::new());
        for number in 0..20 {
            let Sent { request, expected } = customer.next();
            writes += usize::from(request.method() == Method::POST);
            if expected == StatusCode::CREATED {
                let order = json!({ "id": format!("o{number}"), "version": 1 });
                customer.answered(order.to_string().as_bytes());
            } else if request.headers().contains_key(header::IF_MATCH) {
                confirmed.push(request.uri().path().to_owned());
            }
        }
        assert_eq!(
            (writes, confirmed),
            (4, ["/orders/o4/confirmation", "/orders/o14/confirmation"].map(str::to_owned).to_vec())
        );
    }
}
