//! Lists of posts, where the tenant has few or many.

use client::id;
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::post_steps::{draft, listed, publish, write};
use tests::world::Units;
use tests::{Consumed, Tenant, World};

use super::{PAGE, consumed, hundredth_page, row, shown};
use crate::replicas::Original;
use crate::report::{Table, with_commas};
use crate::settings::Settings;

const TAGS: [&str; 5] = ["one", "two", "three", "four", "five"];

/// A tenant with a draft and a post with a tag, in a world whose events are not published any more.
struct Blog {
    world: World,
    tenant: Tenant,
    posts: Original,
    /// What the publication of a post with five tags consumes, by function.
    publication: Vec<(&'static str, Units)>,
}

pub(super) fn tables(settings: &Settings) -> [Table; 2] {
    let sizes = [10, 1_000, settings.rounds(100_000, 5_000)];
    let blog = Blog::open();
    let mut known = 1;
    let of_sizes = sizes.map(|size| {
        blog.posts.put(&blog.world, known..size);
        known = size;
        blog.consumed(size)
    });
    let head = sizes.map(|size| format!("{} of each", with_commas(size)));
    let head = ["call", &head[0], &head[1], &head[2]];
    let mut table = Table::new("RCU, and round trips, by published posts and by drafts of the tenant", head);
    for (index, (name, _)) in LISTS.iter().enumerate() {
        let calls = of_sizes.each_ref().map(|calls| calls[index].clone());
        // How much a filter reads depends on how much there is, up to the bound.
        table.row(match index == BOUNDED {
            true => [(*name).to_owned()]
                .into_iter()
                .chain(calls.iter().flatten().map(shown))
                .collect::<Vec<String>>(),
            false => row(name, &calls),
        });
    }
    [table, blog.publication()]
}

/// What is asked, and the query of the list. `{author}` stands for the author of all posts.
const LISTS: [(&str, &str); 8] = [
    ("all that are published", ""),
    ("the hundredth page of these", ""),
    ("`filter=status:draft`", "&filter=status:draft"),
    ("`filter=tag:one`", "&filter=tag:one"),
    ("`filter=tag:one`, with the total", "&filter=tag:one&total=true"),
    ("`filter=author:…`", "&filter=author:{author}"),
    ("`filter=author:…`, by creation, drafts too", "&order=created&filter=author:{author}"),
    ("a filter that nothing meets: `featured:true`", "&filter=featured:true"),
];
const HUNDREDTH: usize = 1;
const BOUNDED: usize = LISTS.len() - 1;

impl Blog {
    fn open() -> Blog {
        let world = World::start_unlimited();
        let tenant = world.tenant("blog");
        let admin = &tenant.admin;
        let unpublished = draft(admin, "A draft");
        let post = write(admin, "A post", &json!({ "tags": ["one"] })).send().expect(201);
        let post = publish(admin, &post).send().expect(200);
        listed(admin, "/posts", &post, true);
        world.wait_until_consumed();
        let (rows, ids) = (world.scan(), [id(&unpublished), id(&post)]);
        let posts = Original::of(&rows, &ids, &["pst_", "evt_"], &["audit", "slugs"]);
        let publication = publication(&world, &tenant);
        world.cloud().set_enabled("RelayEventsFunction", false).expect("the relay has an event source");
        Blog { world, tenant, posts, publication }
    }

    /// What each list consumes now, where the tenant has so many published posts and drafts.
    fn consumed(&self, size: usize) -> Vec<Option<Consumed>> {
        let Tenant { slug, email, admin_id, .. } = &self.tenant;
        // Rows may have been written for longer than a token is good.
        let session = self.world.anonymous().log_in(slug, email, PASSWORD).expect(201);
        let token = session["accessToken"].as_str().expect("a session has a token");
        let admin = &self.world.anonymous().bearing(token);
        let of = |path: &str| consumed(&self.world, "GET /posts", || admin.get(path).send().expect(200));
        let first = format!("/posts?limit={PAGE}");
        let call = |(index, (_, query)): (usize, &(&str, &str))| match index {
            HUNDREDTH => (size >= 100 * PAGE).then(|| of(&hundredth_page(admin, &first))),
            _ => Some(of(&format!("{first}{}", query.replace("{author}", admin_id)))),
        };
        LISTS.iter().enumerate().map(call).collect()
    }

    fn publication(&self) -> Table {
        let mut table = Table::new("RCU + WCU of the publication of a post with five tags", ["function", ""]);
        for (function, Units { read, write }) in &self.publication {
            table.row([format!("`{function}`"), format!("{read} + {write}")]);
        }
        table
    }
}

fn publication(world: &World, tenant: &Tenant) -> Vec<(&'static str, Units)> {
    let admin = &tenant.admin;
    let post: Value = write(admin, "A post of five tags", &json!({ "tags": TAGS })).send().expect(201);
    listed(admin, "/posts?order=created", &post, true);
    world.wait_until_consumed();
    let (_, units) = world.measure(|| {
        let post = publish(admin, &post).send().expect(200);
        TAGS.iter().for_each(|tag| listed_by(admin, tag, &post));
        world.wait_until_consumed();
    });
    ["PublishPostFunction", "ProjectPostsFunction"]
        .map(|function| (function, units.get(function).copied().unwrap_or_default()))
        .to_vec()
}

fn listed_by(admin: &client::Admin, tag: &str, post: &Value) {
    listed(admin, &format!("/posts?filter=tag:{tag}"), post, true);
}
