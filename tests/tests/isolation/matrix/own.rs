//! Requests that succeed, made of a tenant's own values by the types of their places.

use client::{Http, Request, id};
use contract::{Operation, RequiredAccess};
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;
use tests::post_steps::{in_days, publish};

use super::kinds::Kind;
use super::places::{Part, Place, body_example, described, places};
use super::plugins::house;
use super::side::{By, Side, newest_session};

#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) client: Http,
    pub(crate) method: String,
    path: String,
    values: Vec<(Part, String, String)>,
    body: Value,
}

impl Sent {
    pub(crate) fn set(&mut self, place: &Place, value: &str) {
        match place.part {
            Part::Body => {
                let text = json!(value);
                *self.body.pointer_mut(&place.name).unwrap_or_else(|| panic!("no {}", place.name)) = text;
            }
            part => {
                self.values.retain(|(other, name, _)| (*other, name) != (part, &place.name));
                self.values.push((part, place.name.clone(), value.to_owned()));
            }
        }
    }

    pub(crate) fn with(&self, place: &Place, value: &str) -> Sent {
        let mut other = self.clone();
        other.set(place, value);
        other
    }

    pub(crate) fn as_head(&self) -> Sent {
        Sent { method: "HEAD".to_owned(), ..self.clone() }
    }

    pub(crate) fn get(&self, place: &Place) -> Option<&str> {
        if place.part == Part::Body {
            return self.body.pointer(&place.name)?.as_str();
        }
        let mut values = self.values.iter();
        let found = values.find(|(part, name, _)| (*part, name) == (place.part, &place.name));
        found.map(|(_, _, value)| value.as_str())
    }

