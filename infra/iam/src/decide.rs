//! How all policies together decide on a request.

use std::sync::Arc;

use crate::arn::Arn;
use crate::context::{Context, Keys};
use crate::decision::{Decision, Denial, Lacking, Layer, StatementRef};
use crate::document::{Document, Effect, IdentityPolicy, Naming, Question, ResourceKind, ResourcePolicy};
use crate::principal::{Identity, Principal};

/// One action of a principal on one resource.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// `service:Action`. Not case-sensitive.
    pub action: &'a str,
    /// The ARN of the resource, or `*` for actions that have none.
    pub resource: &'a str,
    /// What else is known of the request.
    pub context: &'a Context,
}

/// The policies that a principal has. Services and anonymous callers have none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrincipalPolicies {
    /// What grants it something.
    pub identity: Vec<Arc<IdentityPolicy>>,
    /// The most that those can grant.
    pub boundary: Option<Arc<IdentityPolicy>>,
    /// The most that its session can do.
    pub session: Option<Arc<IdentityPolicy>>,
}

/// All policies that a request depends on.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'p> {
    /// Those of the principal.
    pub principal: &'p PrincipalPolicies,
    /// That of the resource.
    pub resource: Option<&'p ResourcePolicy>,
    /// The account that the resource belongs to.
    pub resource_owner: &'p str,
}

/// What allows a request, in each layer.
struct Grants<'p> {
    identity: Option<StatementRef<'p>>,
    boundary: bool,
    session: bool,
    /// The closest grant of the resource's policy.
    resource: Option<(Naming, StatementRef<'p>)>,
}

impl PrincipalPolicies {
    /// No policies.
    pub const fn none() -> PrincipalPolicies {
        PrincipalPolicies { identity: Vec::new(), boundary: None, session: None }
    }
}

/// Decides on a request.
///
/// A statement that denies it goes before all others. Without a statement that allows it, it is denied.
///
/// AWS: How AWS enforcement code logic evaluates requests to allow or deny access,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
pub fn decide<'p>(request: &Request<'_>, policies: &Policies<'p>) -> Decision<'p> {
    let allowed = grants(request, policies).and_then(|grants| combine(request, policies, &grants));
    match allowed {
        Ok(by) => Decision::Allowed { by },
        Err(denial) => Decision::Denied(denial),
    }
}

/// Decides on all items of a transaction or a batch: each has to be allowed, under an action and a resource of its own.
/// Answers the first denial, with the position of its item. Where there is no item, nothing is allowed.
pub fn decide_all<'a, 'p>(
    items: impl IntoIterator<Item = (Request<'a>, Policies<'p>)>,
) -> Result<(), (usize, Denial<'p>)> {
    let mut outcome = Err((0, Denial::NoItem));
    for (index, (request, policies)) in items.into_iter().enumerate() {
        match decide(&request, &policies) {
            Decision::Allowed { .. } => outcome = Ok(()),
            Decision::Denied(denial) => return Err((index, denial)),
        }
    }
    outcome
}

/// Looks through all policies, and stops at the first statement that denies.
fn grants<'p>(request: &Request<'_>, policies: &Policies<'p>) -> Result<Grants<'p>, Denial<'p>> {
    let has_policies = matches!(request.principal.identity(), Identity::Session { .. } | Identity::User);
    let own = if has_policies { policies.principal } else { const { &PrincipalPolicies::none() } };
    let question = Question {
        principal: request.principal,
        action: request.action,
        resource: request.resource,
        keys: Keys { principal: request.principal.keys(), request: request.context },
        is_bounded: own.boundary.is_some(),
    };
    let mut identity = None;
    for policy in &own.identity {
        let found = review(policy.document(), Layer::Identity, &question)?;
        identity = identity.or(found.map(|(_, statement)| statement));
    }
    let limit = |policy: &'p Option<Arc<IdentityPolicy>>, layer| match policy {
        Some(policy) => review(policy.document(), layer, &question).map(|found| found.is_some()),
        None => Ok(true),
    };
    let boundary = limit(&own.boundary, Layer::Boundary)?;
    let session = limit(&own.session, Layer::Session)?;
    let resource = match policies.resource {
        Some(policy) => review(policy.document(), policy.layer(), &question)?,
        None => None,
    };
    Ok(Grants { identity, boundary, session, resource })
}

