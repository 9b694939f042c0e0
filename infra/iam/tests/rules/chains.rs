//! Tags of sessions, and of sessions that are assumed from sessions.
//!
//! AWS: Pass session tags in AWS STS, Chaining roles with session tags,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining>

use iam::{
    AssumeRole, Context, Principal, PrincipalPolicies, RoleSession, SessionTags, TagError, Tags, assume_role,
};
use serde_json::json;

use crate::support::{ACCOUNT, ROLE, grants, issued, session_of, tags, trust};

const NONE: &[&str] = &[];

fn principal_tags(principal: &Principal, keys: &[&str]) -> Vec<String> {
    let value = |key: &&str| match principal.key(&format!("aws:PrincipalTag/{key}")) {
        Some([value]) => format!("{key}={value}"),
        _ => format!("no {key}"),
    };
    keys.iter().map(value).collect()
}

/// AssumeRole, Tags: a session tag overrides the role's tag of the same key, also if the case differs. The example is
/// that of the page.
#[test]
fn session_tags_override_those_of_the_role() {
    let principal = session_of(RoleSession {
        role_tags: tags([("Department", "Marketing"), ("Unit", "9")]),
        session_tags: issued(&tags([("department", "engineering")])),
        ..RoleSession::default()
    });
    assert_eq!(principal_tags(&principal, &["Department", "Unit"]), ["Department=engineering", "Unit=9"]);
}

/// The example of the section: `Star` and `Heart` are passed on, and the tags of roles are not.
#[test]
fn the_example_of_three_roles() {
    let first =
        SessionTags::issue(&SessionTags::none(), &tags([("Star", "1"), ("Heart", "1")]), &["Star", "Heart"])
            .unwrap();
    let second = SessionTags::issue(&first, &Tags::none(), NONE).unwrap();
    let of_second = session_of(RoleSession {
        role_tags: tags([("Sun", "2")]),
        session_tags: second.clone(),
        ..RoleSession::default()
    });
    assert_eq!(principal_tags(&of_second, &["Heart", "Star", "Sun"]), ["Heart=1", "Star=1", "Sun=2"]);
    let third = SessionTags::issue(of_second.session_tags(), &Tags::none(), NONE).unwrap();
    let of_third = session_of(RoleSession {
        role_tags: tags([("Star", "3"), ("Lightning", "3")]),
        session_tags: third,
        ..RoleSession::default()
    });
    let keys = ["Heart", "Star", "Sun", "Lightning"];
    assert_eq!(principal_tags(&of_third, &keys), ["Heart=1", "Star=1", "no Sun", "Lightning=3"]);
}

#[test]
fn tags_that_are_not_transitive_end_with_their_session() {
    let first = SessionTags::issue(&SessionTags::none(), &tags([("a", "1"), ("b", "1")]), &["A"]).unwrap();
    assert_eq!(first.inherited(), tags([("a", "1")]));
    let second = SessionTags::issue(&first, &tags([("c", "2")]), NONE).unwrap();
    assert_eq!(*second.tags(), tags([("a", "1"), ("c", "2")]));
    assert_eq!(second.inherited(), tags([("a", "1")]));
}

/// AssumeRole, Tags: "If you pass a session tag with the same key as an inherited tag, the operation fails."
#[test]
fn an_inherited_tag_cannot_be_passed_again() {
    let first =
        SessionTags::issue(&SessionTags::none(), &tags([("TenantId", "ten_1")]), &["TenantId"]).unwrap();
    for value in ["ten_2", "ten_1"] {
        let again = SessionTags::issue(&first, &tags([("tenantid", value)]), NONE);
        assert_eq!(again, Err(TagError::Inherited { key: "tenantid".to_owned() }));
    }
}

/// The limits of the section "Session tagging operations", and of Rules for tagging in IAM and AWS STS,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules>
#[test]
fn tags_beyond_the_limits_are_refused() {
    let issue =
        |tags: &Tags, transitive: &[&str]| SessionTags::issue(&SessionTags::none(), tags, transitive).err();
    let malformed = |key: &str| Some(TagError::Malformed { key: key.to_owned() });
    let many = |count: usize| Tags::new((0..count).map(|index| (format!("k{index}"), "v"))).unwrap();
    assert_eq!(issue(&many(50), NONE), None);
    assert_eq!(issue(&many(51), NONE), Some(TagError::TooMany));
    let long = "k".repeat(129);
    for (key, value) in
        [("", "v"), (long.as_str(), "v"), ("aws:k", "v"), ("k", "AWS:v"), ("k", "a*"), ("k#", "v")]
    {
        assert_eq!(issue(&tags([(key, value)]), NONE), malformed(key), "{key} {value}");
    }
    assert_eq!(issue(&tags([("k", &"v".repeat(257))]), NONE), malformed("k"));
    assert_eq!(issue(&tags([("k_.:/=+-@ 1é", ""), ("l", &"v".repeat(256))]), NONE), None);
    assert_eq!(issue(&tags([("a", "1")]), &["b"]), Some(TagError::NotPassed { key: "b".to_owned() }));
    assert_eq!(Tags::new([("a", "1"), ("A", "2")]), Err(TagError::Twice { key: "A".to_owned() }));
}

/// "In role chaining, the value of a transitive tag overrides the role matching the `ResourceTag` value before the
/// evaluation of the role trust policy."
#[test]
fn inherited_tags_replace_the_tags_of_the_role_for_its_trust_policy() {
    let by_star = trust(json!({
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {"aws:ResourceTag/Star": "1"}},
    }));
    let own = grants(json!({"Effect": "Allow", "Action": "sts:*", "Resource": "*"}));
    let star = |transitive: &[&str]| {
        let session_tags =
            SessionTags::issue(&SessionTags::none(), &tags([("Star", "1")]), transitive).unwrap();
        session_of(RoleSession { session_tags, ..RoleSession::default() })
    };
    let (role_tags, none) = (tags([("Star", "3")]), Tags::none());
    let may = |caller: &Principal, own: &PrincipalPolicies| {
        assume_role(&AssumeRole {
            caller,
            caller_policies: own,
            role_arn: ROLE,
            trust: &by_star,
            role_tags: &role_tags,
            session_name: "s",
            tags: &none,
            transitive_keys: &[],
            source_identity: None,
            external_id: None,
            context: &Context::new(),
        })
        .map_err(|denied| denied.action)
    };
    assert_eq!(may(&star(&["Star"]), &own), Ok(()));
    assert_eq!(may(&star(&[]), &own), Err("sts:AssumeRole"));
    // What users of AWS report: https://github.com/aws/eks-pod-identity-agent/issues/80.
    let without_tags = grants(json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}));
    assert_eq!(may(&star(&["Star"]), &without_tags), Err("sts:TagSession"));
}
