//! Policies and requests at random.

use std::sync::Arc;

use iam::{
    Context, Decision, Denial, IdentityPolicy, Lacking, Policies, Principal, PrincipalPolicies, Request,
    ResourceKind, ResourcePolicy, decide,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::{ACCOUNT, OTHER_ACCOUNT, ROLE, SESSION, USER, document, session_with, user};

/// All policies of a request, as lists of statements.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) identity: Vec<Vec<Value>>,
    pub(super) boundary: Option<Vec<Value>>,
    pub(super) session: Option<Vec<Value>>,
    pub(super) resource: Option<(ResourceKind, Vec<Value>)>,
    pub(super) owner: &'static str,
    pub(super) principal: usize,
    pub(super) action: &'static str,
    pub(super) resource_arn: &'static str,
    pub(super) keys: Vec<String>,
}

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:Work";

fn strings(from: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::subsequence(from, 1..=from.len().min(3)).prop_map(|texts| json!(texts))
}

fn conditions() -> impl Strategy<Value = Option<Value>> {
    let operator = select(
        &[
            "StringLike",
            "StringNotLike",
            "StringEqualsIfExists",
            "ForAllValues:StringLike",
            "ForAnyValue:StringLike",
            "ForAllValues:StringNotEquals",
            "ForAnyValue:StringNotEquals",
            "Null",
        ][..],
    );
    let values = strings(&["T#${aws:PrincipalTag/TenantId}#*", "T#*#a", "T#ten_1#a", "${aws:username}", "*"]);
    let condition = (operator, values).prop_map(|(operator, values)| {
        let key = if operator.contains(':') { "dynamodb:LeadingKeys" } else { "aws:PrincipalTag/TenantId" };
        let values = if operator == "Null" { json!("true") } else { values };
        json!({operator: {key: values}})
    });
    proptest::option::weighted(0.3, condition)
}

pub(super) fn statement() -> impl Strategy<Value = Value> {
    let actions = strings(&["dynamodb:GetItem", "dynamodb:*", "sqs:SendMessage", "*", "sqs:?end*"]);
    let resources =
        strings(&[TABLE, QUEUE, "*", "arn:aws:dynamodb:*", "arn:aws:sqs:*:*:${aws:PrincipalTag/TenantId}"]);
    let effect = select(&["Allow", "Allow", "Allow", "Allow", "Allow", "Deny"][..]);
    (effect, [proptest::bool::weighted(0.2), proptest::bool::weighted(0.2)], actions, resources, conditions())
        .prop_map(|(effect, nots, actions, resources, condition)| {
            let action = if nots[0] { "NotAction" } else { "Action" };
            let resource = if nots[1] { "NotResource" } else { "Resource" };
            let mut statement = json!({"Effect": effect, action: actions, resource: resources});
            if let Some(condition) = condition {
                statement["Condition"] = condition;
            }
            statement
        })
}

pub(super) fn resource_statement(kind: ResourceKind) -> impl Strategy<Value = Value> {
    let principals = select(vec![
        json!("*"),
        json!({"AWS": ROLE}),
        json!({"AWS": SESSION}),
        json!({"AWS": USER}),
        json!({"AWS": ACCOUNT}),
        json!({"AWS": [ROLE, ACCOUNT]}),
        json!({"AWS": OTHER_ACCOUNT, "Service": "events.amazonaws.com"}),
    ]);
    (statement(), principals, any::<bool>()).prop_map(move |(mut statement, principals, is_not)| {
        let is_not =
            is_not && statement["Effect"] == "Deny" && principals != "*" && kind != ResourceKind::Role;
        statement[if is_not { "NotPrincipal" } else { "Principal" }] = principals;
        if kind == ResourceKind::Role {
            let statement = statement.as_object_mut().unwrap();
            statement.remove("Resource");
            statement.remove("NotResource");
        }
        statement
    })
}

