use serde_json::{Value, json};
use tests::client::id;
use tests::journey::PASSWORD;
use tests::{World, eventually};

#[test]
fn a_registered_user_is_read_and_signs_in() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let answer = tenant.admin.register("Max Member", "Max@Acme.example", "member", PASSWORD);
    let user = answer.expect(201);
    assert_eq!(
        user,
        json!({
            "id": user["id"], "name": "Max Member", "email": "max@acme.example", "role": "member",
            "status": "active", "tenantId": tenant.id, "version": 1,
        })
    );
    assert_eq!(answer.header("location"), Some(format!("/users/{}", id(&user)).as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(tenant.admin.user(id(&user)), user);
    let member = world.anonymous().member("acme", &user, PASSWORD);
    assert_eq!(member.me(), user);
    assert_eq!(member.user(&member.id), user);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let told = events.iter().find(|recent| recent.event["detail-type"] == "user.registered")?;
        let detail = &told.event["detail"];
        assert_eq!((&detail["sequence"], &detail["data"]["email"]), (&json!(1), &user["email"]));
        Some(())
    });
}
