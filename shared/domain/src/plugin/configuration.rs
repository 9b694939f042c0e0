//! Configurations of plugins: what a tenant may set of one, as a type whose JSON Schema is its form.

use std::any::TypeId;
use std::fmt;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a tenant may set of a plugin. Its defaults are in force until it is set. It refuses members that it does not
/// know, and each member may be left out.
pub trait Configuration: Default + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Of the stored form. Raise it when what is stored would not be read any more, or would mean something else.
    const VERSION: u32 = 1;

    /// What was stored in this version, in the next one.
    fn upcast(_version: u32, stored: Value) -> Value {
        stored
    }
}

/// Of a plugin that has nothing to set.
#[derive(Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoConfiguration {}

impl Configuration for NoConfiguration {}

/// The type of a plugin's configuration, without the type itself.
#[derive(Clone, Copy)]
pub struct ConfigurationType {
    version: u32,
    id: TypeId,
    schema: fn() -> Value,
    current: fn(u32, Value) -> Result<Value, NotRead>,
    defaults: fn() -> Result<Value, NotRead>,
}

/// Why a stored configuration is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It can be, once that version is deployed.
    #[error("a newer version has stored the configuration, in its form {0}")]
    Newer(u32),
    /// The parser's own words may quote what a tenant has set.
    #[error("the configuration is stored in another form than it says")]
    Broken,
}

impl ConfigurationType {
    /// What a plugin stores that has nothing to set.
    pub const NONE: ConfigurationType = ConfigurationType::of::<NoConfiguration>();

    pub const fn of<C: Configuration>() -> ConfigurationType {
        ConfigurationType {
            version: C::VERSION,
            id: TypeId::of::<C>(),
            schema: schema::<C>,
            current: |version, stored| written(&read::<C>(version, stored)?),
            defaults: || written(&C::default()),
        }
    }

    pub fn is<C: Configuration>(&self) -> bool {
        self.id == TypeId::of::<C>()
    }

    /// The version of the form in which it is stored now.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The JSON Schema of what clients send.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// What was stored in this version, as it is now, with the defaults of what it leaves out.
    pub fn current(&self, version: u32, stored: Value) -> Result<Value, NotRead> {
        (self.current)(version, stored)
    }

    /// What is in force until anything is set.
    pub fn defaults(&self) -> Result<Value, NotRead> {
        (self.defaults)()
    }
}

impl fmt::Debug for ConfigurationType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a configuration in version {}", self.version)
    }
}

/// Reads what was stored in this version.
pub fn read<C: Configuration>(version: u32, stored: Value) -> Result<C, NotRead> {
    if version > C::VERSION {
        return Err(NotRead::Newer(version));
    }
    let stored = (version..C::VERSION).fold(stored, |stored, version| C::upcast(version, stored));
    serde_json::from_value(stored).map_err(|_| NotRead::Broken)
}

fn written(configuration: &impl Configuration) -> Result<Value, NotRead> {
    serde_json::to_value(configuration).map_err(|_| NotRead::Broken)
}

fn schema<C: Configuration>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<C>().to_value()
}
