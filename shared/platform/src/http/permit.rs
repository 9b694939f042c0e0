//! Whether a signed-in user may call a route.

use domain::plugin::Manifest;

use crate::http::{Credentials, Precondition, Problem, Route, SignedIn, TenantMember};

/// The request names no other tenant, the plugin of the route is active, the user holds what the route needs, and the tenant
/// has the feature. What is not active is not there, whoever asks.
pub(super) fn permit<C: Precondition>(
    route: &Route<TenantMember, C>,
    caller: &SignedIn,
    request: &Credentials<'_>,
) -> Result<(), Problem> {
    TenantMember::agree(caller, request)?;
    require_active(route.declared.plugin, caller)?;
    route.access.permit(caller)?;
    match route.declared.feature {
        Some(feature) if !caller.entitlements.features.contain(feature) => {
            Err(Problem::feature_not_included(feature))
        }
        _ => Ok(()),
    }
}

fn require_active(plugin: Option<&Manifest>, caller: &SignedIn) -> Result<(), Problem> {
    match plugin {
        Some(Manifest { name, .. }) if !caller.plugins.contains(name) => Err(Problem::plugin_inactive(*name)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
