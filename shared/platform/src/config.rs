//! Settings of a function, from its environment variables.

/// A setting is missing or wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the environment variable {0} is not set; the template sets it")]
    Missing(&'static str),
    #[error("the environment variable {0} is wrong: {1}")]
    Invalid(&'static str, String),
}

/// Reads a variable; an empty one counts as missing.
pub(crate) fn required(name: &'static str) -> Result<String, ConfigError> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name))
}

/// Reads a variable; `None` when it is missing or empty.
pub(crate) fn optional(name: &'static str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
