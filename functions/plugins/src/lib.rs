//! Plugins: what there is, what a tenant has active and has set, and how all data of one is erased.
//!
//! This crate alone depends on those of the plugins.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod purging;
mod requests;
mod view;

use domain::event::Event;
use domain::plugin::{Manifest, PluginChange, PluginName, PluginRefusal};
use platform::http::{Call, Conditional, NoBody, NoParameters, Problem, Reply, configuration};
use platform::plugins::{NotActivated, Plugin};
use platform::table::{Scope, StoreError};

pub use purging::purge;
pub use requests::{PluginParameters, PluginSettings, PurgeParameters};
pub use view::{PluginDetails, PluginList, PluginView};

/// All plugins.
const ALL: &[Plugin] = &[comments::PLUGIN];

pub async fn list(call: &Call<NoParameters, NoBody>) -> Result<Reply<PluginList>, Problem> {
    let tenant = call.store.tenants().get().await?;
    let failures = call.store.plugins().failures().await?;
    let failure = |name: PluginName| failures.iter().find(|(plugin, _)| *plugin == name);
    let view = |plugin: &Plugin| {
        let last = failure(plugin.manifest.name).map(|(_, last)| last.clone());
        PluginView::new(plugin.manifest, &tenant.value, last)
    };
    let version = tenant.version;
    let list = PluginList { items: ALL.iter().map(view).collect(), version };
    Ok(Reply::new(list).version_beside_others(version))
}

pub async fn show(call: &Call<PluginParameters, NoBody>) -> Result<Reply<PluginDetails>, Problem> {
    let plugin = find(call.parameters.name)?;
    let tenant = call.store.tenants().get().await?;
    let details = call.store.plugins().details(plugin.manifest).await?;
    // What a newer version has stored is shown once it is deployed.
    if let Err(error @ StoreError::Unknown(_)) = details.configuration {
        return Err(error.into());
    }
    Ok(reply(PluginDetails::new(plugin.manifest, tenant, details)))
}

/// Activates or deactivates a plugin and sets its configuration, in one commit of the tenant.
pub async fn change(
    call: &Call<PluginParameters, PluginSettings, Conditional>,
) -> Result<Reply<PluginDetails>, Problem> {
    let plugin = find(call.parameters.name)?;
    let sent = call.body.configuration.as_ref().map(|sent| configuration(plugin, sent)).transpose()?;
    let tenant = call.store.tenants().get().await?;
    let mut details = call.store.plugins().details(plugin.manifest).await?;
    let (activate, configures) = (call.body.active, sent.is_some());
    let change = PluginChange { manifest: plugin.manifest, activate, configures };
    let features = &call.entitlements.features;
    let decided = call
        .expect(tenant.clone())?
        .decide(|tenant| tenant.change_plugin(&manifests(), features, change, call.stamp()))
        .map_err(refused)?;
    if decided.events().is_empty() {
        return Ok(reply(PluginDetails::new(plugin.manifest, tenant, details)));
    }
    let mut beside = Vec::new();
    if let Some(sent) = sent {
        beside.push(call.store.plugins().configured(plugin.manifest, decided.next.version, &sent)?);
        details.configuration = Ok(sent);
    }
    if activate {
        details.configuration = Ok(details.configuration.map_err(unreadable)?);
    }
    prepare(plugin, decided.events(), &call.store).await?;
    let reply = reply(PluginDetails::new(plugin.manifest, decided.next.clone(), details));
    call.store.tenants().commit_with(&decided, beside, &call.command(&reply)?).await?;
    Ok(reply)
}

/// Lets all data of a plugin be erased, by who has typed its name.
pub async fn ask_for_purge(
    call: &Call<PurgeParameters, NoBody, Conditional>,
) -> Result<Reply<PluginDetails>, Problem> {
    let PurgeParameters { name, confirm } = call.parameters;
    let plugin = find(name)?;
    if confirm != name {
        return Err(Problem::invalid("/confirm", format_args!("must be the plugin's name, {name}")));
    }
    let known = call.expect(call.store.tenants().get().await?)?;
    let details = call.store.plugins().details(plugin.manifest).await?;
    let decided = known.decide(|tenant| tenant.purge_plugin(name, call.stamp())).map_err(refused)?;
    let reply = reply(PluginDetails::new(plugin.manifest, decided.next.clone(), details));
    call.store.tenants().commit(&decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn find(name: PluginName) -> Result<&'static Plugin, Problem> {
    let mut all = ALL.iter();
    all.find(|plugin| plugin.manifest.name == name).ok_or_else(|| Problem::not_found("plugin"))
}

fn manifests() -> Vec<&'static Manifest> {
    ALL.iter().map(|plugin| plugin.manifest).collect()
}

/// Its version is that of the tenant's profile, on which the states of all plugins stand.
fn reply(details: PluginDetails) -> Reply<PluginDetails> {
    let version = details.version;
    Reply::new(details).version_beside_others(version)
}

fn refused(refusal: PluginRefusal) -> Problem {
    match refusal {
        PluginRefusal::Feature(feature) => Problem::feature_not_included(feature),
        PluginRefusal::Plan(_)
        | PluginRefusal::BeingPurged { .. }
        | PluginRefusal::Active(_)
        | PluginRefusal::NotInstalled(_)
        | PluginRefusal::InUse { .. } => Problem::conflict(refusal.to_string()),
    }
}

/// An active plugin works by its configuration.
fn unreadable(error: StoreError) -> Problem {
    match error {
        StoreError::Corrupt(_) => Problem::conflict(
            "The stored configuration of the plugin cannot be read; send another one with it.",
        ),
        other => other.into(),
    }
}

/// Does what the plugin needs before it is active, if it is to be.
async fn prepare(plugin: &Plugin, events: &[Event], scope: &Scope) -> Result<(), Problem> {
    match events.iter().any(|event| matches!(event, Event::PluginActivated(_))) {
        true => plugin.activate(scope).await.map_err(not_activated),
        false => Ok(()),
    }
}

/// The plugin stays as it is. What was done of the activation already does no harm, and is done again by the next one.
fn not_activated(error: NotActivated) -> Problem {
    match error {
        NotActivated::Refused(why) => Problem::conflict(why),
        NotActivated::Store(error) => error.into(),
    }
}

#[cfg(test)]
mod tests;
