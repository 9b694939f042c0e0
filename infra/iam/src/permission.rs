//! Permissions to invoke functions, as `AWS::Lambda::Permission` declares them.

use serde_json::{Value, json};

use crate::arn::is_account;
use crate::document::{ParseError, ResourceKind, ResourcePolicy};

/// One permission: a statement in the policy of a function.
///
/// AWS: Viewing resource-based IAM policies in Lambda,
/// <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LambdaPermission {
    /// The `Sid` of its statement.
    pub id: String,
    /// `lambda:InvokeFunction`, or another action.
    pub action: String,
    /// The ARN of the function.
    pub function_arn: String,
    /// The name of a service, an account, the ARN of a principal, or `*`.
    pub principal: String,
    /// The resource in whose name a service calls. May have wildcards.
    pub source_arn: Option<String>,
    /// The account in whose name a service calls.
    pub source_account: Option<String>,
}

impl LambdaPermission {
    /// The policy that all permissions of a function make.
    pub fn policy(name: &str, permissions: &[LambdaPermission]) -> Result<ResourcePolicy, ParseError> {
        let statements: Vec<Value> = permissions.iter().map(LambdaPermission::statement).collect();
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        ResourcePolicy::parse(name, ResourceKind::Ordinary, &document)
    }

    fn statement(&self) -> Value {
        let is_of_aws =
            self.principal == "*" || self.principal.starts_with("arn:") || is_account(&self.principal);
        let kind = if is_of_aws { "AWS" } else { "Service" };
        let mut statement = json!({
            "Sid": self.id,
            "Effect": "Allow",
            "Principal": {kind: self.principal},
            "Action": self.action,
            "Resource": self.function_arn,
        });
        if let Some(source) = &self.source_arn {
            statement["Condition"]["ArnLike"]["aws:SourceArn"] = json!(source);
        }
        if let Some(account) = &self.source_account {
            statement["Condition"]["StringEquals"]["aws:SourceAccount"] = json!(account);
        }
        statement
    }
}
