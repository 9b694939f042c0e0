//! Decisions without a call, for tests of a template's policies.

use iam::{Context, Policies, Request, ResourcePolicy, SessionTags, Tags, decide};

use super::{Access, assume};
use crate::model::{ACCOUNT, Role, Stack};
use crate::services::credentials::{Caller, Credentials, Origin};

impl Access {
    pub(in crate::services) fn would_allow(
        &self,
        caller: &Caller,
        (action, resource): (&str, &str),
        context: &Context,
    ) -> Result<bool, String> {
        let role = self.role_of(caller)?;
        let request = Request { principal: &caller.principal, action, resource, context };
        let of_resource = policy_of(&self.stack, resource);
        let policies = Policies { principal: &role.policies, resource: of_resource, resource_owner: ACCOUNT };
        Ok(decide(&request, &policies).is_allowed())
    }

    pub(in crate::services) fn would_assume(
        &self,
        caller: &Caller,
        role_arn: &str,
        tags: &[(&str, &str)],
    ) -> Result<bool, String> {
        let (own, role) = (&self.role_of(caller)?.policies, self.known_role(role_arn)?);
        let tags = Tags::new(tags.iter().copied()).map_err(|error| error.to_string())?;
        Ok(assume(caller, own, role, "test", &tags).is_ok())
    }

    fn role_of(&self, caller: &Caller) -> Result<&Role, String> {
        self.known_role(caller.principal.role_arn().unwrap_or_default())
    }

    fn known_role(&self, arn: &str) -> Result<&Role, String> {
        self.role(arn).ok_or_else(|| format!("there is no role {arn}"))
    }
}

/// Whoever has a session of the role with these tags.
pub(in crate::services) fn session(
    credentials: &Credentials,
    role_arn: &str,
    tags: &[(&str, &str)],
) -> Result<Caller, String> {
    let tags = Tags::new(tags.iter().copied()).map_err(|error| error.to_string())?;
    let no_keys: [&str; 0] = [];
    let tags =
        SessionTags::issue(&SessionTags::none(), &tags, &no_keys).map_err(|error| error.to_string())?;
    credentials
        .caller(role_arn, Origin::Function("test".to_owned()), "test", tags)
        .map_err(|error| error.to_string())
}

/// The policy of a table, which is that of its indexes, of a queue or of a key.
fn policy_of<'s>(stack: &'s Stack, resource: &str) -> Option<&'s ResourcePolicy> {
    let is_of = |arn: &str| {
        resource.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with("/index/"))
    };
    let tables =
        stack.tables.iter().filter(|table| is_of(&table.arn)).filter_map(|table| table.policy.as_deref());
    let queues = stack.queues.iter().filter(|queue| queue.arn == resource);
    let keys = stack.signing_keys.iter().filter(|key| key.arn == resource).map(|key| &*key.policy);
    tables.chain(queues.filter_map(|queue| queue.policy.as_deref())).chain(keys).next()
}
