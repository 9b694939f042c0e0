//! Refresh tokens continue a session, each for one use, until the session ends.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use client::{Anonymous, Response};
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

fn refresh(anonymous: &Anonymous, session: &Value) -> Response {
    anonymous.post("/sessions/refresh", &json!({ "refreshToken": session["refreshToken"] })).send()
}

fn end(anonymous: &Anonymous, session: &Value) -> Response {
    anonymous.post("/sessions/end", &json!({ "refreshToken": session["refreshToken"] })).send()
}

#[test]
fn a_refresh_gives_new_tokens() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let mut session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    for _ in 0..3 {
        let next = refresh(&anonymous, &session).expect(200);
        assert_ne!(next["accessToken"], session["accessToken"]);
        assert_ne!(next["refreshToken"], session["refreshToken"]);
        let left = next["refreshExpiresIn"].as_i64().unwrap();
        assert!((2_591_000..=2_592_000).contains(&left), "{left}");
        assert_eq!((&next["tokenType"], &next["expiresIn"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(next["tenantId"], tenant.id);
        let admin = anonymous.bearing(next["accessToken"].as_str().unwrap());
        assert_eq!(admin.me()["id"], tenant.admin_id);
        session = next;
    }
}

#[test]
fn a_refresh_token_that_comes_twice_ends_its_session_and_no_other() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let [first, other] = [(); 2].map(|()| anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201));
    let second = refresh(&anonymous, &first).expect(200);
    refresh(&anonymous, &first).problem(401, "unauthorized");
    refresh(&anonymous, &second).problem(401, "unauthorized");
    refresh(&anonymous, &other).expect(200);
}

#[test]
fn of_two_refreshes_at_once_one_is_answered_and_the_session_ends() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    // Both read the session before either of them changes it.
    world.delay_a_write(&format!("T#{}#sessions#", tenant.id), Duration::from_secs(1));
    let answers = std::thread::scope(|scope| {
        let late = scope.spawn(|| refresh(&anonymous, &session));
        world.wait_until_a_write_is_held();
        [refresh(&anonymous, &session), late.join().unwrap()]
    });
    world.clear_faults();
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 1));
    lost[0].problem(401, "unauthorized");
    refresh(&anonymous, &won[0].json()).problem(401, "unauthorized");
}

#[test]
fn a_session_ends_on_request() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    assert_eq!(end(&anonymous, &session).text(), "");
    for session in [&session, &json!({ "refreshToken": unknown(&session) })] {
        end(&anonymous, session).expect(204);
        refresh(&anonymous, session).problem(401, "unauthorized");
    }
}

/// The access tokens were not used before the end, because the gateway keeps an authorizer's answer for a minute.
#[test]
fn access_tokens_end_with_their_session() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let log_in = || anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    let is_refused = |session: &Value| {
        let token = session["accessToken"].as_str().unwrap();
        anonymous.bearing(token).get("/me").send().gateway_refusal(403, "Forbidden");
    };
    let (signed_out, stolen, other) = (log_in(), log_in(), log_in());
    end(&anonymous, &signed_out).expect(204);
    is_refused(&signed_out);

    let next = refresh(&anonymous, &stolen).expect(200);
    refresh(&anonymous, &stolen).problem(401, "unauthorized");
    is_refused(&stolen);
    is_refused(&next);

    anonymous.bearing(other["accessToken"].as_str().unwrap()).me();
}

/// Otherwise the session would go on once the tenant is active again.
#[test]
fn a_user_of_a_suspended_tenant_can_sign_out() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    world.suspend(&tenant.id);
    end(&anonymous, &session).expect(204);
    let mark = format!("T#{}#ended#{}", tenant.id, tenant.admin_id);
    assert!(world.scan().iter().any(|row| row["pk"]["S"] == mark), "the session has not ended");
}

