//! Requests that erase what a plugin has.

use client::Http;
use contract::Operation;
use tests::World;
use tests::plugin_steps::leave;

use super::own::Sent;
use super::side::Side;

/// What is erased is another tenant's of the same people, or there would be nothing left for other routes. Returns that
/// tenant.
pub(super) fn house(world: &World, side: &Side, operation: &Operation, sent: &mut Sent) -> Option<String> {
    if operation.key() != "DELETE /plugins/{name}/data" {
        return None;
    }
    let tenant = world.tenant(&format!("left-{}-{}", side.tenant.slug, side.number()));
    leave(world, &tenant);
    sent.client = Http::clone(&tenant.admin);
    Some(tenant.id)
}
