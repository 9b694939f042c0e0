//! The sessions of a user: listed, and ended one by one or all at once.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use client::{Admin, Anonymous, Response, eventually, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn log_in(anonymous: &Anonymous, email: &str, user_agent: &str) -> Response {
    let body = json!({ "tenant": "acme", "email": email, "password": PASSWORD });
    anonymous.post("/sessions", &body).header("user-agent", user_agent).send()
}

/// With these lines as the only headers, whose bytes may be any.
fn log_in_by_socket(world: &World, email: &str, headers: &[u8]) -> Value {
    let body = json!({ "tenant": "acme", "email": email, "password": PASSWORD }).to_string();
    let url = world.cloud().url();
    let mut socket = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let rest =
        format!("content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    let head = [b"POST /sessions HTTP/1.1\r\nhost: localhost\r\n", headers, rest.as_bytes()].concat();
    socket.write_all(&[&head, b"\r\n".as_slice(), body.as_bytes()].concat()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

fn session(anonymous: &Anonymous, tenant: &Tenant) -> Value {
    log_in(anonymous, &tenant.email, FIREFOX).expect(201)
}

fn bearing(anonymous: &Anonymous, session: &Value) -> Admin {
    anonymous.bearing(session["accessToken"].as_str().unwrap())
}

fn refresh(anonymous: &Anonymous, session: &Value) -> Response {
    anonymous.post("/sessions/refresh", &json!({ "refreshToken": session["refreshToken"] })).send()
}

/// Its id, as its access token names it.
fn id_of(session: &Value) -> String {
    let claims = session["accessToken"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    claims["sid"].as_str().unwrap().to_owned()
}

fn listed(client: &Admin, path: &str) -> Vec<Value> {
    items(&client.get(path).send().expect(200)["items"]).to_vec()
}

fn ids(sessions: &[Value]) -> Vec<&str> {
    sessions.iter().map(|session| session["id"].as_str().unwrap()).collect()
}

/// The token was not used before the session ended: the gateway keeps an authorizer's answer for a minute.
fn assert_ended(anonymous: &Anonymous, session: &Value) {
    bearing(anonymous, session).get("/me").send().gateway_refusal(403, "Forbidden");
    refresh(anonymous, session).problem(401, "unauthorized");
}

fn assert_open(anonymous: &Anonymous, session: &Value) {
    bearing(anonymous, session).me();
    refresh(anonymous, session).expect(200);
}

#[test]
fn a_user_sees_the_own_open_sessions_from_the_newest_on() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let first = session(&anonymous, &tenant);
    let second = log_in(&anonymous, &tenant.email, "curl/8.9.1").expect(201);
    refresh(&anonymous, &first).expect(200);
    let sessions = listed(&bearing(&anonymous, &second), "/me/sessions");
    assert_eq!(ids(&sessions)[..2], [id_of(&second), id_of(&first)]);
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    let (begun, used) = (&sessions[1]["begunAt"], &sessions[1]["lastUsedAt"]);
    assert_eq!(
        sessions[1],
        json!({
            "id": id_of(&first), "device": "Firefox on Linux", "begunAt": begun, "lastUsedAt": used, "current": false,
        })
    );
    assert!(begun.as_str().unwrap() <= used.as_str().unwrap(), "{begun} {used}");
    assert_eq!((&sessions[0]["device"], &sessions[0]["current"]), (&json!("curl/8.9.1"), &json!(true)));
    // An id is of no use without a token of the user: who knows it cannot end the session.
    let text = Value::from(sessions).to_string();
    for session in [&first, &second] {
        let secret = session["refreshToken"].as_str().unwrap().split('.').nth(2).unwrap();
        assert!(!text.contains(secret.trim_start_matches("ses_")), "{text}");
    }
}

#[test]
fn a_user_agent_of_any_kind_is_cut_cleaned_or_left_out() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let long = "x".repeat(9_000);
    let cut = "x".repeat(200);
    for (user_agent, device) in [
        (long.as_str(), json!(cut)),
        ("🦀 🦀", Value::Null),
        ("<script>alert(1)</script>", json!("<script>alert(1)</script>")),
        ("", Value::Null),
    ] {
        let session = log_in(&anonymous, &tenant.email, user_agent).expect(201);
        let sessions = listed(&bearing(&anonymous, &session), "/me/sessions");
        assert_eq!(sessions[0]["id"], id_of(&session));
        assert_eq!(sessions[0]["device"], device, "{user_agent:?}");
    }
    let by_socket: [(&[u8], Value); 3] = [
        (b"", Value::Null),
        (b"user-agent: caf\xe9\tapp/1\r\n", json!("cafapp/1")),
        (b"user-agent: first/1\r\nuser-agent: second/2\r\n", json!("first/1,second/2")),
    ];
    for (headers, device) in by_socket {
        let session = log_in_by_socket(&world, &tenant.email, headers);
        let sessions = listed(&bearing(&anonymous, &session), "/me/sessions");
        assert_eq!(sessions[0]["id"], id_of(&session));
        assert_eq!(sessions[0]["device"], device, "{headers:?}");
    }
    // The gateway takes no more than 10,240 bytes.
    assert_eq!(log_in(&anonymous, &tenant.email, &"x".repeat(10_240)).status, 431);
}

#[test]
fn a_user_ends_one_session_once_or_twice_and_none_of_others() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let member = tenant.member(&anonymous, "Max Member");
    let [lost, kept] = [(); 2].map(|()| session(&anonymous, &tenant));
    let end = |client: &client::Http, id: &str| client.delete(&format!("/me/sessions/{id}")).send();
    end(&member, &id_of(&lost)).problem(404, "not-found");
    end(&tenant.admin, &"0".repeat(32)).problem(404, "not-found");
    let problem = end(&tenant.admin, "ses_1").problem(422, "validation");
    assert_eq!(problem["errors"][0]["field"], "/id");
    for _ in 0..2 {
        assert_eq!(end(&tenant.admin, &id_of(&lost)).expect(204), Value::Null);
    }
    assert_ended(&anonymous, &lost);
    end(&tenant.admin, &id_of(&lost)).expect(204);
    assert_eq!(ids(&listed(&tenant.admin, "/me/sessions"))[..1], [id_of(&kept)]);
    assert_open(&anonymous, &kept);
    // Also the one of the request, which is a way to sign out.
    let own = session(&anonymous, &tenant);
    end(&bearing(&anonymous, &own), &id_of(&own)).expect(204);
    refresh(&anonymous, &own).problem(401, "unauthorized");
    member.me();
}

#[test]
fn a_user_ends_all_other_sessions_and_goes_on_with_this_one() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let member = tenant.member(&anonymous, "Max Member");
    let others: Vec<Value> = (0..12).map(|_| session(&anonymous, &tenant)).collect();
    for _ in 0..2 {
        tenant.admin.delete("/me/sessions").send().expect(204);
        let left = listed(&tenant.admin, "/me/sessions");
        assert_eq!((left.len(), &left[0]["current"]), (1, &json!(true)), "{left:?}");
    }
    for other in [&others[0], &others[11]] {
        assert_ended(&anonymous, other);
    }
    tenant.admin.me();
    member.me();
    assert_open(&anonymous, &session(&anonymous, &tenant));
}

