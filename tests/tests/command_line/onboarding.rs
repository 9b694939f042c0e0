use serde_json::Value;
use tests::journey::{PASSWORD, email_of};
use tests::terrace::{Desk, Ran};

fn onboard(desk: &Desk, further: &str, password: &str) -> Ran {
    let line = format!(
        "tenants onboard --name Acme --slug acme --tier free --admin-name Ada --admin-email {}{further}",
        email_of("acme")
    );
    desk.run_as("operator", &line, &format!("{password}\n"))
}

#[test]
fn a_tenant_is_onboarded_and_its_admin_signs_in_with_the_password_from_the_input() {
    let desk = Desk::start();
    let ran = onboard(&desk, "", PASSWORD);
    let shown = ran.done();
    for part in ["acme", "Acme", "free", "Ada", &email_of("acme")] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(!format!("{ran:?}").contains(PASSWORD), "{ran:?}");
    desk.world.anonymous().log_in("acme", &email_of("acme"), PASSWORD).expect(201);
}

/// Whoever got no answer repeats the command, with the key that it printed before it sent anything.
#[test]
fn a_repetition_with_the_key_that_was_printed_onboards_nobody_else() {
    let desk = Desk::start();
    let first = onboard(&desk, " --json", PASSWORD);
    let key = first.err.trim().rsplit(' ').next().unwrap().to_owned();
    let again = onboard(&desk, &format!(" --json --key {key}"), PASSWORD);
    assert_eq!(again.json(), first.json());
    assert!(again.err.contains("done before"), "{again:?}");

    let other = onboard(&desk, &format!(" --key {key}"), "another password of the tests");
    other.fails(1, &["422", "idempotency-key-reused", "Request "]);
    onboard(&desk, "", PASSWORD).fails(1, &["409"]);
}

#[test]
fn a_refusal_shows_each_field_and_its_rule_and_programs_get_the_problem() {
    let desk = Desk::start();
    onboard(&desk, "", "short").fails(1, &["422", "/admin/password", "Request "]);
    let ran = onboard(&desk, " --json", "short");
    let problem: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    assert_eq!(problem["errors"][0]["field"], "/admin/password");
    assert_eq!(ran.code, Some(1));
    onboard(&desk, "", "").fails(2, &["no password"]);
}