/// Who knows a session's id can end it, so access tokens, which others may see, do not tell it.
#[test]
fn an_access_token_does_not_tell_how_to_end_its_session() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    let refresh_token = session["refreshToken"].as_str().unwrap();
    let id = refresh_token.split('.').nth(2).unwrap();
    let claims = session["accessToken"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert!(!claims.to_string().contains(id.trim_start_matches("ses_")), "{claims}");
    let guessed = refresh_token.replace(id, &format!("ses_{}", claims["sid"].as_str().unwrap()));
    end(&anonymous, &json!({ "refreshToken": guessed })).expect(204);
    anonymous.bearing(session["accessToken"].as_str().unwrap()).me();
    refresh(&anonymous, &session).expect(200);
}

/// The token with the id of an unknown session.
pub(super) fn unknown(session: &Value) -> String {
    let token = session["refreshToken"].as_str().unwrap();
    let (names, secret) = token.rsplit_once('.').unwrap();
    let (users, _) = names.rsplit_once('.').unwrap();
    format!("{users}.ses_{}.{secret}", "0".repeat(32))
}

/// A token with another tenant's slug or another user's id finds no session.
#[test]
fn a_refresh_token_is_of_one_tenant_and_user() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &acme.email, PASSWORD).expect(201);
    let token = session["refreshToken"].as_str().unwrap();
    let mut texts = Vec::new();
    for forged in [
        token.replace("acme.", "globex."),
        token.replace("acme.", "nobody."),
        token.replace(&acme.admin_id, &globex.admin_id),
        token.replace("acme.", "globex.").replace(&acme.admin_id, &globex.admin_id),
        unknown(&session),
    ] {
        let mut problem =
            refresh(&anonymous, &json!({ "refreshToken": forged })).problem(401, "unauthorized");
        problem["requestId"].take();
        texts.push(problem);
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    refresh(&anonymous, &session).expect(200);
}

/// The function retries the commit whose response was lost, and finds that it was written.
#[test]
fn a_refresh_whose_answer_was_lost_inside_counts_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    world.lose_answer("PutItem", &format!("T#{}#sessions#", tenant.id));
    let next = refresh(&anonymous, &session).expect(200);
    assert!(world.cloud().faults().active().is_empty());
    refresh(&anonymous, &next).expect(200);
}

#[test]
fn a_refresh_that_fails_before_its_commit_uses_nothing_up() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    world.fail("Sign", "");
    refresh(&anonymous, &session).problem(503, "unavailable");
    world.clear_faults();
    refresh(&anonymous, &session).expect(200);
}

#[test]
fn a_user_of_a_suspended_tenant_can_neither_sign_in_nor_refresh_nor_go_on() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let anonymous = world.anonymous();
    let sessions = [&acme, &globex].map(|tenant| {
        let session = anonymous.log_in(&tenant.slug, &tenant.email, PASSWORD).expect(201);
        refresh(&anonymous, &session).expect(200)
    });
    let ended = anonymous.log_in("acme", &acme.email, PASSWORD).expect(201);
    world.suspend(&acme.id);
    refresh(&anonymous, &sessions[0]).problem(401, "unauthorized");
    anonymous.log_in("acme", &acme.email, PASSWORD).problem(401, "unauthorized");
    let token = |session: &Value| session["accessToken"].as_str().unwrap().to_owned();
    // Each class of access has an authorizer of its own.
    let suspended = anonymous.bearing(&token(&sessions[0]));
    for request in [
        suspended.get("/me"),
        suspended.post("/orders", &json!({})),
        suspended.get("/users"),
        suspended.patch("/tenant", &json!({ "name": "Acme" })),
    ] {
        request.send().problem(403, "tenant-suspended");
    }
    // Whose session has ended hears nothing of the tenant.
    end(&anonymous, &ended).expect(204);
    anonymous.bearing(&token(&ended)).get("/me").send().gateway_refusal(403, "Forbidden");
    anonymous.bearing(&token(&sessions[1])).me();
    refresh(&anonymous, &sessions[1]).expect(200);
}
