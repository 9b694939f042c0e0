use client::eventually;
use tests::terrace::Desk;

/// What was used is added up some seconds after it was used.
#[test]
fn what_a_tenant_uses_is_shown_by_its_slug_with_its_cost() {
    let desk = Desk::start();
    desk.world.cloud().set_enabled("MeterUsageFunction", true).unwrap();
    let tenant = desk.world.tenant("acme");
    tenant.admin.get("/products").send().expect(200);
    let shown = eventually("acme is among those that cost something", || {
        let shown = desk.run("usage").done().to_owned();
        shown.lines().any(|line| line.starts_with("acme ")).then_some(shown)
    });
    for part in ["REQUESTS", "COST, $", "platform", "total"] {
        assert!(shown.contains(part), "{shown}");
    }
    assert_eq!(desk.run("usage --json").json()["tenants"][0]["tenant"], tenant.id);

    let usage = format!("tenants usage {}", tenant.id);
    let days = desk.run(&usage);
    let day = days.done().lines().nth(1).unwrap_or_default();
    assert!(day.starts_with("20") && days.done().contains("total"), "{days:?}");
    let hours = desk.run(&format!("{usage} --by hour --json")).json();
    let period = hours["items"][0]["period"].as_str().unwrap_or_default();
    assert_eq!(period.len(), "2026-11-28T03".len(), "{hours}");
    eventually("the tenant is shown with what it has used today", || {
        let shown = desk.run(&format!("tenants show {}", tenant.id));
        let line = shown.done().lines().find(|line| line.starts_with("Usage today  "));
        let today = line.unwrap_or_else(|| panic!("{shown:?}"));
        (today.contains("cost=$0.00") && !today.contains("requests=0")).then_some(())
    });
    desk.run(&format!("{usage} --from 2026-03-04 --to 2026-03-03")).fails(1, &["422", "/to"]);
    desk.run(&format!("{usage} --by week")).fails(2, &["week"]);
}