/// The statement of a policy that allows a request and names its principal most closely.
fn review<'p>(
    document: &'p Document,
    layer: Layer,
    question: &Question<'_>,
) -> Result<Option<(Naming, StatementRef<'p>)>, Denial<'p>> {
    let mut closest: Option<(Naming, StatementRef<'p>)> = None;
    for (index, statement) in document.statements.iter().enumerate() {
        let Some(naming) = statement.applies(question) else { continue };
        let sid = statement.sid.as_deref();
        let found = StatementRef { layer, policy: &document.name, sid, index };
        match statement.effect {
            Effect::Deny => return Err(Denial::Explicit(found)),
            Effect::Allow if closest.is_none_or(|(closest, _)| closest < naming) => {
                closest = Some((naming, found))
            }
            Effect::Allow => {}
        }
    }
    Ok(closest)
}

/// What the grants of all layers come to, when none denies.
fn combine<'p>(
    request: &Request<'_>,
    policies: &Policies<'p>,
    grants: &Grants<'p>,
) -> Result<StatementRef<'p>, Denial<'p>> {
    let lacking = |lacking| Denial::Implicit(lacking);
    let (needed, by_resource) = (must_allow(request, policies), grants.resource);
    let Some(account) = request.principal.account() else {
        // Services and anonymous callers have what resources give them, and nothing of their own.
        return by_resource.map(|(_, by)| by).ok_or(lacking(needed.unwrap_or(Lacking::Resource)));
    };
    let is_foreign = account != policies.resource_owner;
    let from_resource = match by_resource {
        None if is_foreign => return Err(lacking(needed.unwrap_or(Lacking::Resource))),
        None => needed.map_or(Ok(None), |needed| Err(lacking(needed)))?,
        Some(_) if is_foreign => None,
        Some((Naming::Itself, by)) => return Ok(by),
        Some((Naming::Role, by)) => Some(by),
        Some((Naming::Account, _)) => None,
    };
    let by = grants.identity.or(from_resource).ok_or(lacking(Lacking::Identity))?;
    let own = policies.principal;
    match (&own.boundary, &own.session) {
        (Some(boundary), _) if !grants.boundary => Err(lacking(Lacking::Boundary(boundary.name()))),
        (_, Some(session)) if !grants.session => Err(lacking(Lacking::Session(session.name()))),
        _ => Ok(by),
    }
}

/// What has to allow a request although the principal's own policies do: the policy of a key or of a role, also if the
/// caller forgot to hand it over.
fn must_allow<'p>(request: &Request<'_>, policies: &Policies<'p>) -> Option<Lacking<'p>> {
    match policies.resource.map(ResourcePolicy::kind) {
        Some(ResourceKind::Role) => Some(Lacking::Trust),
        Some(ResourceKind::Key) => Some(Lacking::Key),
        _ if Arn::parse(request.resource).is_some_and(|arn| arn.is_kms_key()) => Some(Lacking::Key),
        _ if is_of_trust(request.action) => Some(Lacking::Trust),
        _ => None,
    }
}

/// Whether an action is decided on by a role's trust policy.
fn is_of_trust(action: &str) -> bool {
    let actions =
        [crate::assume::ASSUME_ROLE, crate::assume::TAG_SESSION, crate::assume::SET_SOURCE_IDENTITY];
    actions.iter().any(|of_trust| action.eq_ignore_ascii_case(of_trust))
}

impl ResourcePolicy {
    fn layer(&self) -> Layer {
        match self.kind() {
            ResourceKind::Ordinary => Layer::Resource,
            ResourceKind::Key => Layer::Key,
            ResourceKind::Role => Layer::Trust,
        }
    }
}
