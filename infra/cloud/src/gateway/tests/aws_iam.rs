//! Routes that ask IAM, called as botocore would.

use iam::{IdentityPolicy, PrincipalPolicies};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::model::{Profile, ProfileIdentity};
use crate::services::Credential;
use crate::services::signing::{Draft, sign};

const HOST: &str = "127.0.0.1:4000";
const USER: &str = "arn:aws:iam::123456789012:user/local/operator";
const INVOKE: &str = "execute-api:Invoke";
const API: &str = "arn:aws:execute-api:eu-west-1:123456789012:api/$default";
const FORBIDDEN: (u16, &str) = (403, r#"{"message":"Forbidden"}"#);

/// An API with these routes behind IAM, which `operator` may use by these resources.
fn gateway(routes: &[&str], resources: &[&str]) -> Gateway {
    let mut api = api();
    let behind_iam = |key: &&str| Route { authorizer: RouteAuthorizer::Iam, ..route(key, "Closed", None) };
    api.routes.extend(routes.iter().map(behind_iam));
    let cors = Cors {
        allow_origins: vec!["*".into()],
        allow_methods: vec!["*".into()],
        allow_headers: vec!["authorization".into()],
        expose_headers: vec![],
        max_age: None,
        allow_credentials: false,
    };
    let mut stack = stack(HttpApi { cors: Some(cors), ..api });
    let statement = json!({ "Effect": "Allow", "Action": INVOKE, "Resource": resources });
    let document = json!({ "Version": "2012-10-17", "Statement": statement });
    let identity = vec![IdentityPolicy::parse("operator", &document).unwrap().into()];
    let policies = PrincipalPolicies { identity, ..PrincipalPolicies::none() };
    let identity = ProfileIdentity::User { arn: USER.into(), policies };
    stack.profiles = vec![Profile { name: "operator".into(), identity }];
    Gateway::in_front_of(&stack, Functions::answering("Closed", json!({ "statusCode": 200 })))
}

fn operators() -> Gateway {
    gateway(&["POST /tenants", "GET /tenants/{id}"], &[&format!("{API}/*/tenants*")])
}

impl Gateway {
    fn operator(&self) -> Credential {
        self.invokers.credentials().profiles()["operator"].clone()
    }

    fn calls(&self) -> usize {
        self.functions.events("Closed").len()
    }
}

fn draft<'a>(method: &'a str, target: &'a str, body: &'a str) -> Draft<'a> {
    Draft { method, host: HOST, target, service: "execute-api", body, at: Timestamp::now() }
}

/// The request of a draft, with a signature that may be another's.
fn with(draft: &Draft<'_>, headers: Vec<(String, String)>) -> http::Request<Body> {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    request(draft.method, draft.target, &headers, draft.body.to_owned())
}

fn signed(credential: &Credential, draft: &Draft<'_>) -> http::Request<Body> {
    with(draft, sign(credential, draft))
}

