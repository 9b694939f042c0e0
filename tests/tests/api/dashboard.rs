use client::{eventually, id, items};
use serde_json::{Value, json};
use tests::World;

#[test]
fn a_new_tenant_s_dashboard_is_empty_and_whole() {
    let world = World::start();
    let tenant = world.tenant("acme");
    assert_eq!(
        tenant.admin.dashboard(),
        json!({
            "user": tenant.admin.me(),
            "recentOrders": [],
            "notifications": { "unread": 0, "items": [] },
            "unavailable": [],
        })
    );
}

#[test]
fn a_dashboard_shows_the_user_the_order_and_its_notification() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let dashboard = tenant.settled(&order);
    assert_eq!(dashboard["user"]["id"], tenant.admin_id);
    assert_eq!(
        dashboard["recentOrders"],
        json!([{
            "id": order["id"], "status": "confirmed", "total": order["total"],
            "customer": tenant.admin_id, "lineCount": 1, "placedAt": order["placedAt"],
        }])
    );
    let notifications = tenant.admin.notifications()["items"].clone();
    assert_eq!(dashboard["notifications"], json!({ "unread": 1, "items": notifications }));
    assert_eq!(dashboard["unavailable"], json!([]));
}

#[test]
fn a_view_shows_as_many_as_its_screen_holds_the_newest_first() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let mut ids: Vec<Value> = (0..11).map(|_| tenant.admin.place_order(&product, 1)["id"].clone()).collect();
    ids.reverse();
    for (view, count) in [("web", 10), ("mobile", 3)] {
        eventually("the view shows the newest orders", || {
            let dashboard = tenant.admin.get(&format!("/bff/dashboard?view={view}")).send().expect(200);
            let shown: Vec<Value> =
                items(&dashboard["recentOrders"]).iter().map(|row| row["id"].clone()).collect();
            (shown == ids[..count]).then_some(())
        });
    }
}

#[test]
fn the_unread_ones_are_counted_and_the_newest_are_shown_read_or_not() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    for _ in 0..4 {
        let order = tenant.admin.place_order(&product, 1);
        tenant.admin.confirm(&order).expect(200);
    }
    let notifications = |view: &str| {
        let path = format!("/bff/dashboard?view={view}");
        tenant.admin.get(&path).send().expect(200)["notifications"].clone()
    };
    eventually("all four are counted", || (notifications("web")["unread"] == 4).then_some(()));
    let newest = tenant.admin.notifications()["items"][0].clone();
    tenant.admin.post_empty(&format!("/notifications/{}/read", id(&newest))).send().expect(200);
    let list = tenant.admin.notifications();
    let items = items(&list["items"]);
    assert!(items[0]["readAt"].is_string());
    assert_eq!(notifications("web"), json!({ "unread": 3, "items": items }));
    assert_eq!(notifications("mobile"), json!({ "unread": 3, "items": items[..3] }));
}

#[test]
fn a_client_that_has_the_dashboard_gets_its_tag_until_something_changes() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    tenant.settled(&order);
    let path = "/bff/dashboard?view=web";
    let ask = |method: &'static str, known: &str| {
        tenant.admin.request(method, path).header("if-none-match", known).send()
    };
    let first = tenant.admin.get(path).send();
    let tag = first.header("etag").expect("an ETag").to_owned();
    for method in ["GET", "HEAD"] {
        let same = ask(method, &tag);
        assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, Some(tag.as_str())));
        let other = ask(method, "\"another\"");
        assert_eq!((other.status, other.header("etag")), (200, Some(tag.as_str())));
        assert_eq!(other.body.is_empty(), method == "HEAD");
    }
    tenant.admin.post_empty("/notifications/read").send().expect(200);
    let changed = ask("GET", &tag);
    assert_eq!(changed.expect(200)["notifications"]["unread"], 0);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}
