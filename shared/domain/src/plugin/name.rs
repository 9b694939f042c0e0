//! Names of plugins.

use std::fmt;
use std::str::FromStr;

use crate::rule::{InvalidValue, read_through_from_str, schema};

/// The name of a plugin, which is also that of its crate and of its namespaces, with dashes between words. It is `Copy`,
/// so that a manifest can be a constant that others borrow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginName {
    /// Zeros follow the name, so that names are ordered as their texts are.
    bytes: [u8; PluginName::LONGEST],
}

impl PluginName {
    const SHORTEST: usize = 2;
    pub const LONGEST: usize = 30;
    const RULE: &str =
        "must be 2 to 30 letters in lower case and digits, with single dashes between words, like comments";

    /// The name in a manifest. As a constant, it does not compile if it breaks the rule.
    ///
    /// ```
    /// const COMMENTS: domain::plugin::PluginName = domain::plugin::PluginName::of("comments");
    /// ```
    /// ```compile_fail,E0080
    /// const COMMENTS: domain::plugin::PluginName = domain::plugin::PluginName::of("Comments");
    /// ```
    pub const fn of(text: &str) -> PluginName {
        match PluginName::read(text.as_bytes()) {
            Some(name) => name,
            None => panic!("the name of a plugin breaks its rule"),
        }
    }

    const fn read(text: &[u8]) -> Option<PluginName> {
        if text.len() < PluginName::SHORTEST || text.len() > PluginName::LONGEST {
            return None;
        }
        let mut bytes = [0; PluginName::LONGEST];
        let mut index = 0;
        while index < text.len() {
            let is_inside = index > 0 && index + 1 < text.len();
            let is_allowed = match text[index] {
                b'a'..=b'z' => true,
                b'0'..=b'9' => index > 0,
                b'-' => is_inside && text[index - 1] != b'-',
                _ => false,
            };
            if !is_allowed {
                return None;
            }
            bytes[index] = text[index];
            index += 1;
        }
        Some(PluginName { bytes })
    }

    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(self.bytes.len());
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for PluginName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for PluginName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<PluginName, InvalidValue> {
        PluginName::read(text.as_bytes()).ok_or(InvalidValue::new(PluginName::RULE))
    }
}

read_through_from_str!(PluginName, PluginName::RULE);

schema!(
    PluginName,
    schemars::json_schema!({
        "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "minLength": PluginName::SHORTEST,
        "maxLength": PluginName::LONGEST, "examples": ["comments"],
    })
);
