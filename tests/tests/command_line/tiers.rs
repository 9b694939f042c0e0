use tests::terrace::Desk;

fn tier<'a>(shown: &'a str, name: &str) -> Vec<&'a str> {
    let line = shown.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.unwrap_or_default().split_whitespace().collect()
}

#[test]
fn a_tenant_gets_less_only_by_who_confirms_it_and_more_by_who_asks() {
    let desk = Desk::start();
    let tenant = desk.world.tenant_of_tier("acme", "pro");
    let change = |further: &str| desk.run(&format!("tenants change {} {further}", tenant.id));
    change("--tier free").fails(2, &["requests: 5000 -> 500", "audit: on -> off", "--yes acme"]);
    change("--feature audit=off --yes globex").fails(2, &["nothing was done"]);
    assert_eq!(desk.run(&format!("tenants show {} --json", tenant.id)).json()["version"], 1);

    assert!(change("--tier free --yes acme").done().contains("requests=500"));
    let own = change("--limit requests=600 --feature audit=on --json").json();
    assert_eq!((&own["limits"]["requests"], &own["features"][0]), (&600.into(), &"audit".into()));
    let back = change("--limit requests=default --feature audit=default --yes acme --json").json();
    assert_eq!((&back["limits"]["requests"], &back["features"]), (&500.into(), &serde_json::json!([])));
    change("--tier unheard").fails(1, &["422", "/tier", "enterprise, free, pro"]);
    desk.run(&format!("tenants change {}", tenant.id)).fails(2, &["required arguments", "--tier"]);
}

#[test]
fn a_tier_keeps_what_is_not_said_and_takes_away_only_by_who_confirms_it() {
    let desk = Desk::start();
    let shown = desk.run("tiers list");
    assert_eq!(
        tier(shown.done(), "pro"),
        ["pro", "5000", "1000", "10000", "audit,", "comments", "4900", "EUR"]
    );
    desk.run("tiers set pro --requests 4000").fails(2, &["requests: 5000 -> 4000", "--yes pro"]);
    let shown = desk.run("tiers set pro --requests 4000 --yes pro");
    assert_eq!(
        tier(shown.done(), "pro"),
        ["pro", "4000", "1000", "10000", "audit,", "comments", "4900", "EUR"]
    );

    desk.run("tiers set basic --requests 700").fails(2, &["--users, --products, --price, --currency"]);
    let shown =
        desk.run("tiers set basic --requests 700 --users 20 --products 200 --price 900 --currency EUR");
    assert_eq!(tier(shown.done(), "basic"), ["basic", "700", "20", "200", "-", "900", "EUR"]);
    desk.run_as("operator-read", "tiers list", "").done();
    desk.run_as("operator-read", "tiers set basic --requests 800", "").fails(1, &["403 Forbidden"]);
}
