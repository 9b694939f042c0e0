//! Posts of a tenant's admin and of its member.

use client::{Admin, eventually, id, items};
use serde_json::{Value, json};
use tests::post_steps::{edit, publish, write};
use tests::{Tenant, World};

use super::side::By;

pub(super) struct Posts {
    /// Drafts of the admin, which has the most versions, and of the member.
    drafts: [Value; 2],
    /// Published ones of both.
    live: [Value; 2],
    /// Where the first page of a list ends.
    pub(super) place: String,
    /// The slug of a tag that published posts of this tenant alone have.
    pub(super) tag: String,
    /// The id of a job that has changed another one.
    pub(super) job: String,
}

impl Posts {
    pub(super) fn fill(world: &World, tenant: &Tenant, member: &str, changes: usize) -> Posts {
        let (admin, slug) = (&tenant.admin, &tenant.slug);
        let both =
            |title: &str| [tenant.admin_id.as_str(), member].map(|author| draft_by(admin, author, title));
        let [mut draft, members] = both(&format!("Draft of {slug}"));
        for number in 0..2 * changes {
            let excerpt = json!({ "excerpt": format!("{number} of {slug}") });
            draft = edit(admin, &draft, &excerpt).send().expect(200);
        }
        let tag = format!("tag-of-{slug}");
        let live = both(&format!("Post of {slug}")).map(|draft| {
            let tagged = edit(admin, &draft, &json!({ "tags": ["News", tag] })).send().expect(200);
            publish(admin, &tagged).send().expect(200)
        });
        let place = eventually("a page of posts behind which are more", || {
            let page = admin.get("/posts?limit=1").send().expect(200);
            page["nextCursor"].as_str().map(str::to_owned)
        });
        eventually("a list of tags with the own one", || {
            let page = admin.get("/tags").send().expect(200);
            items(&page["items"]).iter().any(|one| one["slug"] == *tag).then_some(())
        });
        world.plant_tag(tenant, "old", "Old");
        let job = admin.patch("/tags/old", &json!({ "name": format!("New of {slug}") })).send().expect(202);
        Posts { drafts: [draft, members], live, place, tag, job: id(&job).to_owned() }
    }

    /// The user's own draft comes first.
    pub(super) fn ids(&self, by: By) -> Vec<String> {
        let [own, other] = if by == By::Admin { [0, 1] } else { [1, 0] };
        [&self.drafts[own], &self.live[own], &self.live[other]].map(|post| id(post).to_owned()).into()
    }

    pub(super) fn slug(&self) -> String {
        self.live[0]["slug"].as_str().unwrap().to_owned()
    }
}

pub(super) fn draft_by(admin: &Admin, author: &str, title: &str) -> Value {
    write(admin, title, &json!({ "authors": [author], "tags": ["News"] })).send().expect(201)
}
