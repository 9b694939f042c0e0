use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

#[test]
fn a_session_is_a_bearer_token_for_a_quarter_of_an_hour() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let session = world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    let token = session["accessToken"].as_str().unwrap();
    assert_eq!(
        session,
        json!({
            "accessToken": token, "tokenType": "Bearer", "expiresIn": 900, "tenantId": tenant.id,
            "refreshToken": session["refreshToken"], "refreshExpiresIn": 2_592_000,
        })
    );
    assert_eq!(world.anonymous().bearing(token).get("/me").send().expect(200)["id"], tenant.admin_id);
}

#[test]
fn an_address_is_the_same_in_capitals() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.anonymous().log_in("acme", &tenant.email.to_uppercase(), PASSWORD).expect(201);
}

#[test]
fn every_refusal_reads_the_same() {
    let world = World::start();
    world.tenant("acme");
    let refusal = |slug: &str, email: &str, password: &str| {
        let answer = world.anonymous().log_in(slug, email, password);
        let problem = answer.problem(401, "unauthorized");
        let request = problem["requestId"].as_str().unwrap().to_owned();
        answer.text().replace(&request, "")
    };
    let wrong_password = refusal("acme", "ada@acme.example", "a wrong password");
    assert_eq!(refusal("acme", "eve@acme.example", PASSWORD), wrong_password);
    assert_eq!(refusal("globex", "ada@acme.example", PASSWORD), wrong_password);
    assert_eq!(refusal("acme", "ada@acme.example", &format!("{PASSWORD} ")), wrong_password);
}

/// The signature, the session and the note of the place are made side by side.
#[test]
fn a_log_in_of_which_a_part_fails_hands_out_no_token() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let sessions = format!("T#{}#sessions#", tenant.id);
    for (action, key) in [("Sign", ""), ("PutItem", &sessions), ("UpdateItem", "attempts#pair#")] {
        // The first log-in of a user is one from a new address.
        let address = tenant.address(&action.to_lowercase());
        tenant.admin.register("Nora", &address, "member", PASSWORD).expect(201);
        world.fail(action, key);
        world.anonymous().log_in("acme", &address, PASSWORD).problem(503, "unavailable");
        world.clear_faults();
        world.anonymous().log_in("acme", &address, PASSWORD).expect(201);
    }
}

#[test]
fn a_token_of_one_session_outlives_the_next_one() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let second = world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    assert_ne!(second["accessToken"], Value::from(tenant.token.as_str()));
    tenant.admin.get("/me").send().expect(200);
}
