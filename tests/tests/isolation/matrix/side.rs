//! A tenant with data of every kind, and the values that name them.

mod links;

use std::sync::atomic::{AtomicUsize, Ordering};

use client::{Admin, Http, Member, eventually, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::answer::NEW_USER;
use super::comments::Comments;
use super::kinds::Kind;
use super::posts::{Posts, draft_by};
use tests::order_steps::{add, cancel, line, place, remove};

/// Whose token and whose values a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Admin,
    Member,
}

pub(crate) struct Side {
    pub(crate) tenant: Tenant,
    pub(crate) member: Member,
    gone: Value,
    pub(crate) role: Value,
    pub(crate) lamp: Value,
    pub(crate) bulb: Value,
    /// In no order.
    pub(crate) desk: Value,
    retired: Value,
    /// The first one has the most versions.
    admins_orders: Vec<Value>,
    members_orders: Vec<Value>,
    posts: Posts,
    pub(crate) comments: Comments,
    /// By the admin and by the member.
    notifications: [String; 2],
    position: String,
    place_of_person: String,
    refresh_token: String,
    /// Of the admin and of the member.
    sessions: [String; 2],
    link_token: String,
    made: AtomicUsize,
}

impl Side {
    /// Versions say nothing of whose they are. Each of this tenant's things is changed so often that its versions are
    /// not those of another tenant's things.
    pub(crate) fn fill(world: &World, slug: &str, changes: usize) -> Side {
        let tenant = world.commenting_tenant(slug, &json!({}));
        world.set_metered_requests(&tenant.id, changes);
        let member = tenant.member(&world.anonymous(), "Max Member");
        let admin = &tenant.admin;
        let product = |name: &str| admin.create_product(&format!("{name} of {slug}"), 1250);
        let [lamp, bulb, desk, retired] = ["Lamp", "Bulb", "Desk", "Retired"].map(product);
        let gone =
            admin.register("Gone Member", &tenant.address("Gone Member"), "member", PASSWORD).expect(201);
        let lamp = change_all(&tenant, &member, lamp, changes);
        admin
            .post_empty(&format!("/products/{}/retirement", id(&retired)))
            .if_match(&retired)
            .send()
            .expect(200);
        admin.deactivate(&gone).expect(200);
        let role = change_role(admin, slug, changes);
        let both = [line(&lamp, 2), line(&bulb, 1)];
        let ordered = |http: &Http| place(http, &both).send().expect(201);
        // The member's come first, so that they are listed behind the admin's.
        let [placed, theirs, cancelled] = [(); 3].map(|()| ordered(&member));
        let theirs = admin.confirm(&theirs).expect(200);
        cancel(&member, &cancelled, &format!("No more of {slug}")).send().expect(200);
        for _ in 0..changes {
            admin.confirm(&ordered(&member)).expect(200);
        }
        let mut order = ordered(admin);
        for _ in 0..changes {
            order = remove(admin, &order, &bulb).send().expect(200);
            order = add(admin, &order, &bulb, 1).send().expect(200);
        }
        let confirmed = admin.confirm(&ordered(admin)).expect(200);
        let session = world.anonymous().log_in(slug, &tenant.email, PASSWORD).expect(201);
        let notification = |http: &Http, order: &Value| {
            eventually("a notification of the order", || {
                let all = http.get("/notifications?limit=100").send().expect(200)["items"].take();
                let of_it = |one: &&Value| one["orderId"] == order["id"];
                all.as_array()?.iter().find(of_it).map(|one| id(one).to_owned())
            })
        };
        let notifications = [notification(admin, &confirmed), notification(&member, &theirs)];
        let sessions = [Http::clone(admin), Http::clone(&member)].map(|http| newest_session(&http));
        let position = eventually("a row of the audit", || {
            let page = admin.get("/audit?limit=1").send().expect(200);
            page["nextCursor"].as_str().map(str::to_owned)
        });
        let people = admin.get("/users?limit=1").send().expect(200);
        Side {
            place_of_person: people["nextCursor"].as_str().unwrap().to_owned(),
            link_token: world.reset_token(slug, &member.email),
            refresh_token: session["refreshToken"].as_str().unwrap().to_owned(),
            admins_orders: vec![order, confirmed],
            members_orders: vec![placed, theirs, cancelled],
            made: AtomicUsize::new(0),
            posts: Posts::fill(world, &tenant, &member.id, changes),
            comments: Comments::fill(admin, &member, slug, changes),
            position,
            sessions,
            notifications,
            gone,
            role,
            lamp,
            bulb,
            desk,
            retired,
            member,
            tenant,
        }
    }

    pub(crate) fn client(&self, by: By) -> Http {
        match by {
            By::Admin => Http::clone(&self.tenant.admin),
            By::Member => Http::clone(&self.member),
        }
    }

    pub(crate) fn email(&self, by: By) -> &str {
        match by {
            By::Admin => &self.tenant.email,
            By::Member => &self.member.email,
        }
    }

