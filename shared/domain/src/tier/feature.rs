//! Features, which a tier includes or not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::{JsonSchema, Schema};
use serde::de::{Deserialize, Deserializer};

use crate::rule::{named, schema};

named! {
    /// A part of the platform that not every tier includes. The code knows them all: routes need them.
    pub enum Feature {
        /// The audit log: who did what, and when.
        Audit => "audit",
        /// The plugin by which posts are commented on.
        Comments => "comments",
    }
}

/// A set of features. What is stored may name one that only a newer version knows; it is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Features(BTreeSet<Feature>);

/// Features that are switched on or off, whatever a tier includes. Unknown ones are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Switches(BTreeMap<Feature, bool>);

schema!(Switches, Feature::each(&schemars::json_schema!({ "type": "boolean" })));

impl Feature {
    /// The schema of an object that may have a member of this schema for each feature.
    pub(super) fn each(member: &Schema) -> Schema {
        let members: serde_json::Map<_, _> =
            Feature::ALL.iter().map(|feature| (feature.as_str().to_owned(), member.clone().into())).collect();
        schemars::json_schema!({ "type": "object", "properties": members, "additionalProperties": false })
    }
}

impl Features {
    pub fn contain(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    /// Reads names with spaces between them, as they are written by `Display`.
    pub fn named_in(text: &str) -> Features {
        text.split(' ').filter_map(|name| name.parse().ok()).collect()
    }

    pub(super) fn switched(&self, Switches(switches): &Switches) -> Features {
        let mut features = self.clone();
        for (feature, is_on) in switches {
            match is_on {
                true => features.0.insert(*feature),
                false => features.0.remove(feature),
            };
        }
        features
    }
}

impl Switches {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Switches the feature on or off; with `None`, the tier decides again.
    pub(super) fn set(&mut self, feature: Feature, switch: Option<bool>) {
        match switch {
            Some(is_on) => self.0.insert(feature, is_on),
            None => self.0.remove(&feature),
        };
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Features {
        Features(features.into_iter().collect())
    }
}

impl fmt::Display for Features {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|feature| feature.as_str()).collect();
        formatter.write_str(&names.join(" "))
    }
}

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Features, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

impl<'de> Deserialize<'de> for Switches {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Switches, D::Error> {
        let named = BTreeMap::<String, bool>::deserialize(deserializer)?;
        let known = named.into_iter().filter_map(|(name, is_on)| Some((name.parse().ok()?, is_on)));
        Ok(Switches(known.collect()))
    }
}
