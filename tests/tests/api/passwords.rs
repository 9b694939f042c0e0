use client::eventually;
use serde_json::json;
use tests::World;
use tests::journey::PASSWORD;

const NEW: &str = "another good password";

/// Who holds a stolen token would guess the password here.
#[test]
fn the_present_password_is_guessed_slowly() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let other = tenant.member(&world.anonymous(), "Max Member");
    let guess = || tenant.admin.change_password("a wrong password", "another good password");
    // A window of counting may end in between.
    let refused = (0..=20).find(|_| guess().status == 429).expect("nobody stops the guessing");
    assert!((10..=20).contains(&refused), "{refused}");
    let right = tenant.admin.change_password(PASSWORD, "another good password");
    right.problem(429, "too-many-requests");
    assert!(right.header("retry-after").is_some());
    other.change_password(PASSWORD, "another good password").expect(204);
}

#[test]
fn a_new_password_ends_all_sessions_of_the_old_one() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let member = tenant.member(&anonymous, "Max Member");
    let bystander = tenant.member(&anonymous, "Mia Member");
    let session = anonymous.log_in("acme", &member.email, PASSWORD).expect(201);
    let unused = anonymous.bearing(session["accessToken"].as_str().unwrap());
    assert_eq!(member.change_password(PASSWORD, NEW).expect(204), json!(null));

    unused.get("/me").send().gateway_refusal(403, "Forbidden");
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
    anonymous.log_in("acme", &member.email, PASSWORD).problem(401, "unauthorized");
    bystander.me();

    let session = anonymous.log_in("acme", &member.email, NEW).expect(201);
    let me = anonymous.bearing(session["accessToken"].as_str().unwrap()).me();
    assert_eq!((&me["id"], &me["version"]), (&json!(member.id), &json!(2)));
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().expect(200);
    eventually("the event is published, without the password", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "user.passwordChanged")?;
        assert_eq!(published.event["detail"]["data"], json!({ "user": member.id }));
        Some(())
    });
}

#[test]
fn a_session_begun_in_the_second_of_the_change_cannot_be_refreshed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    tenant.admin.change_password(PASSWORD, NEW).expect(204);
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    anonymous.post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
}

#[test]
fn only_the_present_password_allows_a_new_one() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let problem = tenant.admin.change_password(NEW, NEW).problem(422, "validation");
    let expected = json!([{ "field": "/currentPassword", "rule": "must be the present password" }]);
    assert_eq!(problem["errors"], expected);
    assert_eq!(tenant.admin.me()["version"], 1);
    world.anonymous().log_in("acme", &tenant.email, NEW).problem(401, "unauthorized");
    world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
}
