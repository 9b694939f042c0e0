//! A forgotten password is replaced by a mailed link, and nothing tells which accounts exist.

use client::{Response, eventually, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

const NEW: &str = "another good password";

fn redeem(world: &World, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "newPassword": password });
    world.anonymous().post("/password-resets/redemption", &body).send()
}

/// The one answer to a token that is not good.
fn refuse(world: &World, token: &str) {
    let problem = redeem(world, token, NEW).problem(422, "validation");
    let rule = "must be the token of a link that is still good; ask for a new link";
    assert_eq!(problem["errors"], json!([{ "field": "/token", "rule": rule }]), "{token}");
}

fn signs_in(world: &World, tenant: &Tenant, password: &str) -> bool {
    world.anonymous().log_in(&tenant.slug, &tenant.email, password).status == 201
}

/// The rows of the user's links.
fn links(world: &World, tenant: &Tenant) -> Vec<Value> {
    let partition = format!("T#{}#links#{}", tenant.id, tenant.admin_id);
    world.scan().into_iter().filter(|row| row["pk"]["S"] == partition.as_str()).collect()
}

#[test]
fn a_forgotten_password_is_replaced_once_by_a_mailed_link_and_all_sessions_end() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let session = world.anonymous().log_in("acme", &tenant.email, PASSWORD).expect(201);
    let asked = world.ask_for_reset("acme", &tenant.email).expect(202);
    assert_eq!(asked, json!({ "expiresIn": 1800 }));
    let token = eventually("the link", || world.mailed_tokens(&tenant.email).first().cloned());
    let mail = world.cloud().mailbox().into_iter().find(|mail| mail.text.contains(&token)).unwrap();
    let html = mail.html.unwrap();
    for part in [&mail.text, &html] {
        assert!(part.contains(&format!("http://localhost:5173/password-reset#{token}")), "{part}");
        assert!(part.contains("acme") && !part.contains("Ada"), "{part}");
    }
    assert_eq!(redeem(&world, &token, NEW).expect(204), json!(null));

    // Of this user, the gateway keeps no answer yet.
    let access = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    access.get("/me").send().gateway_refusal(403, "Forbidden");
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    world.anonymous().post("/sessions/refresh", &refresh).send().problem(401, "unauthorized");
    assert!(signs_in(&world, &tenant, NEW) && !signs_in(&world, &tenant, PASSWORD));
    refuse(&world, &token);
    eventually("the user is told of the new password", || {
        let mails = world.cloud().mailbox();
        mails
            .iter()
            .any(|mail| mail.to == [tenant.email.clone()] && mail.subject.contains("was changed"))
            .then_some(())
    });
}

#[test]
fn a_change_of_the_password_is_told_by_mail() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.admin.change_password(PASSWORD, NEW).expect(204);
    world.publish_again();
    eventually("a mail", || {
        let mails = world.cloud().mailbox();
        mails.iter().any(|mail| mail.subject == "Your password was changed").then_some(())
    });
    world.wait_until_consumed();
    let told = world.cloud().mailbox().into_iter().filter(|mail| mail.subject == "Your password was changed");
    assert_eq!(told.count(), 1);
}

#[test]
fn a_token_that_is_not_good_has_one_answer_and_changes_nothing() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let good = world.reset_token("acme", &acme.email);
    let foreign = world.reset_token("globex", &globex.email);
    let parts: Vec<&str> = good.split('.').collect();
    let others: Vec<&str> = foreign.split('.').collect();
    let [slug, user, link, secret] = parts[..] else { panic!("{good}") };
    for bad in [
        String::new(),
        format!("{slug}.{user}.{link}"),
        good[..good.len() - 1].to_owned(),
        good.replace("acme", "nobody"),
        good.replace("acme", "globex"),
        format!("{slug}.{}.{}.{}", others[1], others[2], others[3]),
        format!("{slug}.{user}.{link}.{}", others[3]),
        format!("{slug}.{user}.{}.{secret}", others[2]),
        format!("{slug}.{}.{link}.{secret}", others[1]),
    ] {
        refuse(&world, &bad);
    }
    let session = world.anonymous().log_in("acme", &acme.email, PASSWORD).expect(201);
    refuse(&world, session["refreshToken"].as_str().unwrap());
    // A password that breaks its rule leaves the link as it is.
    redeem(&world, &good, "short").problem(422, "validation");
    assert!(signs_in(&world, &acme, PASSWORD) && signs_in(&world, &globex, PASSWORD));
    redeem(&world, &good, NEW).expect(204);
}

#[test]
fn a_link_ends_with_its_time_with_a_newer_one_and_with_another_password() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let older = world.reset_token("acme", &tenant.email);
    let newer = world.reset_token("acme", &tenant.email);
    refuse(&world, &older);
    tenant.admin.change_password(PASSWORD, NEW).expect(204);
    refuse(&world, &newer);
    let late = world.reset_token("acme", &tenant.email);
    world.wait_until_consumed();
    let mut row = links(&world, &tenant).into_iter().find(|row| row.get("doc").is_some()).unwrap();
    let until: i64 = row["expiresAt"]["N"].as_str().unwrap().parse().unwrap();
    let left = until - jiff::Timestamp::now().as_second();
    assert!((1_700..=1_800).contains(&left), "{left}");
    row["expiresAt"]["N"] = json!((until - left - 1).to_string());
    world.put_row(&row);
    refuse(&world, &late);
    assert!(signs_in(&world, &tenant, NEW));
}

