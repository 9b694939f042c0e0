//! What was decided, and by which statement.

use std::fmt;

use crate::decide::Request;

/// Whether a request is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'p> {
    /// A statement allows it, and nothing denies or limits that.
    Allowed {
        /// The statement that grants it.
        by: StatementRef<'p>,
    },
    /// It is not.
    Denied(Denial<'p>),
}

/// Why a request is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial<'p> {
    /// A statement denies it, which goes before all that allows it.
    Explicit(StatementRef<'p>),
    /// Nothing denies it, but something that would have to allow it does not.
    Implicit(Lacking<'p>),
    /// There was nothing to decide on.
    NoItem,
}

/// What would have had to allow a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking<'p> {
    /// One of the principal's policies.
    Identity,
    /// The principal's permissions boundary, by its name.
    Boundary(&'p str),
    /// The policy of the session, by its name.
    Session(&'p str),
    /// The policy of the resource.
    Resource,
    /// The policy of the key: to the principal, or to its account and a policy of the principal.
    Key,
    /// The trust policy of the role.
    Trust,
}

/// The kind of policy that a statement stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A policy that grants something to the principal.
    Identity,
    /// The permissions boundary of the principal.
    Boundary,
    /// The policy of the principal's session.
    Session,
    /// The policy of the resource.
    Resource,
    /// The policy of the key.
    Key,
    /// The trust policy of the role.
    Trust,
}

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementRef<'p> {
    /// The kind of its policy.
    pub layer: Layer,
    /// The name of its policy.
    pub policy: &'p str,
    /// Its `Sid`.
    pub sid: Option<&'p str>,
    /// Its position in the policy, from 0.
    pub index: usize,
}

impl<'p> Decision<'p> {
    /// Whether it is.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Decision::Allowed { .. })
    }

    /// Why it is not.
    pub fn denial(&self) -> Option<Denial<'p>> {
        if let Decision::Denied(denial) = self { Some(*denial) } else { None }
    }
}

impl Denial<'_> {
    /// A sentence for logs: who may not do what, and the statement that decided or was missing.
    pub fn explain(&self, request: &Request<'_>) -> String {
        let Request { principal, action, resource, .. } = request;
        let who = principal.role_arn().unwrap_or(principal.name());
        match self {
            Denial::Explicit(statement) => format!("{statement} denies {action} on {resource} to {who}"),
            Denial::NoItem => format!("there is no item on which {action} could be decided for {who}"),
            Denial::Implicit(lacking) => match lacking {
                Lacking::Identity => format!("no identity policy of {who} allows {action} on {resource}"),
                Lacking::Boundary(name) => {
                    format!("the boundary {name} of {who} does not allow {action} on {resource}")
                }
                Lacking::Session(name) => {
                    format!("the session policy {name} of {who} does not allow {action} on {resource}")
                }
                Lacking::Resource => format!("no policy of {resource} allows {action} to {who}"),
                Lacking::Key => format!(
                    "the key policy of {resource} allows {action} neither to {who} nor to its account"
                ),
                Lacking::Trust => format!("the trust policy of {resource} does not allow {action} to {who}"),
            },
        }
    }

    /// The message of an `AccessDenied` error.
    ///
    /// AWS: Troubleshoot access denied error messages,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
    pub fn message(&self, request: &Request<'_>) -> String {
        let Request { principal, action, resource, .. } = request;
        let reason = match self {
            Denial::Explicit(statement) => {
                format!(" with an explicit deny in {}", statement.layer.with_article())
            }
            Denial::Implicit(lacking) => {
                format!(" because no {} allows the {action} action", lacking.policy_type())
            }
            Denial::NoItem => String::new(),
        };
        format!(
            "User: {} is not authorized to perform: {action} on resource: {resource}{reason}",
            principal.name()
        )
    }
}

impl Layer {
    fn with_article(self) -> &'static str {
        match self {
            Layer::Identity => "an identity-based policy",
            Layer::Boundary => "a permissions boundary",
            Layer::Session => "a session policy",
            Layer::Resource | Layer::Key => "a resource-based policy",
            Layer::Trust => "the role trust policy",
        }
    }
}

impl Lacking<'_> {
    fn policy_type(self) -> &'static str {
        match self {
            Lacking::Identity => "identity-based policy",
            Lacking::Boundary(_) => "permissions boundary",
            Lacking::Session(_) => "session policy",
            Lacking::Resource | Lacking::Key => "resource-based policy",
            Lacking::Trust => "role trust policy",
        }
    }
}

impl fmt::Display for StatementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sid {
            Some(sid) => write!(f, "statement {sid}")?,
            None => write!(f, "statement {}", self.index + 1)?,
        }
        let layer = match self.layer {
            Layer::Identity => "identity policy",
            Layer::Boundary => "boundary",
            Layer::Session => "session policy",
            Layer::Resource => "resource policy",
            Layer::Key => "key policy",
            Layer::Trust => "trust policy",
        };
        write!(f, " of the {layer} {}", self.policy)
    }
}