/// Both read the session before either of them changes it.
#[test]
fn a_refresh_at_the_same_time_does_not_save_a_session_from_its_end() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let ends: [fn(&Admin, &str) -> Response; 2] = [
        |client, id| client.delete(&format!("/me/sessions/{id}")).send(),
        |client, _| client.delete("/me/sessions").send(),
    ];
    for end in ends {
        let session = session(&anonymous, &tenant);
        world.delay_a_write(&format!("T#{}#sessions#", tenant.id), std::time::Duration::from_secs(1));
        let refreshed = std::thread::scope(|scope| {
            let refreshed = scope.spawn(|| refresh(&anonymous, &session));
            world.wait_until_a_write_is_held();
            end(&tenant.admin, &id_of(&session)).expect(204);
            refreshed.join().unwrap()
        });
        world.clear_faults();
        if refreshed.status == 200 {
            assert_ended(&anonymous, &refreshed.json());
        } else {
            refreshed.problem(401, "unauthorized");
        }
        assert_ended(&anonymous, &session);
    }
}

#[test]
fn an_admin_sees_and_ends_the_sessions_of_a_user_and_the_audit_says_who_did() {
    let world = World::start();
    let tenant = world.tenant_of_tier("acme", "enterprise");
    let anonymous = world.anonymous();
    let member = tenant.member(&anonymous, "Max Member");
    let other = log_in(&anonymous, &member.email, FIREFOX).expect(201);
    let path = format!("/users/{}/sessions", member.id);
    let sessions = listed(&tenant.admin, &path);
    assert_eq!((sessions.len(), &sessions[0]["device"]), (2, &json!("Firefox on Linux")), "{sessions:?}");
    assert!(sessions.iter().all(|session| session["current"] == false), "{sessions:?}");
    tenant.admin.delete(&path).send().expect(204);
    assert_ended(&anonymous, &other);
    assert!(listed(&tenant.admin, &path).is_empty());
    tenant.admin.me();
    // A new session is none of those.
    assert_open(&anonymous, &log_in(&anonymous, &member.email, "").expect(201));
    assert_eq!(listed(&tenant.admin, &path).len(), 1);
    eventually("the audit says who ended them", || {
        let rows = tenant.admin.get("/audit?kind=user.sessionsEnded").send().expect(200);
        let row = rows["items"].get(0)?;
        let said = json!([row["actor"]["id"], row["aggregate"]["id"]]);
        assert_eq!(said, json!([tenant.admin_id, member.id]), "{row}");
        Some(())
    });
    let user = tenant.admin.user(&member.id);
    tenant.admin.deactivate(&user).expect(200);
    tenant.admin.delete(&path).send().expect(204);
    assert!(listed(&tenant.admin, &path).is_empty());
}

