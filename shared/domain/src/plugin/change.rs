//! Changes of a tenant's plugins, which are changes of the tenant.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Manifest, Plan, PlanRefusal, PluginName, PluginState, Request, plan};
use crate::event::{
    Event, PluginActivated, PluginConfigured, PluginDeactivated, PluginPurgeRequested, PluginPurged,
};
use crate::tenant::{TenantDecision, TenantProfile};
use crate::tier::{Feature, Features};
use crate::{Decision, Stamp};

/// What is to become of a plugin.
#[derive(Debug, Clone, Copy)]
pub struct PluginChange<'a> {
    pub manifest: &'a Manifest,
    pub activate: bool,
    /// Whether it gets another configuration besides.
    pub configures: bool,
}

/// Why a plugin is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PluginRefusal {
    #[error(transparent)]
    Plan(#[from] PlanRefusal),
    #[error("The plugin needs the feature {0}.")]
    Feature(Feature),
    #[error(
        "The data of the plugin {plugin} is being erased; wait until that is done. If it is not done by {overdue}, ask for the erasure again."
    )]
    BeingPurged { plugin: PluginName, overdue: Timestamp },
    #[error("The plugin {0} is active; deactivate it first.")]
    Active(PluginName),
    #[error("The plugin {0} has no data.")]
    NotInstalled(PluginName),
    #[error(
        "The plugin {plugin} was changed a moment ago, and requests of before may still be under way; try again after {until}."
    )]
    InUse { plugin: PluginName, until: Timestamp },
}

/// How long after its deactivation a plugin may still be used: the gateway keeps an authorizer's answer for a minute, and
/// a request or an event that has passed by it takes half a minute at most.
const IN_USE: SignedDuration = SignedDuration::from_secs(120);

/// How long an erasure is waited for. Its message may have been lost, and nothing else would end it.
const OVERDUE: SignedDuration = SignedDuration::from_hours(1);

impl TenantProfile {
    /// Decides to activate, deactivate and configure a plugin, as far as it is not so already: then there are no events.
    pub fn change_plugin(
        &self,
        manifests: &[&Manifest],
        features: &Features,
        PluginChange { manifest, activate, configures }: PluginChange<'_>,
        stamp: Stamp,
    ) -> Result<TenantDecision, PluginRefusal> {
        let name = manifest.name;
        let state = self.plugins.get(name).copied();
        if let Some(since) = state.and_then(|state| state.purged_since) {
            return Err(PluginRefusal::BeingPurged { plugin: name, overdue: overdue(since) });
        }
        let (mut next, mut events) = (self.clone(), Vec::new());
        let first = PluginState {
            is_active: false,
            since: stamp.at,
            installed: manifest.release,
            purged_since: None,
        };
        match (state, self.planned(manifests, features, manifest, activate)?) {
            (state, Plan::Activate) => {
                let since = state.filter(|state| state.is_active).map_or(stamp.at, |state| state.since);
                next.plugins.0.insert(name, PluginState { is_active: true, since, ..first });
                let release = manifest.release;
                events.push(Event::PluginActivated(PluginActivated { plugin: name, release }));
            }
            (Some(state), Plan::Deactivate) => {
                next.plugins.0.insert(name, PluginState { is_active: false, since: stamp.at, ..state });
                events.push(Event::PluginDeactivated(PluginDeactivated { plugin: name }));
            }
            (_, Plan::Nothing) | (None, Plan::Deactivate) => {}
        }
        if configures {
            // What is set is data of the plugin, which can be erased.
            next.plugins.0.entry(name).or_insert(first);
            events.push(Event::PluginConfigured(PluginConfigured { plugin: name }));
        }
        Ok(Decision { stamp, events, next })
    }

    fn planned(
        &self,
        manifests: &[&Manifest],
        features: &Features,
        manifest: &Manifest,
        activate: bool,
    ) -> Result<Plan, PluginRefusal> {
        let request = if activate { Request::Activate } else { Request::Deactivate };
        let mut active: BTreeSet<PluginName> = self.plugins.active();
        // Another release may need others, and may have something to install.
        let is_of_another = |state: &PluginState| state.installed != manifest.release;
        if activate && self.plugins.get(manifest.name).is_some_and(is_of_another) {
            active.remove(&manifest.name);
        }
        let plan = plan(manifests, &active, request(manifest.name))?;
        match manifest.feature.filter(|feature| !features.contain(*feature)) {
            Some(feature) if activate => Err(PluginRefusal::Feature(feature)),
            _ => Ok(plan),
        }
    }

    /// Decides to erase the data of a plugin, which is done behind the request; once more, if that takes too long.
    pub fn purge_plugin(&self, plugin: PluginName, stamp: Stamp) -> Result<TenantDecision, PluginRefusal> {
        let state = self.plugins.get(plugin).copied().ok_or(PluginRefusal::NotInstalled(plugin))?;
        let until = state.since.saturating_add(IN_USE).unwrap_or(Timestamp::MAX);
        match state {
            PluginState { purged_since: Some(since), .. } if stamp.at < overdue(since) => {
                Err(PluginRefusal::BeingPurged { plugin, overdue: overdue(since) })
            }
            PluginState { is_active: true, .. } => Err(PluginRefusal::Active(plugin)),
            _ if stamp.at < until => Err(PluginRefusal::InUse { plugin, until }),
            state => {
                let mut next = self.clone();
                next.plugins.0.insert(plugin, PluginState { purged_since: Some(stamp.at), ..state });
                let event = Event::PluginPurgeRequested(PluginPurgeRequested { plugin });
                Ok(Decision { stamp, events: vec![event], next })
            }
        }
    }

    /// Decides that nothing is left of the data which was to be erased since that time; `None` if nobody is erasing it, or
    /// since another time.
    pub fn plugin_is_purged(
        &self,
        plugin: PluginName,
        since: Timestamp,
        stamp: Stamp,
    ) -> Option<TenantDecision> {
        self.plugins.get(plugin).filter(|state| state.purged_since == Some(since))?;
        let mut next = self.clone();
        next.plugins.0.remove(&plugin);
        Some(Decision { stamp, events: vec![Event::PluginPurged(PluginPurged { plugin })], next })
    }
}

fn overdue(since: Timestamp) -> Timestamp {
    since.saturating_add(OVERDUE).unwrap_or(Timestamp::MAX)
}
