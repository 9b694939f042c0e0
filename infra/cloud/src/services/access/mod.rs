//! Whether IAM allows a call: the template's policies, decided by the crate `iam`.

mod dynamodb;
mod wants;
mod would;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use iam::{
    AssumeRole, Context, Denial, Policies, Principal, PrincipalPolicies, Request, ResourcePolicy, Tags,
    decide,
};
use serde_json::Value;

pub(super) use self::dynamodb::wants as dynamodb_wants;
pub(super) use self::wants::wants;
pub(super) use self::would::session;
use super::credentials::Caller;
use crate::model::{ACCOUNT, ProfileIdentity, Role, Stack};

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
pub(crate) struct Want {
    pub(super) action: &'static str,
    pub(super) resource: String,
    pub(super) context: Context,
    /// The resource's own policy.
    pub(super) policy: Option<Arc<ResourcePolicy>>,
}

/// A call that was denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The function whose session it is, or the profile.
    pub caller: String,
    pub principal: String,
    pub action: String,
    pub resource: String,
    /// The statement that denied it, or the kind of policy that does not allow it.
    pub reason: String,
    /// What AWS answers.
    pub message: String,
}

pub(crate) struct Access {
    stack: Arc<Stack>,
    mode: Authorization,
    denied: Mutex<VecDeque<Denied>>,
}

impl Access {
    pub(super) fn new(stack: Arc<Stack>, mode: Authorization) -> Access {
        Access { stack, mode, denied: Mutex::default() }
    }

    fn role(&self, arn: &str) -> Option<&Role> {
        self.stack.roles.iter().find(|role| role.arn == arn)
    }

    /// What the principal may do by its own policies.
    fn policies(&self, principal: &Principal) -> Option<&PrincipalPolicies> {
        let of_user = |name: &str| {
            self.stack.profiles.iter().find_map(|profile| match &profile.identity {
                ProfileIdentity::User { arn, policies } => (arn == name).then_some(policies),
                ProfileIdentity::Session { .. } => None,
            })
        };
        match principal.role_arn() {
            Some(arn) => self.role(arn).map(|role| &role.policies),
            None => of_user(principal.name()),
        }
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
        let own = self.policies(&caller.principal).unwrap_or(&none);
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
        let role = self.role(role_arn)?;
        if self.mode == Authorization::Open {
            return Some(Ok(()));
        }
        let own = self.policies(&caller.principal)?;
        Some(
            assume(caller, own, role, session_name, tags)
                .map_err(|(action, reason, message)| self.deny(caller, (action, role_arn), reason, message)),
        )
    }

    fn deny(
        &self,
        caller: &Caller,
        (action, resource): (&str, &str),
        reason: String,
        message: String,
    ) -> Box<Denied> {
        let denied = Denied {
            caller: caller.origin.to_string(),
            principal: caller.principal.name().to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            reason,
            message,
        };
        tracing::warn!(
            caller = denied.caller,
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

/// What is known of every call. In AWS, functions call by TLS.
pub(super) fn of_a_call() -> Context {
    Context::new().with("aws:SecureTransport", "true")
}

fn assume(
    caller: &Caller,
    own: &PrincipalPolicies,
    role: &Role,
    session_name: &str,
    tags: &Tags,
) -> Result<(), (&'static str, String, String)> {
    let context = of_a_call();
    let outcome = iam::assume_role(&AssumeRole {
        caller: &caller.principal,
        caller_policies: own,
        role_arn: &role.arn,
        trust: &role.trust,
        role_tags: &role.tags,
        session_name,
        tags,
        transitive_keys: &[],
        source_identity: None,
        external_id: None,
        context: &context,
    });
    outcome.map_err(|denied| (denied.action, denied.explanation, denied.message))
}

/// A member of a request that is a text.
fn text<'v>(request: &'v Value, member: &str) -> &'v str {
    request[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