    /// The path with its values, without the query.
    pub(crate) fn path(&self) -> String {
        let paths = self.values.iter().filter(|(part, ..)| *part == Part::Path);
        paths.fold(self.path.clone(), |path, (_, name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    pub(crate) fn request(&self) -> Request<'_> {
        let of = |wanted: Part| self.values.iter().filter(move |(part, ..)| *part == wanted);
        let query: Vec<String> = of(Part::Query).map(|(_, name, value)| format!("{name}={value}")).collect();
        let mut path = self.path();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let request = self.client.with_body(&self.method, &path, &self.body);
        of(Part::Header).fold(request, |request, (_, name, value)| request.header(name, value))
    }
}

/// A request without optional values but `x-tenant-id`. What it changes is made for it.
pub(crate) fn own(world: &World, side: &Side, operation: &Operation, by: By) -> Sent {
    own_through(world, side, operation, (by, side.client(by)))
}

/// The same through another client of the user.
pub(crate) fn own_through(
    world: &World,
    side: &Side,
    operation: &Operation,
    (by, client): (By, Http),
) -> Sent {
    let description = &operation.description;
    let mut sent = Sent {
        client: match description.required_access {
            RequiredAccess::Anyone => Http::clone(&world.anonymous()),
            RequiredAccess::Operator => Http::clone(&world.operator()),
            RequiredAccess::Tenant(_) => client,
        },
        method: description.method.clone(),
        path: description.path.clone(),
        values: required_examples(operation),
        body: body_example(operation),
    };
    row(world, side, operation, by, &mut sent);
    let house = house(world, side, operation, &mut sent);
    for place in places(operation).unwrap_or_else(|unknown| panic!("{unknown}")) {
        let value = match place.part {
            Part::Query => None,
            Part::Header if place.kind != Kind::Id("ten".to_owned()) => None,
            Part::Header if house.is_some() => house.clone(),
            _ => Some(value(world, side, operation, &place, by)),
        };
        if let Some(value) = value {
            sent.set(&place, &value);
        }
    }
    if description.is_conditional {
        let tag = tag(&sent, subject(operation));
        sent.values.push((Part::Header, "If-Match".to_owned(), tag));
    }
    sent
}

/// What a route needs that the types of its places do not tell. A new route without success gets its line here or in
/// `value`.
fn row(world: &World, side: &Side, operation: &Operation, by: By, sent: &mut Sent) {
    match operation.key().as_str() {
        // A new password ends the sessions of its user.
        "PUT /me/password" => {
            let user = side.fresh_user(by);
            sent.client = Http::clone(&world.anonymous().member(&side.tenant.slug, &user, PASSWORD));
            sent.body = json!({ "currentPassword": PASSWORD, "newPassword": "another horse battery" });
        }
        "POST /registrations" => drop(side.tenant.admit(&json!({ "mode": "open" })).expect(200)),
        "PUT /tenant/registration" => sent.body = json!({ "mode": "open" }),
        // Nobody gets many links.
        "PUT /me/email" => {
            let user = side.fresh_user(by);
            sent.client = Http::clone(&world.anonymous().member(&side.tenant.slug, &user, PASSWORD));
            sent.body["currentPassword"] = json!(PASSWORD);
        }
        // So does this, of all but the sender's: the clients of the side go on.
        "DELETE /me/sessions" => {
            let user = side.fresh_user(by);
            sent.client = Http::clone(&world.anonymous().member(&side.tenant.slug, &user, PASSWORD));
        }
        "GET /comments/counts" => {
            let posts = Place { part: Part::Query, name: "posts".to_owned(), kind: Kind::Version };
            sent.set(&posts, id(&side.comments.post));
        }
        // Those of the sender are pending or approved.
        "PUT /comments/{id}/status" => sent.body["status"] = json!("spam"),
        "POST /sessions" => sent.body["password"] = json!(PASSWORD),
        "GET /roles/{id}" | "PATCH /roles/{id}" | "DELETE /roles/{id}" => {
            let role = if operation.is_get() { side.role.clone() } else { side.fresh_role() };
            let role = id(&role).to_owned();
            let place = (Part::Path, "id".to_owned());
            sent.values.retain(|(part, name, _)| (*part, name) != (place.0, &place.1));
            sent.values.push((place.0, place.1, role));
            if operation.description.method == "PATCH" {
                sent.body = json!({ "name": format!("Role {}", side.number()) });
            }
        }
        "POST /roles" => {
            sent.body = json!({ "name": format!("Role {}", side.number()), "permissions": ["orders:read"] });
        }
        "PUT /plugins/{name}" => sent.body = json!({ "active": true }),
        "POST /users" => sent.body["roles"] = json!(["member"]),
        "POST /invitations" => sent.body["invitations"][0]["roles"] = json!(["member"]),
        "PATCH /users/{id}" => sent.body = json!({ "name": "Max Power" }),
        _ => {}
    }
}

fn value(world: &World, side: &Side, operation: &Operation, place: &Place, by: By) -> String {
    let (key, is_get) = (operation.key(), operation.is_get());
    let standing = || side.values(&place.kind, by).into_iter().next();
    let made = match (key.as_str(), &place.kind) {
        (
            "POST /users"
            | "POST /invitations"
            | "POST /tenants"
            | "POST /tenants/{id}/admins"
            | "POST /tenants/{id}/owner"
            | "POST /registrations"
            | "PUT /me/email"
            | "PUT /users/{id}/email",
            Kind::Email,
        ) => Some(side.fresh_email()),
        ("POST /tenants", Kind::Slug) => Some(format!("new-{}-{}", side.tenant.slug, side.number())),
        (
            "POST /users/{id}/deactivation"
            | "DELETE /users/{id}/sessions"
            | "DELETE /users/{id}"
            | "PUT /users/{id}/email",
            Kind::Id(_),
        ) if place.part == Part::Path => Some(id(&side.fresh_user(By::Member)).to_owned()),
        ("POST /users/{id}/invitation", Kind::Id(_)) if place.part == Part::Path => {
            Some(side.fresh_invited(world).0)
        }
        ("DELETE /users/{id}/deactivation", Kind::Id(_)) if place.part == Part::Path => {
            let user = side.fresh_user(By::Member);
            side.tenant.admin.deactivate(&user).expect(200);
            Some(id(&user).to_owned())
        }
        ("DELETE /orders/{id}/lines/{productId}", Kind::Id(prefix)) if prefix == "prd" => {
            Some(id(&side.bulb).to_owned())
        }
        // Who is the owner stays it.
        ("PUT /tenant/owner", Kind::Id(prefix)) if prefix == "usr" => Some(side.tenant.admin_id.clone()),
        ("PUT /posts/{id}/publication", Kind::Time) => Some(in_days(30)),
        ("DELETE /posts/{id}/publication", Kind::Id(prefix)) if prefix == "pst" => {
            Some(id(&publish(&side.tenant.admin, &side.fresh_post()).send().expect(200)).to_owned())
        }
        ("GET /posts/{id}/comments" | "POST /posts/{id}/comments", Kind::Id(prefix)) if prefix == "pst" => {
            Some(id(&side.comments.post).to_owned())
        }
        ("POST /posts/{id}/comments", Kind::Id(prefix)) if prefix == "cmt" => Some(side.comments.shown()),
        (_, Kind::TagSlug) if !is_get && place.part == Part::Path => Some(side.fresh_tag(world)),
        (_, Kind::PostSlug) => Some(format!("own-{}-{}", side.tenant.slug, side.number())),
        (_, Kind::Id(prefix)) => match prefix.as_str() {
            "pst" if !is_get => Some(id(&side.fresh_post()).to_owned()),
            "cmt" if !is_get => Some(id(&side.fresh_comment(by)).to_owned()),
            "ord" if !is_get => Some(id(&side.fresh_order(by)).to_owned()),
            "prd" if !is_get && place.part == Part::Path => Some(id(&side.fresh_product()).to_owned()),
            "prd" if !is_get => Some(id(&side.desk).to_owned()),
            "usr" => Some(side.member.id.clone()),
            // Operators change tenants that nobody is signed in to.
            "ten" if !is_get && place.part == Part::Path => {
                let slug = format!("other-{}-{}", side.tenant.slug, side.number());
                let tenant = id(&world.onboard(&slug)).to_owned();
                if key == "DELETE /tenants/{id}/suspension" {
                    world.suspend(&tenant);
                }
                Some(tenant)
            }
            _ => standing(),
        },
        // Nobody gets many links.
        ("POST /password-resets", Kind::Email) => side.fresh_user(by)["email"].as_str().map(str::to_owned),
        ("POST /email-changes/redemption", Kind::LinkToken) => Some(side.fresh_move(world)),
        ("POST /registrations/verification", Kind::LinkToken) => Some(side.fresh_registration(world)),
        ("POST /ownership/redemption", Kind::LinkToken) => Some(side.fresh_ownership(world)),
        ("POST /invitations/redemption", Kind::LinkToken) => Some(side.fresh_invited(world).1),
        (_, Kind::LinkToken) => {
            let user = side.fresh_user(by);
            Some(world.reset_token(&side.tenant.slug, user["email"].as_str().unwrap_or_default()))
        }
        (_, Kind::RefreshToken) => {
            let session = world.anonymous().log_in(&side.tenant.slug, side.email(by), PASSWORD).expect(201);
            session["refreshToken"].as_str().map(str::to_owned)
        }
        ("DELETE /me/sessions/{id}", Kind::Session) => {
            world.anonymous().log_in(&side.tenant.slug, side.email(by), PASSWORD).expect(201);
            Some(newest_session(&side.client(by)))
        }
        _ => standing(),
    };
    made.unwrap_or_else(|| panic!("{key}: the matrix has no own value for {}: {:?}", place.name, place.kind))
}

/// The examples of parameters that no request may leave out.
fn required_examples(operation: &Operation) -> Vec<(Part, String, String)> {
    let parameters = described(operation)["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|parameter| parameter["required"] == true);
    let example = |parameter: &Value| {
        let text = |name: &str| parameter[name].as_str().map(str::to_owned);
        let part = match parameter["in"].as_str() {
            Some("path") => Part::Path,
            Some("query") => Part::Query,
            _ => return None,
        };
        Some((part, text("name")?, text("example")?))
    };
    required.filter_map(example).collect()
}

/// The path that answers the thing that the route changes: the longest one that begins the route's own.
pub(crate) fn subject(operation: &Operation) -> &'static str {
    let path = &operation.description.path;
    let answers = World::operations().iter().filter(|other| other.is_get());
    let paths = answers.map(|other| other.description.path.as_str());
    let beginning = paths.filter(|other| {
        path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    beginning.max_by_key(|other| other.len()).unwrap_or_else(|| panic!("nothing answers what {path} changes"))
}

/// The ETag of that thing, as the sender of the request sees it.
pub(crate) fn tag(sent: &Sent, subject: &str) -> String {
    let mut get =
        Sent { method: "GET".to_owned(), path: subject.to_owned(), body: Value::Null, ..sent.clone() };
    if subject != sent.path {
        get.values.retain(|(part, ..)| *part != Part::Query);
    }
    let answer = get.request().send();
    answer.expect(200);
    answer.header("etag").unwrap().to_owned()
}