pub(super) fn world() -> impl Strategy<Value = World> {
    let statements = || proptest::collection::vec(statement(), 1..4);
    let kind =
        select(&[ResourceKind::Ordinary, ResourceKind::Ordinary, ResourceKind::Key, ResourceKind::Role][..]);
    let resource =
        kind.prop_flat_map(|kind| (Just(kind), proptest::collection::vec(resource_statement(kind), 1..4)));
    let keys = proptest::sample::subsequence(&["T#ten_1#a", "T#ten_2#a", "T##b"][..], 0..=2);
    (
        proptest::collection::vec(statements(), 0..3),
        [proptest::option::weighted(0.4, statements()), proptest::option::weighted(0.4, statements())],
        proptest::option::of(resource),
        select(&[ACCOUNT, ACCOUNT, ACCOUNT, OTHER_ACCOUNT][..]),
        select(&[0, 0, 0, 1, 1, 2, 2, 3, 4][..]),
        select(&["dynamodb:GetItem", "sqs:SendMessage"][..]),
        select(&[TABLE, QUEUE][..]),
        keys,
    )
        .prop_map(
            |(identity, [boundary, session], resource, owner, principal, action, resource_arn, keys)| {
                let keys = keys.into_iter().map(str::to_owned).collect();
                World { identity, boundary, session, resource, owner, principal, action, resource_arn, keys }
            },
        )
}

/// Whether it is allowed, and which layer decided if not.
pub(super) type Outcome = Result<(), Option<Lacking<'static>>>;

impl World {
    pub(super) fn decide(&self) -> Outcome {
        let parse = |statements: &Vec<Value>| {
            Arc::new(IdentityPolicy::parse("policy", &document(json!(statements))).unwrap())
        };
        let own = PrincipalPolicies {
            identity: self.identity.iter().map(parse).collect(),
            boundary: self.boundary.as_ref().map(parse),
            session: self.session.as_ref().map(parse),
        };
        let resource = self.resource.as_ref().map(|(kind, statements)| {
            ResourcePolicy::parse("resource", *kind, &document(json!(statements))).unwrap()
        });
        let principals = [
            session_with([("TenantId", "ten_1")]),
            session_with([]),
            user(),
            Principal::service("events.amazonaws.com"),
            Principal::anonymous(),
        ];
        let context = Context::new().with_all("dynamodb:LeadingKeys", self.keys.clone());
        let principal = &principals[self.principal];
        let request =
            Request { principal, action: self.action, resource: self.resource_arn, context: &context };
        let policies = Policies { principal: &own, resource: resource.as_ref(), resource_owner: self.owner };
        match decide(&request, &policies) {
            Decision::Allowed { .. } => Ok(()),
            Decision::Denied(Denial::Implicit(lacking)) => Err(Some(match lacking {
                Lacking::Boundary(_) => Lacking::Boundary(""),
                Lacking::Session(_) => Lacking::Session(""),
                Lacking::Identity => Lacking::Identity,
                Lacking::Resource => Lacking::Resource,
                Lacking::Key => Lacking::Key,
                Lacking::Trust => Lacking::Trust,
            })),
            Decision::Denied(_) => Err(None),
        }
    }

    /// All lists of statements.
    pub(super) fn lists(&mut self) -> Vec<&mut Vec<Value>> {
        let others =
            [self.boundary.as_mut(), self.session.as_mut(), self.resource.as_mut().map(|(_, list)| list)];
        self.identity.iter_mut().chain(others.into_iter().flatten()).collect()
    }

    /// A statement of the resource's policy is not one of a principal's, so each list gets one of its own kind.
    pub(super) fn with_deny(mut self, pick: usize, mut deny: Value, mut of_resource: Value) -> World {
        deny["Effect"] = json!("Deny");
        of_resource["Effect"] = json!("Deny");
        let last = self.lists().len().checked_sub(1);
        let is_resource = self.resource.is_some();
        if let Some(last) = last {
            let at = pick % (last + 1);
            let is_role = self.resource.as_ref().is_some_and(|(kind, _)| *kind == ResourceKind::Role);
            if is_role {
                let statement = of_resource.as_object_mut().unwrap();
                statement.remove("Resource");
                statement.remove("NotResource");
            }
            let added = if is_resource && at == last { of_resource } else { deny };
            self.lists()[at].push(added);
        }
        self
    }
}
