//! Who may assume a role.

use crate::arn::Arn;
use crate::context::Context;
use crate::decide::{Policies, PrincipalPolicies, Request, decide};
use crate::decision::{Decision, Denial};
use crate::document::ResourcePolicy;
use crate::principal::Principal;
use crate::tags::Tags;

pub(crate) const ASSUME_ROLE: &str = "sts:AssumeRole";
pub(crate) const TAG_SESSION: &str = "sts:TagSession";
pub(crate) const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";

/// A call of `AssumeRole`.
#[derive(Debug, Clone, Copy)]
pub struct AssumeRole<'a> {
    /// Who calls.
    pub caller: &'a Principal,
    /// The caller's own policies.
    pub caller_policies: &'a PrincipalPolicies,
    /// The role that is to be assumed.
    pub role_arn: &'a str,
    /// Its trust policy.
    pub trust: &'a ResourcePolicy,
    /// Its tags.
    pub role_tags: &'a Tags,
    /// The name of the new session.
    pub session_name: &'a str,
    /// The tags that are passed.
    pub tags: &'a Tags,
    /// The keys of passed tags that are to be transitive.
    pub transitive_keys: &'a [String],
    /// The source identity that is passed.
    pub source_identity: Option<&'a str>,
    /// The external id that is passed.
    pub external_id: Option<&'a str>,
    /// What else is known of the request.
    pub context: &'a Context,
}

/// A call that is denied: which of its actions, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumeRoleDenied<'p> {
    /// The action.
    pub action: &'static str,
    /// Why.
    pub denial: Denial<'p>,
    /// The sentence of [`Denial::explain`].
    pub explanation: String,
    /// The sentence of [`Denial::message`].
    pub message: String,
}

/// Decides whether a role may be assumed: `sts:AssumeRole`, `sts:TagSession` where tags are passed or inherited, and
/// `sts:SetSourceIdentity` where there is one, each by itself, against the trust policy and the caller's own policies.
///
/// Issuing the session is the caller's job; [`SessionTags::issue`](crate::SessionTags::issue) says which tags it has.
///
/// AWS: Pass session tags in AWS STS, Permissions required to add session tags,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required>;
/// Monitor and control actions taken with assumed roles, Permissions required to set source identity,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
pub fn assume_role<'p>(call: &AssumeRole<'p>) -> Result<(), AssumeRoleDenied<'p>> {
    let inherited = call.caller.session_tags().inherited();
    let context = context(call, &inherited);
    let has_source_identity =
        call.source_identity.is_some() || call.caller.key("aws:SourceIdentity").is_some();
    let actions = [
        (ASSUME_ROLE, true),
        // The documents are silent on tags that are inherited alone. Users of AWS report that it is demanded for
        // them: https://github.com/aws/eks-pod-identity-agent/issues/80.
        (TAG_SESSION, !call.tags.is_empty() || !inherited.is_empty()),
        (SET_SOURCE_IDENTITY, has_source_identity),
    ];
    let resource_owner = Arn::parse(call.role_arn).map_or("", |arn| arn.account);
    let policies = Policies { principal: call.caller_policies, resource: Some(call.trust), resource_owner };
    for (action, _) in actions.into_iter().filter(|(_, is_needed)| *is_needed) {
        let request = Request { principal: call.caller, action, resource: call.role_arn, context: &context };
        if let Decision::Denied(denial) = decide(&request, &policies) {
            let (explanation, message) = (denial.explain(&request), denial.message(&request));
            return Err(AssumeRoleDenied { action, denial, explanation, message });
        }
    }
    Ok(())
}

/// The keys of a call of `AssumeRole`.
///
/// AWS: IAM and AWS STS condition context keys,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
fn context(call: &AssumeRole<'_>, inherited: &Tags) -> Context {
    let mut context = call.context.clone();
    for (key, value) in call.tags.iter() {
        context.set(&format!("aws:RequestTag/{key}"), value);
    }
    context.set_all("aws:TagKeys", call.tags.iter().map(|(key, _)| key));
    context.set_all("sts:TransitiveTagKeys", call.transitive_keys);
    // What a session inherits replaces the role's tags before the trust policy looks at them.
    for (key, value) in call.role_tags.overridden_by(inherited).iter() {
        context.set(&format!("aws:ResourceTag/{key}"), value);
        context.set(&format!("iam:ResourceTag/{key}"), value);
    }
    context.set("sts:RoleSessionName", call.session_name);
    let optional = [("sts:ExternalId", call.external_id), ("sts:SourceIdentity", call.source_identity)];
    for (key, value) in optional {
        if let Some(value) = value {
            context.set(key, value);
        }
    }
    context
}
