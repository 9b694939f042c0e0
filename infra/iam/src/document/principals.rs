//! The elements `Principal` and `NotPrincipal`.

use serde_json::Value;

use super::error::Problem;
use super::fields::{malformed, texts};
use crate::arn::{Arn, is_account};
use crate::principal::{Identity, Principal};

/// Whom a statement of a resource's policy is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Principals {
    /// `"*"`: everyone, services and anonymous callers as well.
    Everyone,
    Named(Box<[Name]>),
    /// Everyone but these.
    NotNamed(Box<[Name]>),
}

/// Another way to be named does not fit: a role's name is not that of its sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Account(Box<str>),
    /// The ARN of a role, with its path.
    Role(Box<str>),
    User(Box<str>),
    /// The ARN of one session of a role.
    Session(Box<str>),
    Service(Box<str>),
}

/// How closely a statement names a principal: what it allows is limited by less, the closer it is.
///
/// AWS: How AWS enforcement code logic evaluates requests to allow or deny access, Resource-based policies,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Naming {
    /// Its account, which delegates: the principal's own policies have to allow the request as well.
    Account,
    /// Its role: the boundary and the session's policy have to allow the request as well.
    Role,
    /// The principal itself, or everyone.
    Itself,
}

impl Principals {
    pub(super) fn parse(is_negated: bool, value: &Value) -> Result<Principals, Problem> {
        let element = if is_negated { "NotPrincipal" } else { "Principal" };
        let mut names = Vec::new();
        let mut everyone = value.as_str() == Some("*");
        if !everyone {
            let kinds = value.as_object().filter(|kinds| !kinds.is_empty());
            let kinds =
                kinds.ok_or_else(|| malformed(element, "\"*\", or an object such as {\"Service\": name}"))?;
            for (kind, values) in kinds {
                for text in texts(values, kind)? {
                    if kind == "AWS" && text == "*" {
                        everyone = true;
                    } else {
                        let name = Name::parse(kind, &text);
                        names.push(
                            name.map_err(|reason| {
                                Problem::refused(format!("{element}.{kind}"), text, reason)
                            })?,
                        );
                    }
                }
            }
        }
        match (everyone, is_negated) {
            (true, true) => Err(Problem::refused(element, "*", "leaves nobody")),
            (true, false) => Ok(Principals::Everyone),
            (false, true) => Ok(Principals::NotNamed(names.into())),
            (false, false) => Ok(Principals::Named(names.into())),
        }
    }

    /// How closely this names the principal, or `None` if it does not. `is_bounded`: whether the principal has a
    /// permissions boundary.
    pub(super) fn naming(&self, principal: &Principal, is_bounded: bool) -> Option<Naming> {
        match self {
            Principals::Everyone => Some(Naming::Itself),
            Principals::Named(names) => names.iter().filter_map(|name| name.naming(principal)).max(),
            Principals::NotNamed(names) => {
                (is_bounded || !is_spared(names, principal)).then_some(Naming::Itself)
            }
        }
    }
}

/// Whether `NotPrincipal` spares a principal: it has to name it, or its role, and its account.
///
/// AWS: AWS JSON policy elements: NotPrincipal,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>. The page also says
/// that whoever has a boundary is never spared.
fn is_spared(names: &[Name], principal: &Principal) -> bool {
    let namings = || names.iter().filter_map(|name| name.naming(principal));
    let is_named = namings().any(|naming| naming > Naming::Account);
    let has_account = principal.account().is_none() || namings().any(|naming| naming == Naming::Account);
    is_named && has_account
}

impl Name {
    fn parse(kind: &str, text: &str) -> Result<Name, &'static str> {
        if text.contains(['*', '?', '$']) {
            return Err("has a wildcard or a variable; principals are named in full, or all by *");
        }
        match kind {
            "AWS" if is_account(text) => Ok(Name::Account(text.into())),
            "AWS" => {
                Name::of_arn(text).ok_or("is not the ARN of an account, a role, a user or a role's session")
            }
            "Service" if text.contains('.') && !text.contains(':') => Ok(Name::Service(text.into())),
            "Service" => Err("is not the name of a service, such as events.amazonaws.com"),
            _ => Err("is a type of principal that is not evaluated here; AWS and Service are"),
        }
    }

    fn of_arn(text: &str) -> Option<Name> {
        let arn = Arn::parse(text)?;
        if arn.service == "sts" && arn.region.is_empty() && is_account(arn.account) {
            let (role, session) = arn.resource.strip_prefix("assumed-role/")?.split_once('/')?;
            let is_whole = !role.is_empty() && !session.is_empty() && !session.contains('/');
            return is_whole.then(|| Name::Session(text.into()));
        }
        if arn.iam("role").is_some() {
            Some(Name::Role(text.into()))
        } else if arn.iam("user").is_some() {
            Some(Name::User(text.into()))
        } else {
            let is_root = arn.service == "iam" && arn.region.is_empty() && arn.resource == "root";
            (is_root && is_account(arn.account)).then(|| Name::Account(arn.account.into()))
        }
    }

    fn naming(&self, principal: &Principal) -> Option<Naming> {
        let (is_named, naming) = match (self, principal.identity()) {
            (Name::Account(account), _) => (principal.account() == Some(account), Naming::Account),
            (Name::Role(arn), Identity::Session { role_arn }) => (**arn == **role_arn, Naming::Role),
            (Name::Session(arn), Identity::Session { .. })
            | (Name::User(arn), Identity::User)
            | (Name::Service(arn), Identity::Service) => (**arn == *principal.name(), Naming::Itself),
            _ => return None,
        };
        is_named.then_some(naming)
    }
}
