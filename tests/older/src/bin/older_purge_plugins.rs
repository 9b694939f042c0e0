include!("../../../../functions/plugins/src/bin/purge_plugins.rs");
