//! Whether calls consume more where there is more data.

mod histories;
mod posts;
mod sessions;

use client::{Admin, eventually, id, items};
use serde_json::Value;
use tests::journey::{PASSWORD, email_of};
use tests::world::Units;
use tests::{Consumed, Tenant, World};

use crate::replicas::{Original, parsed};
use crate::report::{Report, Table, with_commas};
use crate::settings::Settings;

/// Orders on a page, so that a thousand of them have a hundredth page.
const PAGE: usize = 10;
/// It ends like an id, so that copies get others.
const SLUG: &str = "tenant-00000000";

/// What the function of a route consumes for a call.
fn consumed<T>(world: &World, route: &str, call: impl FnOnce() -> T) -> Consumed {
    let operation = World::operations().iter().find(|operation| operation.key() == route);
    let function = &operation.unwrap_or_else(|| panic!("there is no {route}")).function;
    world.consumed(function, call).1
}

fn shown(consumed: &Consumed) -> String {
    let (Units { read, write }, round_trips) = (consumed.units, consumed.round_trips());
    match write > 0.0 {
        true => format!("{read} + {write}, {round_trips}"),
        false => format!("{read}, {round_trips}"),
    }
}

/// The row of a call, which has to consume the same at each size at which it can be called.
fn row(name: &str, sizes: &[Option<Consumed>]) -> Vec<String> {
    let mut known = sizes.iter().flatten();
    let first = known.next().expect("it was called");
    assert!(known.all(|other| other == first), "{name} does not stay flat: {sizes:?}");
    let sizes = sizes.iter().map(|size| size.as_ref().map_or_else(|| "–".to_owned(), shown));
    [name.to_owned()].into_iter().chain(sizes).collect()
}

/// A tenant with orders, in a world whose events are not published any more.
struct Site {
    world: World,
    tenant: Tenant,
    product: Value,
    order: Original,
    whole: Original,
}

pub(crate) fn measure(settings: &Settings) -> Report {
    let (many, tenants) = (settings.rounds(100_000, 5_000), settings.rounds(10_000, 200));
    let site = Site::open();
    let histories = histories::table(&site, settings);
    let mut sizes = vec![site.consumed(1)];
    site.order.put(&site.world, 1..1_000);
    sizes.push(site.consumed(1_000));
    site.order.put(&site.world, 1_000..many);
    sizes.push(site.consumed(many));
    site.add_tenants(tenants);
    sizes.push(site.consumed(many));
    let [thousand, many] = ["1,000".to_owned(), with_commas(many)];
    let head = [
        "call",
        "1 order",
        &format!("{thousand} orders"),
        &format!("{many} orders"),
        &format!("{many} orders, {} tenants", with_commas(tenants)),
    ];
    let mut table = Table::new("RCU + WCU, and round trips, by orders of the tenant and by tenants", head);
    for (index, name) in CALLS.into_iter().enumerate() {
        let of_sizes: Vec<_> = sizes.iter().map(|size| size[index].clone()).collect();
        table.row(row(name, &of_sizes));
    }
    Report {
        title: "What calls consume as data grows",
        method: format!(
            "One tenant with one order is made through the API, with its projections. Further orders and tenants are \
             copies of the rows that were read of these, with other ids; an order's audit entries are left out, which \
             none of these calls reads. Pages have {PAGE} orders. Units and round trips are exact, as the local cloud \
             counts them for the function; a call that does not consume the same at each size fails the run. For the histories, an order's first 21 commits are made through the API, \
             and the 10 commits between two snapshots, which add and remove the same line, are repeated up to the \
             size. {}",
            sessions::method()
        ),
        tables: [table, histories, sessions::table(&site)]
            .into_iter()
            .chain(posts::tables(settings))
            .collect(),
        ..Report::default()
    }
}

const CALLS: [&str; 5] = [
    "`GET /products/{id}`",
    "`GET /orders`, the first page",
    "`GET /orders`, the hundredth page",
    "`POST /orders/{id}/confirmation`",
    "`GET /bff/dashboard`",
];

impl Site {
    fn open() -> Site {
        let world = World::start_unlimited();
        let tenant = world.tenant(SLUG);
        let order = tenant.order();
        let listed = || items(&tenant.admin.get("/orders").send().expect(200)["items"]).len();
        eventually("the order is listed", || (listed() == 1).then_some(()));
        world.wait_until_consumed();
        world.cloud().set_enabled("RelayEventsFunction", false).expect("the relay has an event source");
        let (rows, registry) = (world.scan(), world.scan_registry());
        let of_order = Original::of(&rows, &[id(&order)], &["ord_", "evt_"], &["audit"]);
        let all: Vec<Value> = rows.into_iter().chain(registry).collect();
        let whole = Original::of(&all, &[&tenant.id, SLUG], &[""], &[]).renaming(SLUG);
        let product = order["lines"][0]["productId"].clone();
        Site { world, tenant, product, order: of_order, whole }
    }

    /// What each call consumes now, where the tenant has so many orders.
    fn consumed(&self, orders: usize) -> [Option<Consumed>; 5] {
        let Site { world, tenant, product, .. } = self;
        let admin = &tenant.admin;
        let of = |route: &str, path: &str| consumed(world, route, || admin.get(path).send().expect(200));
        let path = format!("/products/{}", product.as_str().unwrap_or_default());
        let first = format!("/orders?limit={PAGE}");
        let hundredth = (orders >= 100 * PAGE).then(|| hundredth_page(admin, &first));
        let order = admin.place_order(&serde_json::json!({ "id": product }), 1);
        [
            Some(of("GET /products/{id}", &path)),
            Some(of("GET /orders", &first)),
            hundredth.map(|path| of("GET /orders", &path)),
            Some(consumed(world, "POST /orders/{id}/confirmation", || admin.confirm(&order).expect(200))),
            Some(consumed(world, "GET /bff/dashboard", || admin.dashboard())),
        ]
    }

    /// Adds copies of the tenant, as it was with one order, so that there are so many tenants.
    fn add_tenants(&self, count: usize) {
        let is_of_registry =
            |row: &Value| row["pk"]["S"].as_str().is_some_and(|key| key.starts_with("slug#"));
        let numbers: Vec<usize> = (1..count).collect();
        for batch in numbers.chunks(1_000) {
            let rows = batch.iter().flat_map(|number| self.whole.copy(*number)).map(|row| parsed(&row));
            let (registry, rows): (Vec<Value>, Vec<Value>) = rows.partition(is_of_registry);
            self.world.put_registry_rows(&registry);
            self.world.put_rows(rows);
        }
    }

    /// Signs in to a copy of the tenant.
    fn admin_of(&self, number: usize) -> Admin {
        let slug = self.whole.id(SLUG, number);
        let session = self.world.anonymous().log_in(&slug, &email_of(&slug), PASSWORD).expect(201);
        self.world.anonymous().bearing(session["accessToken"].as_str().expect("a session has a token"))
    }
}

/// The path of the hundredth page of a list.
fn hundredth_page(admin: &Admin, first: &str) -> String {
    (1..100).fold(first.to_owned(), |path, _| {
        let page = admin.get(&path).send().expect(200);
        format!("{first}&cursor={}", page["nextCursor"].as_str().expect("a further page"))
    })
}
