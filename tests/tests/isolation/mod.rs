//! No tenant reaches the data of another tenant.

mod classes;
mod developers;
mod drafts;
mod due;
mod facets;
mod matrix;
mod permissions;
mod policies;
mod registry;
mod usage;

pub(crate) use matrix::ids_in;
use tests::World;

/// The matrix tries another tenant's id alone.
#[test]
fn a_tenant_header_that_is_repeated_or_empty_is_forbidden_on_every_route() {
    let world = World::start();
    let [victim, stranger] = ["acme", "globex"].map(|slug| world.tenant(slug));
    for route in world.routes().into_iter().filter(|route| route.of_tenants) {
        let (method, path) = route.key.split_once(' ').unwrap();
        let path = path.replace(['{', '}'], "");
        let ask = |tenants: &[&str]| {
            let request = stranger.admin.request(method, &path);
            tenants.iter().fold(request, |request, tenant| request.header("x-tenant-id", tenant)).send()
        };
        let own = stranger.id.as_str();
        for tenants in [&[own, &victim.id][..], &[own, own], &[""]] {
            println!("{} with x-tenant-id {tenants:?}", route.key);
            ask(tenants).problem(403, "forbidden");
        }
    }
}
