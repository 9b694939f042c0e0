use tests::journey::{PASSWORD, email_of};
use tests::terrace::{Desk, Ran};

fn suspend(desk: &Desk, further: &[&str]) -> Ran {
    let line = ["tenants", "suspend", "acme", "--reason", "does not pay"];
    desk.run_words("operator", &[&line, further].concat(), "")
}

fn sign_in(desk: &Desk) -> u16 {
    desk.world.anonymous().log_in("acme", &email_of("acme"), PASSWORD).status
}

#[test]
fn a_tenant_is_suspended_by_who_confirms_it_and_resumed() {
    let desk = Desk::start();
    desk.world.onboard("acme");
    desk.listed("acme");
    suspend(&desk, &[]).fails(2, &["Tenant acme (acme)", "--yes acme"]);
    suspend(&desk, &["--yes", "globex"]).fails(2, &["nothing was done"]);
    assert_eq!(sign_in(&desk), 201);

    let done = suspend(&desk, &["--yes", "acme"]);
    assert!(done.done().contains("suspended") && done.out.contains("does not pay"), "{done:?}");
    assert_ne!(sign_in(&desk), 201);
    suspend(&desk, &["--yes", "acme"]).fails(1, &["409"]);
    assert!(desk.run("tenants show acme").done().contains("does not pay"));

    assert!(desk.run("tenants resume acme").done().contains("active"));
    assert_eq!(sign_in(&desk), 201);
    desk.run("tenants resume acme").fails(1, &["409"]);
}

#[test]
fn a_tenant_that_nobody_has_is_not_suspended() {
    let desk = Desk::start();
    suspend(&desk, &["--yes", "acme"]).fails(1, &["No tenant has the slug acme"]);
    desk.run("tenants show ten_0199c0de5a7f7cc0b5a58d0a3b8a1c2d").fails(1, &["404"]);
}

#[test]
fn who_reads_alone_shows_and_does_not_suspend() {
    let desk = Desk::start();
    desk.world.onboard("acme");
    desk.listed("acme");
    assert!(desk.run_as("operator-read", "tenants show acme", "").done().contains("Tenant acme"));
    assert!(desk.run_as("operator-read", "tenants list --status active", "").done().contains("acme"));
    let line = "tenants suspend acme --reason unpaid --yes acme";
    desk.run_as("operator-read", line, "").fails(1, &["403 Forbidden", "OperatorReadPolicy those that read"]);
}

#[test]
fn both_audits_name_the_operator() {
    let desk = Desk::start();
    desk.world.onboard("acme");
    desk.listed("acme");
    suspend(&desk, &["--yes", "acme"]).done();
    let all = desk.run("audit");
    assert!(all.done().lines().count() >= 3 && all.out.contains("user/local/operator"), "{all:?}");
    client::eventually("the tenant's audit has it", || {
        let of_tenant = desk.run("tenants audit acme --actor operator");
        of_tenant.done().contains("tenant.suspended").then_some(())
    });
    assert_eq!(desk.run("audit --limit 1 --json").json()["items"].as_array().map(Vec::len), Some(1));
}
