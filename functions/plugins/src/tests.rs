use super::*;

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
