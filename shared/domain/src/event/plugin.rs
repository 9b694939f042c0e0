use super::form::is_published_whole;
use super::published::published;
use crate::plugin::{PluginName, Release};

// What a tenant has set of a plugin is in no event: an erasure of the plugin's data would not reach it.
published! {
    pub struct PluginActivated {
        pub plugin: PluginName,
        /// Of the plugin's code.
        pub release: Release,
    }

    pub struct PluginDeactivated {
        pub plugin: PluginName,
    }

    pub struct PluginConfigured {
        pub plugin: PluginName,
    }

    pub struct PluginPurgeRequested {
        pub plugin: PluginName,
    }

    pub struct PluginPurged {
        pub plugin: PluginName,
    }
}

is_published_whole!(
    PluginActivated: 1,
    PluginDeactivated: 1,
    PluginConfigured: 1,
    PluginPurgeRequested: 1,
    PluginPurged: 1
);
