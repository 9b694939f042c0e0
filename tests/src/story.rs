//! A story in which an event of every type happens, in steps.

use crate::journey::PASSWORD;
use crate::{Tenant, World};
use client::{Admin, Member, id};
use serde_json::{Value, json};

use crate::comment_steps::{comment_on, delete_comment, moderate, reword, set_comments};
use crate::order_steps::{add, cancel, line, place, remove};
use crate::plugin_steps::{plant_purge, set_active};
use crate::post_steps::{delete, edit, in_days, publish, restore, schedule, unpublish, write};

/// What the steps so far have made.
pub struct Story<'a> {
    world: &'a World,
    tenant: &'a Tenant,
    member: Option<Member>,
    user: Value,
    role: Value,
    lamp: Value,
    bulb: Value,
    order: Value,
    post: Value,
    comment: Value,
}

pub type Step = fn(&mut Story<'_>);

impl<'a> Story<'a> {
    pub fn of(world: &'a World, tenant: &'a Tenant) -> Story<'a> {
        let [user, role, lamp, bulb, order, post, comment] = [const { Value::Null }; 7];
        Story { world, tenant, member: None, user, role, lamp, bulb, order, post, comment }
    }

    /// The admin, in a session that knows of the plugin.
    fn moderator(&self) -> Admin {
        self.tenant.signed_in_anew(&self.world.anonymous()).admin
    }

    /// The user, whose sessions were ended.
    fn commentator(&self) -> Member {
        self.world.anonymous().member(&self.tenant.slug, &self.user, "another horse battery")
    }

    pub fn tell(&mut self) {
        for step in STEPS {
            step(self);
        }
    }
}

