//! The condition keys that the local cloud fills in, as AWS does.
//!
//! A key that is not among them would be missing in every decision here, and the decision silently wrong.

use std::collections::BTreeSet;

/// Keys, in lower case. One that ends with a slash names all tags.
type Keys = &'static [&'static str];

/// Of users, roles and services: the crate `iam` takes them from the principal.
const OF_PRINCIPALS: Keys = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:tokenissuetime",
];
/// Of every call of a function.
const OF_CALLS: Keys = &["aws:securetransport"];
/// Of a service that calls in the name of a resource. Functions' calls have none, here and in AWS.
const OF_SOURCES: Keys = &["aws:sourceaccount", "aws:sourcearn"];
/// Of `AssumeRole`. No other action that is served here has tags in its request.
const OF_ASSUME_ROLE: Keys = &[
    "aws:requesttag/",
    "aws:tagkeys",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:transitivetagkeys",
];
/// Of a role that is to be assumed. Tags of other resources are not filled in.
const OF_ROLES: Keys = &["aws:resourcetag/", "iam:resourcetag/"];
const OF_TABLES: Keys = &["dynamodb:leadingkeys"];
const OF_KEYS: Keys = &["kms:messagetype", "kms:signingalgorithm"];
const OF_MAILS: Keys = &["ses:apiversion", "ses:fromaddress", "ses:recipients"];
const OF_EVENTS: Keys = &["events:detail-type", "events:eventbusinvocation", "events:source"];

/// For whom a policy decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// Policies of principals, and boundaries.
    Identity,
    Trust,
    Table,
    Queue,
    Key,
    /// The policy of a queue, when a rule of EventBridge sends to it.
    Rule,
}

impl Filled {
    fn keys(self) -> &'static [Keys] {
        match self {
            Filled::Identity => {
                &[OF_PRINCIPALS, OF_CALLS, OF_ASSUME_ROLE, OF_TABLES, OF_KEYS, OF_MAILS, OF_EVENTS]
            }
            Filled::Trust => &[OF_PRINCIPALS, OF_CALLS, OF_ASSUME_ROLE, OF_ROLES],
            Filled::Table => &[OF_PRINCIPALS, OF_CALLS, OF_TABLES],
            Filled::Queue => &[OF_PRINCIPALS, OF_CALLS, OF_SOURCES],
            Filled::Key => &[OF_PRINCIPALS, OF_CALLS, OF_KEYS],
            Filled::Rule => &[OF_SOURCES],
        }
    }

    /// The first key of a policy that is not filled in.
    pub(super) fn lacks<'k>(self, keys: &BTreeSet<&'k str>) -> Option<&'k str> {
        let is_filled = |key: &str| {
            self.keys().concat().iter().any(|known| match known.strip_suffix('/') {
                Some(_) => key.starts_with(known),
                None => key == *known,
            })
        };
        keys.iter().copied().find(|key| !is_filled(key))
    }
}
