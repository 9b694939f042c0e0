use serde_json::{Value, json};
use tests::World;
use tests::eventually;
use tests::journey::items;

#[test]
fn a_new_tenant_s_dashboard_is_empty_and_whole() {
    let world = World::start();
    let tenant = world.tenant("acme");
    assert_eq!(
        tenant.admin.dashboard(),
        json!({
            "user": tenant.admin.get("/me").send().expect(200),
            "recentOrders": [],
            "unreadNotifications": { "items": [] },
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
    assert_eq!(dashboard["unreadNotifications"]["items"], tenant.admin.notifications()["items"]);
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