    /// All values of this kind that name something of the tenant. Those of the user come first.
    pub(crate) fn values(&self, kind: &Kind, by: By) -> Vec<String> {
        let [own, others] = match by {
            By::Admin => [&self.admins_orders, &self.members_orders],
            By::Member => [&self.members_orders, &self.admins_orders],
        };
        let ids = |things: &[&Value]| things.iter().map(|thing| id(thing).to_owned()).collect();
        let mut values: Vec<String> = match kind {
            Kind::Id(prefix) => match prefix.as_str() {
                "ten" => vec![self.tenant.id.clone()],
                "ord" => own.iter().chain(others).map(|order| id(order).to_owned()).collect(),
                "prd" => ids(&[&self.lamp, &self.bulb, &self.retired]),
                "usr" => {
                    vec![self.tenant.admin_id.clone(), self.member.id.clone(), id(&self.gone).to_owned()]
                }
                "ntf" => self.notifications.to_vec(),
                "pst" => self.posts.ids(by),
                "tjb" => vec![self.posts.job.clone()],
                "cmt" => self.comments.ids(by),
                _ => Vec::new(),
            },
            Kind::Position => vec![self.position.clone()],
            Kind::Email => vec![self.tenant.email.clone(), self.member.email.clone()],
            Kind::PlaceOfPerson => vec![self.place_of_person.clone()],
            Kind::PlaceOfPost => vec![self.posts.place.clone()],
            Kind::PlaceOfComment => vec![self.comments.place()],
            Kind::PostSlug => vec![self.posts.slug()],
            Kind::TagSlug => vec![self.posts.tag.clone()],
            Kind::Slug => vec![self.tenant.slug.clone()],
            Kind::RefreshToken => vec![self.refresh_token.clone()],
            Kind::Session => self.sessions.to_vec(),
            Kind::LinkToken => vec![self.link_token.clone()],
            Kind::Version => vec![own[0]["version"].to_string()],
            Kind::Time => vec![own[0]["placedAt"].as_str().unwrap().to_owned()],
            // They depend on the route.
            Kind::IfMatch | Kind::IfNoneMatch | Kind::IdempotencyKey => Vec::new(),
        };
        let is_by_user = matches!(kind, Kind::Email | Kind::Session)
            || matches!(kind, Kind::Id(prefix) if prefix == "usr" || prefix == "ntf");
        if by == By::Member && is_by_user {
            values.swap(0, 1);
        }
        values
    }

    /// Those values that are one user's alone.
    pub(crate) fn private_values(&self, kind: &Kind, by: By) -> Vec<String> {
        let count = match kind {
            Kind::Id(prefix) if prefix == "ord" => match by {
                By::Admin => self.admins_orders.len(),
                By::Member => self.members_orders.len(),
            },
            _ => 1,
        };
        self.values(kind, by).into_iter().take(count).collect()
    }

    /// A number that no other caller gets.
    pub(crate) fn number(&self) -> usize {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn fresh_user(&self, like: By) -> Value {
        let role = if like == By::Admin { "admin" } else { "member" };
        self.tenant.admin.register("New User", &self.fresh_email(), role, PASSWORD).expect(201)
    }

    pub(crate) fn fresh_email(&self) -> String {
        self.tenant.address(&format!("{NEW_USER}{:03}", self.number()))
    }

    pub(crate) fn fresh_order(&self, by: By) -> Value {
        place(&self.client(by), &[line(&self.lamp, 2), line(&self.bulb, 1)]).send().expect(201)
    }

    /// A draft of the member.
    pub(crate) fn fresh_post(&self) -> Value {
        draft_by(&self.tenant.admin, &self.member.id, &format!("Fresh post {}", self.number()))
    }

    /// The slug of a tag that no post has yet.
    pub(crate) fn fresh_tag(&self, world: &World) -> String {
        let slug = format!("fresh-{}-{}", self.tenant.slug, self.number());
        world.plant_tag(&self.tenant, &slug, &slug);
        slug
    }

    pub(crate) fn fresh_comment(&self, by: By) -> Value {
        self.comments.fresh(&self.client(by), self.number())
    }

    pub(crate) fn fresh_role(&self) -> Value {
        let role = json!({ "name": format!("Role {}", self.number()), "permissions": ["orders:read"] });
        self.tenant.admin.post("/roles", &role).send().expect(201)
    }

    pub(crate) fn fresh_product(&self) -> Value {
        self.tenant.admin.create_product("New", 1)
    }
}

/// The id of the newest session of who asks.
pub(crate) fn newest_session(http: &Http) -> String {
    let all = http.get("/me/sessions").send().expect(200);
    id(&all["items"][0]).to_owned()
}

/// Defines a role, and changes it so often that another tenant's book has not its version after many changes either.
fn change_role(admin: &Admin, slug: &str, changes: usize) -> Value {
    let role = json!({ "name": format!("Role of {slug}"), "permissions": ["orders:read"] });
    let mut role = admin.post("/roles", &role).send().expect(201);
    let path = format!("/roles/{}", id(&role));
    for number in 0..20 * changes {
        let name = json!({ "name": format!("{number} of {slug}") });
        role = admin.patch(&path, &name).if_match(&role).send().expect(200);
    }
    role
}

/// Changes what has a version, and returns the product.
fn change_all(tenant: &Tenant, member: &Member, mut product: Value, changes: usize) -> Value {
    let admin = &tenant.admin;
    let mut user = admin.user(&member.id);
    for number in 0..changes {
        let name = json!({ "name": format!("Changed {number} of {}", tenant.slug) });
        let path = format!("/products/{}", id(&product));
        product = admin.patch(&path, &name).if_match(&product).send().expect(200);
        user = admin.update_user(&user, &name).expect(200);
        admin.update_user(&admin.me(), &name).expect(200);
        let known = admin.get("/tenant").send().expect(200);
        admin.patch("/tenant", &name).if_match(&known).send().expect(200);
        for client in [Http::clone(admin), Http::clone(member)] {
            let path = "/notifications/preferences";
            let known = client.get(path).send().expect(200);
            let mut chosen = json!({ "preferences": known["preferences"] });
            chosen["preferences"]["orderConfirmed"]["email"] = json!(number % 2 == 0);
            client.put(path, &chosen).if_match(&known).send().expect(200);
        }
    }
    product
}
