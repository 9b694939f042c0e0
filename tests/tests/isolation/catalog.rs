use tests::client::id;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[
    ("POST /products", |pair| {
        let own = pair.stranger.admin.create_product("Own", 1);
        pair.victim.admin.get(&format!("/products/{}", id(&own))).send().problem(404, "not-found");
    }),
    ("GET /products/{id}", |pair| {
        pair.stranger.admin.get(&format!("/products/{}", id(&pair.product))).send().problem(404, "not-found");
    }),
];
