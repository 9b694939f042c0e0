//! Whether IAM allows a call: the template's policies, decided by the crate `iam`.

mod dynamodb;
mod wants;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use iam::{
    AssumeRole, Context, Denial, Policies, PrincipalPolicies, Request, ResourcePolicy, SessionTags, Tags,
    decide,
};
use serde_json::Value;

pub(super) use self::wants::wants;
use super::credentials::Caller;
use crate::model::{ACCOUNT, Role, Stack};

const KEPT: usize = 100;

/// Whether calls are decided at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authorization {
    /// By the policies of the template, as AWS decides.
    #[default]
    Decided,
    /// Every caller may do everything, for tests of single services.
    Open,
}

/// One action on one resource, of which a call may need several.
#[derive(Debug)]
pub(super) struct Want {
    pub(super) action: &'static str,
    pub(super) resource: String,
    pub(super) context: Context,
    /// The resource's own policy.
    pub(super) policy: Option<Arc<ResourcePolicy>>,
}

/// A call that was denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The function whose session it is.
    pub function: String,
    pub principal: String,
    pub action: String,
    pub resource: String,
    /// The statement that denied it, or the kind of policy that does not allow it.
    pub reason: String,
    /// What AWS answers.
    pub message: String,
}

pub(super) struct Access {
    roles: HashMap<String, Role>,
    mode: Authorization,
    denied: Mutex<VecDeque<Denied>>,
}

impl Access {
    pub(super) fn new(stack: &Stack, mode: Authorization) -> Access {
        let roles = stack.roles.iter().map(|role| (role.arn.clone(), role.clone())).collect();
        Access { roles, mode, denied: Mutex::default() }
    }

    /// The newest denials, oldest first.
    pub(super) fn denied(&self) -> Vec<Denied> {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Decides every item of a call. A call without any is denied, since nothing was decided about it.
    pub(super) fn check(&self, caller: &Caller, wants: &[Want]) -> Result<(), Box<Denied>> {
        if self.mode == Authorization::Open {
            return Ok(());
        }
        let none = PrincipalPolicies::none();
        let own = self.roles.get(&caller.role_arn).map_or(&none, |role| &role.policies);
        for want in wants {
            let Want { action, resource, context, policy } = want;
            let request = Request { principal: &caller.principal, action, resource, context };
            let policies = Policies { principal: own, resource: policy.as_deref(), resource_owner: ACCOUNT };
            if let Some(denial) = decide(&request, &policies).denial() {
                let (reason, message) = (denial.explain(&request), denial.message(&request));
                return Err(self.deny(caller, (action, resource), reason, message));
            }
        }
        match wants {
            [] => {
                let reason = Denial::NoItem.explain(&Request {
                    principal: &caller.principal,
                    action: "the call",
                    resource: "",
                    context: &Context::new(),
                });
                let message = "the request names nothing that could be allowed".to_owned();
                Err(self.deny(caller, ("", ""), reason, message))
            }
            _ => Ok(()),
        }
    }

    /// Decides whether the caller may assume the role with these tags. `None` if there is no such role.
    pub(super) fn check_assumed(
        &self,
        caller: &Caller,
        role_arn: &str,
        session_name: &str,
        tags: &Tags,
    ) -> Option<Result<(), Box<Denied>>> {
        let role = self.roles.get(role_arn)?;
        if self.mode == Authorization::Open {
            return Some(Ok(()));
        }
        let own = &self.roles.get(&caller.role_arn)?.policies;
        let (no_tags, no_keys) = (Tags::none(), Context::new());
        let outcome = iam::assume_role(&AssumeRole {
            caller: &caller.principal,
            caller_policies: own,
            role_arn,
            trust: &role.trust,
            role_tags: &no_tags,
            session_name,
            tags,
            transitive_keys: &[],
            source_identity: None,
            external_id: None,
            context: &no_keys,
        });
        Some(outcome.map_err(|denied| {
            self.deny(caller, (denied.action, role_arn), denied.explanation.clone(), denied.message.clone())
        }))
    }

    /// Decides one action of a role's session with these tags, without a call. For tests of a template's policies.
    pub(super) fn would_allow(
        &self,
        role_arn: &str,
        tags: &[(&str, &str)],
        (action, resource): (&str, &str),
        context: &Context,
    ) -> Result<bool, String> {
        let role = self.roles.get(role_arn).ok_or_else(|| format!("there is no role {role_arn}"))?;
        let tags = Tags::new(tags.iter().copied()).map_err(|error| error.to_string())?;
        let no_keys: [&str; 0] = [];
        let session_tags =
            SessionTags::issue(&SessionTags::none(), &tags, &no_keys).map_err(|error| error.to_string())?;
        let caller =
            Caller::new(role_arn, "test", "test", session_tags).map_err(|error| error.to_string())?;
        let request = Request { principal: &caller.principal, action, resource, context };
        let policies = Policies { principal: &role.policies, resource: None, resource_owner: ACCOUNT };
        Ok(decide(&request, &policies).is_allowed())
    }

    fn deny(
        &self,
        caller: &Caller,
        (action, resource): (&str, &str),
        reason: String,
        message: String,
    ) -> Box<Denied> {
        let denied = Denied {
            function: caller.function.clone(),
            principal: caller.principal.name().to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            reason,
            message,
        };
        tracing::warn!(
            function = denied.function,
            principal = denied.principal,
            action,
            resource,
            reason = denied.reason,
            "access denied"
        );
        let mut kept = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(denied.clone());
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Box::new(denied)
    }
}

/// A member of a request that is a text.
fn text<'v>(request: &'v Value, member: &str) -> &'v str {
    request[member].as_str().unwrap_or_default()
}
