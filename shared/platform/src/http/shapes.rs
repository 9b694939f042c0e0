//! What endpoints read and answer, as bounds of the functions that serve them.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Parameters, or a body.
pub trait Input: DeserializeOwned + JsonSchema + Send + 'static {}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for T {}

/// An answer.
pub trait Output: Serialize + JsonSchema + Send {}

impl<T: Serialize + JsonSchema + Send> Output for T {}
