//! Who may invoke the routes of an API that ask IAM.
//!
//! AWS: Control access to HTTP APIs with IAM authorization in API Gateway,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html>; Control access for
//! invoking an API,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html>

use std::sync::Arc;

use iam::InvalidPrincipal;
use serde::Serialize;

use super::access::{Access, Authorization, Want, of_a_call};
use super::credentials::{Credentials, Unidentified};
use super::signature::{Claim, Received};
use crate::model::{ACCOUNT, Stack};

/// The service in the scope of a signature.
const SERVICE: &str = "execute-api";

/// All that the cloud gives keys, and what their policies allow.
#[derive(Clone)]
pub struct Invokers {
    pub(super) credentials: Arc<Credentials>,
    pub(super) access: Arc<Access>,
}

/// A caller, as payload format 2.0 has it in `requestContext.authorizer.iam`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invoker {
    access_key: String,
    account_id: &'static str,
    caller_id: String,
    /// Null: there are no identity pools of Cognito here.
    cognito_identity: (),
    /// Null: there is no organization.
    principal_org_id: (),
    user_arn: String,
    user_id: String,
}

impl Invokers {
    pub(crate) fn new(
        stack: &Arc<Stack>,
        authorization: Authorization,
    ) -> Result<Invokers, InvalidPrincipal> {
        let credentials = Arc::new(Credentials::new(stack)?);
        Ok(Invokers { credentials, access: Arc::new(Access::new(Arc::clone(stack), authorization)) })
    }

    /// The caller, if the request is signed by one whose policies allow to invoke this resource. Why not is for the log
    /// alone: API Gateway answers the same to all.
    pub(crate) fn admit(&self, request: Received<'_>, resource: String) -> Option<Invoker> {
        let caller = self.credentials.identify(request, SERVICE).map_err(|why| {
            let why = match why {
                Unidentified::Unsigned if is_presigned(request) => {
                    "it is signed in its query, and signatures in the header Authorization alone are read here"
                        .to_owned()
                }
                why => why.to_string(),
            };
            tracing::warn!(resource, why, "a request to a route that asks IAM was refused");
        });
        let caller = caller.ok()?;
        let want = Want { action: "execute-api:Invoke", resource, context: of_a_call(), policy: None };
        self.access.check(&caller, &[want]).ok()?;
        Some(Invoker {
            access_key: Claim::read(request.headers).ok()?.access_key_id.to_owned(),
            account_id: ACCOUNT,
            caller_id: caller.user_id().to_owned(),
            cognito_identity: (),
            principal_org_id: (),
            user_arn: caller.principal.name().to_owned(),
            user_id: caller.user_id().to_owned(),
        })
    }
}

#[cfg(test)]
impl Invokers {
    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn denied(&self) -> Vec<super::Denied> {
        self.access.denied()
    }
}

fn is_presigned(request: Received<'_>) -> bool {
    request.uri.query().is_some_and(|query| query.contains("X-Amz-Signature="))
}
