//! A wall between tenants, of all kinds of policies at once: one role for the data of all tenants, whose sessions are
//! tagged with a tenant and a class of access; functions that may assume it in their own class; a boundary and a policy
//! of the table, which keep all others out.

use std::sync::Arc;

use iam::{
    AssumeRole, Context, Denial, IdentityPolicy, Lacking, Layer, Policies, Principal, PrincipalPolicies,
    Request, ResourceKind, ResourcePolicy, RoleSession, Tags, assume_role, decide,
};
use serde_json::{Value, json};

use crate::support::{ACCOUNT, document, issued, tags};

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/Tenants";
const INDEX: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/Tenants/index/Facets";
const DATA_ROLE: &str = "arn:aws:iam::111122223333:role/terrace/tenant/Data";
const FUNCTION: &str = "arn:aws:iam::111122223333:role/terrace/function/AuthorizeRead";

fn parsed(name: &str, statements: Value) -> Arc<IdentityPolicy> {
    Arc::new(IdentityPolicy::parse(name, &document(statements)).unwrap())
}

fn one_tenant() -> PrincipalPolicies {
    let keys = json!({"dynamodb:LeadingKeys": ["T#${aws:PrincipalTag/TenantId}#*"]});
    let guards = json!({"dynamodb:LeadingKeys": "false", "aws:PrincipalTag/TenantId": "false"});
    let policy = parsed(
        "OneTenant",
        json!([
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
                "Resource": [TABLE, INDEX],
                "Condition": {
                    "ForAllValues:StringLike": keys,
                    "Null": guards,
                    "StringEquals": {"aws:PrincipalTag/Access": ["read", "write", "identity"]},
                },
            },
            {
                "Sid": "Write",
                "Effect": "Allow",
                "Action": ["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
                "Resource": TABLE,
                "Condition": {
                    "ForAllValues:StringLike": keys,
                    "Null": guards,
                    "StringEquals": {"aws:PrincipalTag/Access": ["write", "identity"]},
                },
            },
            {
                "Sid": "HashesForIdentityAlone",
                "Effect": "Deny",
                "Action": "dynamodb:*",
                "Resource": [TABLE, INDEX],
                "Condition": {
                    "ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["T#*#directory*", "T#*#sessions#*"]},
                    "StringNotEquals": {"aws:PrincipalTag/Access": ["identity"]},
                },
            },
        ]),
    );
    PrincipalPolicies { identity: vec![policy], ..PrincipalPolicies::none() }
}

