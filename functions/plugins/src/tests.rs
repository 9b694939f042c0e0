use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::event::{PluginActivated, PluginConfigured};
use domain::plugin::NoConfiguration;
use platform::plugins::Activating;
use platform::table::StoreError;
use platform::testing::{MANIFEST, Table};
use store_world::World;

use super::*;

static PREPARED: AtomicUsize = AtomicUsize::new(0);

fn count(_: &Scope) -> Activating<'_> {
    PREPARED.fetch_add(1, Ordering::Relaxed);
    Box::pin(ready(Ok(())))
}

#[tokio::test]
async fn a_plugin_prepares_itself_before_it_is_active_and_a_failure_refuses_that() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let activated =
        Event::PluginActivated(PluginActivated { plugin: MANIFEST.name, release: MANIFEST.release });
    let configured = Event::PluginConfigured(PluginConfigured { plugin: MANIFEST.name });
    let plugin = Plugin::of::<NoConfiguration>(&MANIFEST).on_activate(count);
    prepare(&plugin, std::slice::from_ref(&configured), &scope).await.unwrap();
    assert_eq!(PREPARED.load(Ordering::Relaxed), 0);
    prepare(&plugin, &[activated.clone(), configured], &scope).await.unwrap();
    assert_eq!(PREPARED.load(Ordering::Relaxed), 1);

    let refusing = plugin
        .on_activate(|_| Box::pin(ready(Err(NotActivated::Refused("Publish a post first.".to_owned())))));
    let problem = prepare(&refusing, std::slice::from_ref(&activated), &scope).await.unwrap_err();
    assert_eq!((problem.status(), problem.detail()), (409, "Publish a post first."));
    let failing =
        plugin.on_activate(|_| Box::pin(ready(Err(StoreError::Unavailable("no answer".to_owned()).into()))));
    assert_eq!(prepare(&failing, &[activated], &scope).await.unwrap_err().status(), 503);
}

#[test]
fn every_plugin_keeps_the_rules_of_manifests() {
    let manifests = manifests();
    for plugin in ALL {
        let Manifest { name, needs, .. } = plugin.manifest;
        assert!(plugin.agrees_with_its_manifest(), "{name}: PLUGIN has another configuration than MANIFEST");
        assert_eq!(plugin.manifest.strays(), [], "{name}: permissions of other names");
        let same = manifests.iter().filter(|other| other.name == *name).count();
        assert_eq!(same, 1, "two plugins are called {name}");
        for needed in *needs {
            assert!(manifests.iter().any(|other| other.name == *needed), "{name} needs {needed}");
        }
        let schema = plugin.manifest.configuration.schema();
        assert_eq!(
            schema["additionalProperties"], false,
            "{name}: its configuration takes what it does not know"
        );
        assert!(schema.get("required").is_none(), "{name}: a member of its configuration has no default");
    }
}
