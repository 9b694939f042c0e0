//! Plugins: what a tenant may switch on and off by itself. They are compiled in, and a manifest says what each is.

mod change;
mod configuration;
mod name;
mod plan;
mod release;
mod state;

use crate::permission::Permission;
use crate::tier::Feature;

pub use change::{PluginChange, PluginRefusal};
pub use configuration::{Configuration, ConfigurationType, NoConfiguration, NotRead, read};
pub use name::PluginName;
pub use plan::{Plan, PlanRefusal, Request, plan};
pub use release::Release;
pub use state::{PluginState, Plugins};

/// What a plugin says of itself. All plugins of a deploy are of one version, so it names others without one.
#[derive(Debug, Clone, Copy)]
pub struct Manifest {
    pub name: PluginName,
    /// Of its code. A tenant for which it was activated in another one activates it again.
    pub release: Release,
    pub title: &'static str,
    /// The plugins without which it does not work.
    pub needs: &'static [PluginName],
    /// Each begins with the plugin's name and a colon. Which of the roles that are built in have it, they say themselves.
    pub permissions: &'static [Permission],
    /// What a tenant's tier must include.
    pub feature: Option<Feature>,
    /// What a tenant may set.
    pub configuration: ConfigurationType,
}

impl Manifest {
    /// The permissions that are not under the plugin's own name, of which there must be none.
    pub fn strays(&self) -> Vec<Permission> {
        let own = format!("{}:", self.name);
        let permissions = self.permissions.iter().copied();
        permissions.filter(|permission| !permission.as_str().starts_with(&own)).collect()
    }
}

#[cfg(test)]
mod tests;