#[tokio::test]
async fn a_signed_request_reaches_the_function_with_its_caller() {
    let gateway = operators();
    let operator = gateway.operator();
    let received = gateway.send(signed(&operator, &draft("POST", "/tenants", r#"{"name":"Acme"}"#))).await;
    assert_eq!(received.status, StatusCode::OK);
    let event = gateway.functions.events("Closed").remove(0);
    let iam = &event["requestContext"]["authorizer"]["iam"];
    let id = iam["userId"].as_str().unwrap();
    assert!(id.starts_with("AIDA") && id.len() == 21, "{id}");
    assert_eq!(
        event["requestContext"]["authorizer"],
        json!({ "iam": {
            "accessKey": operator.access_key_id, "accountId": "123456789012", "callerId": id,
            "cognitoIdentity": null, "principalOrgId": null, "userArn": USER, "userId": id,
        } })
    );
    assert_eq!(event["body"], "eyJuYW1lIjoiQWNtZSJ9");
}

#[tokio::test]
async fn what_the_sender_did_not_sign_is_forbidden() {
    let gateway = operators();
    let operator = gateway.operator();
    let own = draft("POST", "/tenants", r#"{"name":"Acme"}"#);
    let headers = sign(&operator, &own);
    let altered: [(&str, Draft<'_>); 4] = [
        ("the method and the path", draft("GET", "/tenants/7", own.body)),
        ("the query", Draft { target: "/tenants?a=b", ..own }),
        ("the body", Draft { body: r#"{"name":"Evil"}"#, ..own }),
        ("no body", Draft { body: "", ..own }),
    ];
    for (what, draft) in altered {
        assert_eq!(gateway.send(with(&draft, headers.clone())).await.said(), FORBIDDEN, "{what}");
    }
    let mut other_host = headers.clone();
    other_host.iter_mut().find(|(name, _)| name == "host").unwrap().1 = "localhost:4000".to_owned();
    assert_eq!(gateway.send(with(&own, other_host)).await.said(), FORBIDDEN, "the host");
    let mut more = headers.clone();
    more.push(("x-amz-meta".to_owned(), "1".to_owned()));
    assert_eq!(gateway.send(with(&own, more)).await.said(), FORBIDDEN, "a header of AWS");
    let mut unsigned = headers;
    unsigned.retain(|(name, _)| name != "authorization");
    assert_eq!(gateway.send(with(&own, unsigned)).await.said(), FORBIDDEN, "no signature");
    assert_eq!(gateway.send(with(&own, vec![])).await.said(), FORBIDDEN, "no header");
    let bearer = vec![("authorization".to_owned(), "Bearer good".to_owned())];
    assert_eq!(gateway.send(with(&own, bearer)).await.said(), FORBIDDEN, "a token");
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test]
async fn a_key_that_is_not_the_caller_s_is_forbidden() {
    let gateway = operators();
    let operator = gateway.operator();
    let own = draft("POST", "/tenants", "{}");
    let keys = [
        Credential { access_key_id: "AKIAUNKNOWN000000000".into(), ..operator.clone() },
        Credential { secret_access_key: "guessed".into(), ..operator.clone() },
        Credential { session_token: Some("token".into()), ..operator },
    ];
    for key in keys {
        assert_eq!(gateway.send(signed(&key, &own)).await.said(), FORBIDDEN, "{key:?}");
    }
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test]
async fn a_signature_is_of_its_time_and_of_this_service() {
    let gateway = operators();
    let operator = gateway.operator();
    let at = |minutes| Draft {
        at: Timestamp::now() + SignedDuration::from_mins(minutes),
        ..draft("POST", "/tenants", "{}")
    };
    for (minutes, expected) in [(-16, 403), (16, 403), (-14, 200), (14, 200)] {
        let received = gateway.send(signed(&operator, &at(minutes))).await;
        assert_eq!(received.status.as_u16(), expected, "{minutes} minutes");
    }
    for service in ["dynamodb", "lambda", "apigateway"] {
        let draft = Draft { service, ..at(0) };
        assert_eq!(gateway.send(signed(&operator, &draft)).await.said(), FORBIDDEN, "{service}");
    }
    assert_eq!(gateway.calls(), 2);
}

/// A signature covers one request, and is good for it as long as its time is: so it is in AWS.
#[tokio::test]
async fn a_request_that_is_sent_again_is_the_same_request() {
    let gateway = operators();
    let own = draft("POST", "/tenants", "{}");
    let headers = sign(&gateway.operator(), &own);
    for _ in 0..2 {
        assert_eq!(gateway.send(with(&own, headers.clone())).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_caller_invokes_what_its_policies_name() {
    let routes = ["POST /tenants", "GET /tenants/{id}", "DELETE /tenants/{id}"];
    let gateway = gateway(&routes, &[&format!("{API}/GET/tenants/*"), &format!("{API}/POST/tenants")]);
    let operator = gateway.operator();
    for (method, target, expected) in [
        ("POST", "/tenants", 200),
        ("GET", "/tenants/7", 200),
        ("GET", "/tenants/7?a=b", 200),
        ("DELETE", "/tenants/7", 403),
    ] {
        let received = gateway.send(signed(&operator, &draft(method, target, ""))).await;
        assert_eq!(received.status.as_u16(), expected, "{method} {target}");
    }
    assert_eq!(gateway.calls(), 3);
    let denied = gateway.invokers.denied();
    let [denied] = &denied[..] else { panic!("{denied:?}") };
    assert_eq!((&*denied.caller, &*denied.principal), ("profile operator", USER));
    assert_eq!((&*denied.action, &*denied.resource), (INVOKE, &*format!("{API}/DELETE/tenants/7")));
}

/// What is decided is the path by which the route was found.
#[tokio::test]
async fn an_escaped_path_is_signed_as_clients_do_and_decided_as_it_is_routed() {
    let resources = [format!("{API}/GET/tenants/a b"), format!("{API}/GET/tenants/é")];
    let gateway = gateway(&["GET /tenants/{id}"], &[&resources[0], &resources[1]]);
    let operator = gateway.operator();
    for (target, expected) in [
        ("/tenants/a%20b", 200),
        ("/tenants/%C3%A9", 200),
        ("/tenants/a%20b?name=a%2Fb&name=c+d", 200),
        ("/tenants/%2561", 403),
        ("/tenants/..", 403),
    ] {
        let received = gateway.send(signed(&operator, &draft("GET", target, ""))).await;
        assert_eq!(received.status.as_u16(), expected, "{target}");
    }
    let ids: Vec<Value> = gateway
        .functions
        .events("Closed")
        .iter()
        .map(|event| event["pathParameters"]["id"].clone())
        .collect();
    assert_eq!(ids, ["a b", "é", "a b"]);
}

#[tokio::test]
async fn a_presigned_address_is_forbidden() {
    let gateway = operators();
    let target = "/tenants/7?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Signature=00";
    assert_eq!(gateway.send(request("GET", target, &[("host", HOST)], "")).await.said(), FORBIDDEN);
}

#[tokio::test]
async fn a_preflight_needs_no_signature() {
    let gateway = operators();
    let headers = [("origin", "https://a.example"), ("access-control-request-method", "POST")];
    let received = gateway.send(request("OPTIONS", "/tenants", &headers, "")).await;
    assert_eq!(received.status, StatusCode::NO_CONTENT);
    assert_eq!(received.header("access-control-allow-origin"), Some("*"));
    let refused = gateway.send(request("POST", "/tenants", &headers[..1], "")).await;
    assert_eq!((refused.said(), refused.header("access-control-allow-origin")), (FORBIDDEN, Some("*")));
}
