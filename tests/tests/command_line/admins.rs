use tests::journey::PASSWORD;
use tests::terrace::{Desk, Ran};

const GRACE: &str = "grace@acme.example";

const LINE: [&str; 7] = ["tenants", "add-admin", "acme", "--name", "Grace Admin", "--email", GRACE];

fn add_admin(desk: &Desk, profile: &str, further: &[&str], password: &str) -> Ran {
    let words = [&LINE, ["--yes", "acme"].as_slice(), further].concat();
    desk.run_words(profile, &words, &format!("{password}\n"))
}

#[test]
fn an_admin_is_added_and_signs_in_with_the_password_from_the_input() {
    let desk = Desk::start();
    add_admin(&desk, "operator", &[], PASSWORD).fails(1, &["No tenant has the slug acme"]);
    desk.world.onboard("acme");
    desk.listed("acme");
    add_admin(&desk, "operator-read", &[], PASSWORD).fails(1, &["403"]);
    let unconfirmed = desk.run_words("operator", &LINE, &format!("{PASSWORD}\n"));
    unconfirmed.fails(2, &["an admin of", "(acme)", "--yes acme"]);
    add_admin(&desk, "operator", &[], "").fails(2, &["no password"]);
    add_admin(&desk, "operator", &[], "short").fails(1, &["422", "/password"]);
    let ran = add_admin(&desk, "operator", &[], PASSWORD);
    let shown = ran.done();
    for part in ["Grace Admin", GRACE, "admin", "active"] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(!format!("{ran:?}").contains(PASSWORD), "{ran:?}");
    desk.world.anonymous().log_in("acme", GRACE, PASSWORD).expect(201);
}

/// Whoever got no answer repeats the command, with the key that it printed before it sent anything.
#[test]
fn a_repetition_with_the_key_that_was_printed_adds_nobody_else() {
    let desk = Desk::start();
    desk.world.onboard("acme");
    desk.listed("acme");
    let first = add_admin(&desk, "operator", &["--json"], PASSWORD);
    let key = first.err.trim().rsplit(' ').next().unwrap().to_owned();
    let again = add_admin(&desk, "operator", &["--json", "--key", &key], PASSWORD);
    assert_eq!(again.json(), first.json());
    assert!(again.err.contains("done before"), "{again:?}");
    let other = add_admin(&desk, "operator", &["--key", &key], "another password of the tests");
    other.fails(1, &["422", "idempotency-key-reused", "Request "]);
    add_admin(&desk, "operator", &[], PASSWORD).fails(1, &["409"]);
}