#[test]
fn a_link_of_who_was_deactivated_or_suspended_since_is_not_good() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.admin.register("Mia", "mia@acme.example", "member", PASSWORD).expect(201);
    let token = world.reset_token("acme", "mia@acme.example");
    tenant.admin.deactivate(&tenant.admin.user(id(&member))).expect(200);
    refuse(&world, &token);
    let token = world.reset_token("acme", &tenant.email);
    world.suspend(&tenant.id);
    refuse(&world, &token);
    world.resume(&tenant.id);
    redeem(&world, &token, NEW).expect(204);
}

#[test]
fn of_redemptions_at_once_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let token = world.reset_token("acme", &tenant.email);
    let password = |number: usize| format!("the good password {number}");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let (world, token) = (&world, &token);
        let racers: Vec<_> = (0..4)
            .map(|number| scope.spawn(move || redeem(world, token, &password(number)).status))
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    let winners: Vec<usize> = (0..4).filter(|number| statuses[*number] == 204).collect();
    assert_eq!(winners.len(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 422].contains(status)), "{statuses:?}");
    assert!(signs_in(&world, &tenant, &password(winners[0])));
}

/// The mail was sent, and SES's answer is lost: the event comes again, and the first link is good no more.
#[test]
fn of_links_that_an_event_has_made_twice_the_newest_is_good() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.wait_until_consumed();
    world.cloud().services().override_visibility_timeout(std::time::Duration::from_millis(200));
    world.lose_answer("SendEmail", "");
    world.ask_for_reset("acme", &tenant.email).expect(202);
    let tokens =
        eventually("both mails", || Some(world.mailed_tokens(&tenant.email)).filter(|all| all.len() == 2));
    world.wait_until_consumed();
    world.publish_again();
    world.wait_until_consumed();
    assert_eq!(world.mailed_tokens(&tenant.email), tokens, "a link that was sent is not made again");
    refuse(&world, &tokens[0]);
    redeem(&world, &tokens[1], NEW).expect(204);
    world.publish_again();
    world.wait_until_consumed();
    assert_eq!(world.mailed_tokens(&tenant.email), tokens, "nor one that was used");
}

/// The request itself waits for no mail.
#[test]
fn a_request_is_answered_while_mail_is_out_of_order() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.wait_until_consumed();
    world.cloud().services().override_visibility_timeout(std::time::Duration::from_millis(200));
    world.fail("SendEmail", "");
    world.ask_for_reset("acme", &tenant.email).expect(202);
    world.clear_faults();
    let token = eventually("the mail", || world.mailed_tokens(&tenant.email).pop());
    redeem(&world, &token, NEW).expect(204);
}

#[test]
fn the_request_is_audited_as_a_stranger_s_and_the_reset_as_the_user_s() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let token = world.reset_token("acme", &tenant.email);
    redeem(&world, &token, NEW).expect(204);
    let admin = world.anonymous().log_in("acme", &tenant.email, NEW).expect(201);
    let admin = world.anonymous().bearing(admin["accessToken"].as_str().unwrap());
    let rows = eventually("both are recorded", || {
        let rows = admin.get("/audit").send().expect(200)["items"].take();
        (rows[0]["kind"] == "user.passwordChanged" && rows[1]["kind"] == "link.requested").then_some(rows)
    });
    assert_eq!(rows[0]["actor"], json!({ "kind": "user", "id": tenant.admin_id }));
    assert_eq!(rows[1]["actor"], json!({ "kind": "anonymous" }));
    assert_eq!(rows[1]["aggregate"], json!({ "kind": "links", "id": tenant.admin_id }));
}

#[test]
fn token_and_password_stand_in_the_mail_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    // What fails is logged, and comes again.
    world.cloud().services().override_visibility_timeout(std::time::Duration::from_millis(200));
    world.wait_until_consumed();
    world.fail_times("SendEmail", "", 1);
    let token = world.reset_token("acme", &tenant.email);
    let secret = token.rsplit_once('.').unwrap().1.to_owned();
    world.fail_times("TransactWriteItems", &format!("T#{}#user#", tenant.id), 1);
    let password = "a canary of a password";
    let redeemed = redeem(&world, &token, password);
    assert!([204, 503].contains(&redeemed.status), "{}", redeemed.text());
    if redeemed.status == 503 {
        redeem(&world, &token, password).expect(204);
    }
    refuse(&world, &token);
    world.wait_until_consumed();
    let queues = &world.cloud().stack().queues;
    let messages =
        queues.iter().map(|queue| format!("{:?}", world.cloud().services().messages(&queue.logical_id)));
    let rows = world.scan().into_iter().chain(world.scan_registry()).map(|row| row.to_string());
    let events = world.cloud().services().recent_events().into_iter().map(|event| format!("{event:?}"));
    let others = world.cloud().mailbox().into_iter().filter(|mail| !mail.text.contains(&token));
    let others = others.map(|mail| format!("{mail:?}"));
    let logs = world.cloud().logs();
    assert!(logs.iter().any(|line| line.contains("link.requested")), "the consumer has logged: {logs:?}");
    for text in logs.into_iter().chain(messages).chain(rows).chain(events).chain(others) {
        assert!(!text.contains(&secret) && !text.contains(password), "{text}");
    }
}