/// The one log-in has verified the password before the sessions ended, and stores its session afterwards.
#[test]
fn a_session_that_is_being_begun_ends_with_all_others() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let member = tenant.member(&anonymous, "Max Member");
    world.delay_a_write(&format!("T#{}#sessions#", tenant.id), std::time::Duration::from_secs(1));
    let late = std::thread::scope(|scope| {
        let late = scope.spawn(|| log_in(&anonymous, &member.email, ""));
        world.wait_until_a_write_is_held();
        tenant.admin.delete(&format!("/users/{}/sessions", member.id)).send().expect(204);
        late.join().unwrap()
    });
    world.clear_faults();
    assert_ended(&anonymous, &late.expect(201));
}

#[test]
fn sessions_of_others_are_for_admins_who_still_are() {
    let world = World::start();
    let (tenant, anonymous) = (world.tenant("acme"), world.anonymous());
    let elsewhere = world.tenant("globex");
    let member = tenant.member(&anonymous, "Max Member");
    let path = format!("/users/{}/sessions", member.id);
    for (client, of) in [(&**member, &tenant.admin_id), (&**member, &member.id)] {
        let path = format!("/users/{of}/sessions");
        client.get(&path).send().problem(403, "forbidden");
        client.delete(&path).send().problem(403, "forbidden");
    }
    for gone in [path.clone(), format!("/users/usr_{}/sessions", "0".repeat(32))] {
        elsewhere.admin.get(&gone).send().problem(404, "not-found");
        elsewhere.admin.delete(&gone).send().problem(404, "not-found");
    }
    // The gateway keeps its answer that the user is an admin for a minute.
    let email = tenant.address("Abe");
    let other = tenant.admin.register("Abe Admin", &email, "admin", PASSWORD).expect(201);
    let former = bearing(&anonymous, &log_in(&anonymous, &email, "").expect(201));
    former.get("/users").send().expect(200);
    tenant.admin.update_user(&other, &json!({ "roles": ["member"] })).expect(200);
    former.delete(&path).send().problem(403, "forbidden");
    member.me();
    assert_eq!(listed(&tenant.admin, &path).len(), 1);
}