pub const STEPS: &[Step] = &[
    |story| {
        let admin = &story.tenant.admin;
        let known = admin.get("/tenant").send().expect(200);
        admin.patch("/tenant", &json!({ "name": "Renamed" })).if_match(&known).send().expect(200);
    },
    // Nobody of the tenant asks for anything meanwhile.
    |story| drop(story.world.suspend(&story.tenant.id)),
    |story| drop(story.world.resume(&story.tenant.id)),
    |story| {
        let terms = json!({ "tier": "enterprise", "limits": { "users": 50 }, "features": { "audit": true } });
        story.world.change_terms(&story.tenant.id, &terms).expect(200);
    },
    |story| drop(story.tenant.admit(&json!({ "mode": "open" })).expect(200)),
    |story| story.world.close_usage(&story.tenant.id),
    |story| {
        let member = story.tenant.member(&story.world.anonymous(), "Max");
        story.user = story.tenant.admin.user(&member.id);
        story.member = Some(member);
    },
    |story| {
        let changes = json!({ "name": "Max Power" });
        story.user = story.tenant.admin.update_user(&story.user, &changes).expect(200);
    },
    |story| {
        let member = story.member.as_ref().expect("a member");
        member.change_password(PASSWORD, "another horse battery").expect(204);
    },
    |story| {
        let path = format!("/users/{}/sessions", id(&story.user));
        story.tenant.admin.delete(&path).send().expect(204);
    },
    |story| {
        let role = json!({ "name": "Dispatcher", "permissions": ["orders:read"] });
        story.role = story.tenant.admin.post("/roles", &role).send().expect(201);
    },
    |story| {
        let more = json!({ "permissions": ["orders:read", "orders:manage"] });
        let path = format!("/roles/{}", id(&story.role));
        story.role = story.tenant.admin.patch(&path, &more).if_match(&story.role).send().expect(200);
    },
    |story| {
        let path = format!("/roles/{}", id(&story.role));
        story.tenant.admin.delete(&path).if_match(&story.role).send().expect(204);
    },
    // Who is the owner stays it, and is told of the orders that follow.
    |story| {
        let known = story.tenant.admin.get("/tenant/owner").send().expect(200);
        let owner = json!({ "user": known["owner"] });
        story.tenant.admin.put("/tenant/owner", &owner).if_match(&known).send().expect(200);
    },
    |story| {
        let user = story.tenant.admin.user(id(&story.user));
        story.user = story.tenant.admin.deactivate(&user).expect(200);
    },
    |story| story.user = story.tenant.admin.reactivate(&story.user).expect(200),
    |story| story.lamp = story.tenant.admin.create_product("Desk lamp", 1250),
    |story| story.bulb = story.tenant.admin.create_product("Bulb", 99),
    |story| {
        let path = format!("/products/{}", id(&story.lamp));
        let change = story.tenant.admin.patch(&path, &json!({ "name": "Desk lamp XL" }));
        story.lamp = change.if_match(&story.lamp).send().expect(200);
    },
    |story| story.order = place(&story.tenant.admin, &[line(&story.lamp, 2)]).send().expect(201),
    |story| story.order = add(&story.tenant.admin, &story.order, &story.bulb, 1).send().expect(200),
    |story| story.order = remove(&story.tenant.admin, &story.order, &story.bulb).send().expect(200),
    |story| story.order = story.tenant.admin.confirm(&story.order).expect(200),
    |story| story.order = cancel(&story.tenant.admin, &story.order, "Ordered twice").send().expect(200),
    |story| {
        let path = format!("/products/{}/retirement", id(&story.bulb));
        story.tenant.admin.post_empty(&path).if_match(&story.bulb).send().expect(200);
    },
    |story| {
        let tags = json!({ "tags": ["News"] });
        story.post = write(&story.tenant.admin, "What we have learned", &tags).send().expect(201);
    },
    |story| {
        let changes = json!({ "title": "What we have learned this year" });
        story.post = edit(&story.tenant.admin, &story.post, &changes).send().expect(200);
    },
    |story| {
        story.post = schedule(&story.tenant.admin, &story.post, &in_days(30)).send().expect(200);
    },
    |story| story.post = publish(&story.tenant.admin, &story.post).send().expect(200),
    |story| story.post = restore(&story.tenant.admin, &story.post, 1).send().expect(200),
    |story| drop(set_active(&story.tenant.admin, true)),
    |story| drop(set_active(&story.tenant.admin, false)),
    |story| drop(set_comments(&story.tenant.admin, true, &json!({ "longest": 1_000 }))),
    // Of the user's comments, one is deleted, one goes with its post, and one with its author.
    |story| {
        let user = story.commentator();
        let comment = comment_on(&user, &story.post, "Well said.").send().expect(201);
        let comment = reword(&user, &comment, "Very well said.").send().expect(200);
        story.comment = moderate(&story.moderator(), &comment, "approved").send().expect(200);
    },
    |story| {
        story.comment = moderate(&story.moderator(), &story.comment, "spam").send().expect(200);
        delete_comment(&story.moderator(), &story.comment).send().expect(204);
        comment_on(&story.commentator(), &story.post, "Well said, again.").send().expect(201);
    },
    |story| story.post = unpublish(&story.tenant.admin, &story.post).send().expect(200),
    |story| drop(delete(&story.tenant.admin, &story.post).send().expect(204)),
    |story| {
        let post = write(&story.tenant.admin, "What we learn next", &json!({})).send().expect(201);
        story.post = publish(&story.tenant.admin, &post).send().expect(200);
        comment_on(&story.commentator(), &story.post, "Tell us more.").send().expect(201);
    },
    |story| {
        let user = story.tenant.admin.user(id(&story.user));
        story.tenant.admin.delete_user(&user).expect(204);
    },
    |story| plant_purge(story.world, story.tenant),
    |story| drop(story.world.ask_for_reset(&story.tenant.slug, &story.tenant.email).expect(202)),
    |story| drop(story.tenant.invite("Ida", &story.tenant.address("Ida"), &["member"])),
    |story| {
        story.world.register(&story.tenant.slug, &story.tenant.address("Rea")).expect(202);
    },
    |story| {
        let member = story.tenant.member(&story.world.anonymous(), "Mia");
        let token =
            story.world.plant_email_link(story.tenant, &member.id, &story.tenant.address("Mia Moved"));
        let body = json!({ "token": token });
        story.world.anonymous().post("/email-changes/redemption", &body).send().expect(204);
    },
];
