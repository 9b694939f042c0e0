//! Which plugins may be activated and deactivated, by what they need of each other.

use std::collections::BTreeSet;
use std::fmt;

use super::{Manifest, PluginName};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    Activate(PluginName),
    Deactivate(PluginName),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Activate,
    Deactivate,
    /// It is so already.
    Nothing,
}

/// Why it is not done. Each names the plugins that are in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    #[error("There is no plugin {0}.")]
    Unknown(PluginName),
    /// In the order in which they have to be activated.
    #[error("The plugin {plugin} needs others that are not active; activate first, in this order: {}.", Names(.missing))]
    Missing { plugin: PluginName, missing: Vec<PluginName> },
    #[error(
        "The plugin {plugin} needs the plugin {needs}, which is not there; tell the platform's operator."
    )]
    Unavailable { plugin: PluginName, needs: PluginName },
    /// From a plugin by what each needs back to it.
    #[error("Plugins need each other in a circle, so that none can be the first: {}; tell the platform's operator.", Circle(.0))]
    Cycle(Vec<PluginName>),
    #[error("Active plugins need the plugin {plugin}; deactivate them first: {}.", Names(.by))]
    Needed { plugin: PluginName, by: Vec<PluginName> },
}

struct Names<'a>(&'a [PluginName]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(formatter, self.0, ", ")
    }
}

struct Circle<'a>(&'a [PluginName]);

impl fmt::Display for Circle<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(formatter, self.0, " needs ")
    }
}

fn join(formatter: &mut fmt::Formatter<'_>, names: &[PluginName], between: &str) -> fmt::Result {
    let names: Vec<&str> = names.iter().map(PluginName::as_str).collect();
    formatter.write_str(&names.join(between))
}

/// Decides whether a plugin may be activated or deactivated where these are active.
pub fn plan(
    manifests: &[&Manifest],
    active: &BTreeSet<PluginName>,
    request: Request,
) -> Result<Plan, PlanRefusal> {
    let (Request::Activate(plugin) | Request::Deactivate(plugin)) = request;
    find(manifests, plugin).ok_or(PlanRefusal::Unknown(plugin))?;
    match request {
        Request::Activate(_) if active.contains(&plugin) => Ok(Plan::Nothing),
        Request::Activate(_) => {
            let mut order = Order { manifests, path: Vec::new(), order: Vec::new() };
            order.add(plugin)?;
            let needed = order.order.into_iter().filter(|name| *name != plugin);
            let missing: Vec<PluginName> = needed.filter(|name| !active.contains(name)).collect();
            match missing.is_empty() {
                true => Ok(Plan::Activate),
                false => Err(PlanRefusal::Missing { plugin, missing }),
            }
        }
        Request::Deactivate(_) if !active.contains(&plugin) => Ok(Plan::Nothing),
        Request::Deactivate(_) => {
            let needs = |other: &&&Manifest| other.name != plugin && other.needs.contains(&plugin);
            let others = manifests.iter().filter(|other| active.contains(&other.name));
            let by: Vec<PluginName> = others.filter(needs).map(|other| other.name).collect();
            match by.is_empty() {
                true => Ok(Plan::Deactivate),
                false => Err(PlanRefusal::Needed { plugin, by }),
            }
        }
    }
}

fn find<'m>(manifests: &[&'m Manifest], name: PluginName) -> Option<&'m Manifest> {
    manifests.iter().copied().find(|manifest| manifest.name == name)
}

/// Goes through what a plugin needs, depth first, so that each stands behind what it needs itself.
struct Order<'a> {
    manifests: &'a [&'a Manifest],
    /// From the plugin that is asked for to the one that is being looked at.
    path: Vec<PluginName>,
    order: Vec<PluginName>,
}

impl Order<'_> {
    fn add(&mut self, plugin: PluginName) -> Result<(), PlanRefusal> {
        if self.order.contains(&plugin) {
            return Ok(());
        }
        if let Some(start) = self.path.iter().position(|other| *other == plugin) {
            return Err(PlanRefusal::Cycle([&self.path[start..], &[plugin]].concat()));
        }
        let Some(manifest) = find(self.manifests, plugin) else {
            let by = self.path.last().copied().unwrap_or(plugin);
            return Err(PlanRefusal::Unavailable { plugin: by, needs: plugin });
        };
        self.path.push(plugin);
        manifest.needs.iter().try_for_each(|needed| self.add(*needed))?;
        self.path.pop();
        self.order.push(plugin);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
