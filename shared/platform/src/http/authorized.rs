//! Whom the gateway has authorized, as its event says:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use domain::operator::OperatorPrincipal;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::tenancy::{AuthorizerContext, SuspendedContext};

/// Whom the gateway has authorized. A user's context holds credentials, so there is no `Debug`.
pub(crate) enum Authorized {
    /// By an authorizer of ours.
    User(Box<AuthorizerContext>),
    /// By an authorizer of ours: the token is good, and the tenant is suspended.
    Suspended(SuspendedContext),
    /// By the signature of the request, on a route that takes `AWS_IAM`.
    Operator(OperatorPrincipal),
}

#[derive(Deserialize)]
pub(super) struct Authorizer<'a> {
    #[serde(borrow)]
    lambda: Option<&'a RawValue>,
    #[serde(borrow)]
    iam: Option<&'a RawValue>,
}

/// Of the principal that has signed the request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Iam {
    user_arn: OperatorPrincipal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `None` on a route without an authorizer, and for a signature of nobody who could be an operator.
pub(super) fn authorized(Authorizer { lambda, iam }: Authorizer<'_>) -> Option<Result<Authorized, ()>> {
    match (lambda, iam) {
        (None, None) => None,
        (Some(answer), None) => user(answer.get()),
        (None, Some(iam)) => {
            let Iam { user_arn } = serde_json::from_str(iam.get()).ok()?;
            Some(Ok(Authorized::Operator(user_arn)))
        }
        // A route has one authorizer.
        (Some(_), Some(_)) => Some(Err(())),
    }
}

fn user(answer: &str) -> Option<Result<Authorized, ()>> {
    if let Ok(context) = serde_json::from_str(answer) {
        return Some(Ok(Authorized::User(context)));
    }
    match serde_json::from_str(answer) {
        Ok(suspended) => Some(Ok(Authorized::Suspended(suspended))),
        Err(_) if serde_json::from_str::<Nothing>(answer).is_ok() => None,
        Err(_) => Some(Err(())),
    }
}

#[cfg(test)]
mod tests {
    use domain::role::BuiltInRole;
    use serde_json::{Value, json};

    use super::*;
    use crate::tenancy::tests::context;

    fn read(authorizer: &Value) -> Option<Result<Authorized, ()>> {
        let text = authorizer.to_string();
        serde_json::from_str::<Option<Authorizer<'_>>>(&text).unwrap().and_then(authorized)
    }

    #[test]
    fn an_authorizer_s_answer_is_there_or_not() {
        let answered = |authorizer: Value| read(&authorizer);
        let whole = serde_json::to_value(context(BuiltInRole::Member, 1_000)).unwrap();
        let Some(Ok(Authorized::User(user))) = answered(json!({ "lambda": whole })) else {
            panic!("the answer is read")
        };
        assert_eq!((json!(user.tenant), user.expires_at), (whole["tenant"].clone(), 1_000));
        let suspended = json!({ "lambda": { "tenant": whole["tenant"], "status": "suspended" } });
        assert!(matches!(answered(suspended), Some(Ok(Authorized::Suspended(_)))));
        for none in [Value::Null, json!({}), json!({ "lambda": null }), json!({ "lambda": {} })] {
            assert!(answered(none).is_none());
        }
        let active = json!({ "tenant": whole["tenant"], "status": "active" });
        for other in [json!("secret"), json!(["secret"]), json!({ "tenant": "secret" }), active] {
            assert!(answered(json!({ "lambda": other })).unwrap().is_err());
        }
    }

    /// The event of a signed request, as AWS documents it.
    #[test]
    fn the_principal_of_a_signature_is_there_or_not() {
        let signed = |iam: Value| read(&json!({ "iam": iam }));
        let arn = "arn:aws:iam::123456789012:user/ada";
        let whole = json!({
            "accessKey": "AKIAEXAMPLE", "accountId": "123456789012", "callerId": "AIDAEXAMPLE",
            "cognitoIdentity": null, "principalOrgId": "o-example", "userArn": arn, "userId": "AIDAEXAMPLE",
        });
        assert!(
            matches!(signed(whole.clone()), Some(Ok(Authorized::Operator(principal))) if principal.as_str() == arn)
        );
        let with_arn = |arn: Value| json!({ "accessKey": "AKIAEXAMPLE", "userArn": arn });
        for nobody in
            [json!({}), json!([]), Value::Null, json!("ada"), with_arn(Value::Null), with_arn(json!("ada"))]
        {
            assert!(signed(nobody).is_none());
        }
        let both = json!({ "iam": whole, "lambda": { "tenant": "acme" } });
        assert!(read(&both).unwrap().is_err());
    }
}
