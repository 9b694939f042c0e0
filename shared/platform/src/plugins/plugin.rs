//! What the crate of a plugin hands to the context that activates it.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use domain::plugin::{Configuration, Manifest};
use serde_json::Value;

use crate::json::{Broken, Json};
use crate::table::{Scope, StoreError};

/// An activation that is under way.
pub type Activating<'a> = Pin<Box<dyn Future<Output = Result<(), NotActivated>> + Send + 'a>>;

/// Why a plugin is not activated.
#[derive(Debug, thiserror::Error)]
pub enum NotActivated {
    /// The text is for the client, and says what to do.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A plugin: its manifest, and what is done when a tenant activates it.
#[derive(Clone, Copy)]
pub struct Plugin {
    pub manifest: &'static Manifest,
    read: fn(&str) -> Result<Value, Vec<Broken>>,
    on_activate: fn(&Scope) -> Activating<'_>,
}

impl Plugin {
    /// A plugin with the configuration that its manifest names.
    pub const fn of<C: Configuration>(manifest: &'static Manifest) -> Self {
        Self { manifest, read: read::<C>, on_activate: |_| Box::pin(ready(Ok(()))) }
    }

    /// Declares what is done in a tenant before the plugin becomes active: the first time, it installs what the plugin
    /// needs. It may be done again at any time, also after it has failed in the middle, in the class of access of the
    /// routes of identities. While it fails, the plugin stays as it is.
    #[must_use]
    pub const fn on_activate(self, on_activate: fn(&Scope) -> Activating<'_>) -> Self {
        Self { on_activate, ..self }
    }

    pub async fn activate(&self, scope: &Scope) -> Result<(), NotActivated> {
        (self.on_activate)(scope).await
    }

    /// Whether both were given the same type of configuration.
    pub fn agrees_with_its_manifest(&self) -> bool {
        let defaults = self.manifest.configuration.defaults().map(|defaults| defaults.to_string());
        defaults.is_ok_and(|defaults| self.read(&defaults).is_ok())
    }

    /// Reads what a tenant sets, whole: what is left out has its default.
    pub(crate) fn read(&self, text: &str) -> Result<Value, Vec<Broken>> {
        (self.read)(text)
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.manifest.name.fmt(formatter)
    }
}

fn read<C: Configuration>(text: &str) -> Result<Value, Vec<Broken>> {
    let whole = |why| vec![Broken { place: String::new(), why }];
    let configuration = Json::parse(text).map_err(whole)?.read::<C>()?;
    serde_json::to_value(&configuration).map_err(|error| whole(error.into()))
}