/// Denies items of tenants to all roles but the tenants' own.
fn table_policy() -> ResourcePolicy {
    let document = document(json!({
        "Sid": "TenantsAlone",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:Scan"],
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": format!("arn:aws:iam::{ACCOUNT}:role/terrace/tenant/*")}},
    }));
    ResourcePolicy::parse("Tenants", ResourceKind::Ordinary, &document).unwrap()
}

/// What functions may do, and the most that they may do.
fn function() -> PrincipalPolicies {
    let vend = json!({
        "Sid": "Vend", "Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": DATA_ROLE,
    });
    let boundary = parsed(
        "FunctionBoundary",
        json!([
            {
                "Sid": "NoItemOfATenant",
                "Effect": "Deny",
                "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem", "dynamodb:PartiQL*"],
                "Resource": [TABLE, format!("{TABLE}/index/*")],
            },
            vend.clone(),
            {
                "Sid": "StreamOfTheRelay",
                "Effect": "Allow",
                "Action": "dynamodb:GetRecords",
                "Resource": format!("{TABLE}/stream/*"),
                "Condition": {"StringEquals": {"aws:PrincipalTag/Reads": "tenant-stream"}},
            },
        ]),
    );
    let everything = json!({"Sid": "Everything", "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"});
    let identity = vec![parsed("Vend", vend), parsed("Mistake", everything)];
    PrincipalPolicies { identity, boundary: Some(boundary), session: None }
}

fn data_trust() -> ResourcePolicy {
    let document = document(json!({
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "ArnLike": {"aws:PrincipalArn": format!("arn:aws:iam::{ACCOUNT}:role/terrace/function/*")},
            "StringEquals": {"aws:RequestTag/Access": ["${aws:PrincipalTag/Vends}"]},
            "StringLike": {"aws:RequestTag/TenantId": "ten_*"},
            "Null": {"aws:PrincipalTag/Vends": "false"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["TenantId", "Access"]},
        },
    }));
    ResourcePolicy::parse("DataTrust", ResourceKind::Role, &document).unwrap()
}

fn session_of(role_arn: &str, role_tags: Tags, session_tags: &Tags) -> Principal {
    let (role_arn, session_name) = (role_arn.to_owned(), "session".to_owned());
    let session_tags = issued(session_tags);
    Principal::session(RoleSession {
        role_arn,
        session_name,
        role_tags,
        session_tags,
        ..RoleSession::default()
    })
    .unwrap()
}

#[test]
fn a_session_reaches_the_items_of_its_tenant_in_its_class() {
    let (own, table) = (one_tenant(), table_policy());
    let denied = |class: &str, action: &str, resource: &str, keys: &[&str]| {
        let principal =
            session_of(DATA_ROLE, Tags::none(), &tags([("TenantId", "ten_1"), ("Access", class)]));
        let context = Context::new().with_all("dynamodb:LeadingKeys", keys.iter().copied());
        let request = Request { principal: &principal, action, resource, context: &context };
        let policies = Policies { principal: &own, resource: Some(&table), resource_owner: ACCOUNT };
        match decide(&request, &policies).denial() {
            None => "allowed",
            Some(Denial::Explicit(by)) => by.sid.map_or("", |_| "denied"),
            Some(_) => "not allowed",
        }
    };
    let (get, put, query, scan) = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan");
    let cases: [(&str, &str, &str, &[&str], &str); 16] = [
        ("read", get, TABLE, &["T#ten_1#products"], "allowed"),
        ("read", query, INDEX, &["T#ten_1#orders#status#placed"], "allowed"),
        ("read", get, TABLE, &["T#ten_2#products"], "not allowed"),
        ("read", "dynamodb:BatchGetItem", TABLE, &["T#ten_1#products", "T#ten_2#products"], "not allowed"),
        ("read", query, TABLE, &[], "not allowed"),
        ("read", scan, TABLE, &[], "not allowed"),
        ("read", put, TABLE, &["T#ten_1#products"], "not allowed"),
        ("read", get, TABLE, &["T#ten_1#directory"], "denied"),
        ("read", get, TABLE, &["T#ten_1#sessions#usr_1"], "denied"),
        ("write", put, TABLE, &["T#ten_1#products"], "allowed"),
        ("write", put, INDEX, &["T#ten_1#products"], "not allowed"),
        ("write", put, TABLE, &["T#ten_1#directory"], "denied"),
        ("identity", get, TABLE, &["T#ten_1#directory"], "allowed"),
        ("identity", put, TABLE, &["T#ten_1#sessions#usr_1"], "allowed"),
        ("identity", get, TABLE, &["T#ten_2#directory"], "not allowed"),
        ("", get, TABLE, &["T#ten_1#products"], "not allowed"),
    ];
    for (class, action, resource, keys, expected) in cases {
        assert_eq!(denied(class, action, resource, keys), expected, "{class} {action} {resource} {keys:?}");
    }
}

#[test]
fn a_function_vends_sessions_in_its_own_class() {
    let (own, trust, context, no_tags) = (function(), data_trust(), Context::new(), Tags::none());
    let vends = |role: &str, role_tags: Tags, passed: Tags| {
        let caller = session_of(role, role_tags, &Tags::none());
        assume_role(&AssumeRole {
            caller: &caller,
            caller_policies: &own,
            role_arn: DATA_ROLE,
            trust: &trust,
            role_tags: &no_tags,
            session_name: "s",
            tags: &passed,
            transitive_keys: &[],
            source_identity: None,
            external_id: None,
            context: &context,
        })
        .is_ok()
    };
    let read = || tags([("Vends", "read")]);
    let of = |tenant: &str, class: &str| tags([("TenantId", tenant), ("Access", class)]);
    assert!(vends(FUNCTION, read(), of("ten_1", "read")));
    assert!(!vends(FUNCTION, read(), of("ten_1", "write")));
    assert!(!vends(FUNCTION, read(), of("*", "read")));
    assert!(!vends(FUNCTION, read(), tags([("TenantId", "ten_1")])));
    assert!(!vends(FUNCTION, read(), tags([("TenantId", "ten_1"), ("Access", "read"), ("Extra", "x")])));
    assert!(!vends(FUNCTION, read(), Tags::none()));
    assert!(!vends(FUNCTION, Tags::none(), of("ten_1", "read")));
    assert!(!vends(FUNCTION, tags([("Vends", "")]), of("ten_1", "")));
    assert!(!vends("arn:aws:iam::111122223333:role/other/Role", read(), of("ten_1", "read")));
    assert!(!vends(DATA_ROLE, read(), of("ten_1", "read")));
}

#[test]
fn a_function_reaches_no_item_whatever_its_policies_say() {
    let (own, table) = (function(), table_policy());
    let principal = session_of(FUNCTION, tags([("Vends", "read")]), &Tags::none());
    let relay = session_of(FUNCTION, tags([("Reads", "tenant-stream")]), &Tags::none());
    let context = Context::new().with_all("dynamodb:LeadingKeys", ["T#ten_1#products"]);
    let denied = |principal, action, resource, table| {
        let request = Request { principal, action, resource, context: &context };
        decide(&request, &Policies { principal: &own, resource: table, resource_owner: ACCOUNT }).denial()
    };
    let explicit = |denial: Option<Denial<'_>>| match denial {
        Some(Denial::Explicit(by)) => Some((by.layer, by.sid.map(str::to_owned))),
        _ => None,
    };
    let boundary = Some((Layer::Boundary, Some("NoItemOfATenant".to_owned())));
    for action in ["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:PartiQLSelect"] {
        assert_eq!(explicit(denied(&principal, action, TABLE, None)), boundary, "{action}");
        assert_eq!(explicit(denied(&principal, action, INDEX, None)), boundary, "{action}");
    }
    let by_boundary = Some(Denial::Implicit(Lacking::Boundary("FunctionBoundary")));
    assert_eq!(denied(&principal, "dynamodb:DeleteTable", TABLE, None), by_boundary);
    let stream = format!("{TABLE}/stream/2026-11-21T12:00:00.000");
    assert_eq!(denied(&relay, "dynamodb:GetRecords", &stream, None), None);
    assert_eq!(denied(&principal, "dynamodb:GetRecords", &stream, None), by_boundary);
    // Without a boundary, the table itself keeps functions, services and anonymous callers out.
    let unbounded = PrincipalPolicies { boundary: None, ..own.clone() };
    for principal in [principal, Principal::service("lambda.amazonaws.com"), Principal::anonymous()] {
        let request =
            Request { principal: &principal, action: "dynamodb:GetItem", resource: TABLE, context: &context };
        let policies = Policies { principal: &unbounded, resource: Some(&table), resource_owner: ACCOUNT };
        let by_table = Some((Layer::Resource, Some("TenantsAlone".to_owned())));
        assert_eq!(explicit(decide(&request, &policies).denial()), by_table, "{}", principal.name());
    }
}

/// Whoever asks can see what it has to fill in.
#[test]
fn a_policy_lists_the_keys_that_it_reads() {
    let own = one_tenant();
    let keys: Vec<&str> = own.identity[0].keys().into_iter().collect();
    assert_eq!(keys, ["aws:principaltag/access", "aws:principaltag/tenantid", "dynamodb:leadingkeys"]);
    let trust = data_trust();
    let keys: Vec<&str> = trust.keys().into_iter().collect();
    assert_eq!(
        keys,
        [
            "aws:principalarn",
            "aws:principaltag/vends",
            "aws:requesttag/access",
            "aws:requesttag/tenantid",
            "aws:tagkeys"
        ]
    );
    let resource =
        json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/Bucket}"});
    let keys = parsed("Bucket", resource);
    assert!(keys.keys().contains("aws:principaltag/bucket"));
}
