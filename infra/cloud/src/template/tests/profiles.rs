//! The callers from outside whom `Metadata: LocalProfiles` names.

use super::*;
use crate::model::ProfileIdentity;

/// A policy of operators and a role of developers, with profiles of both from line 5 on.
fn with_profiles(profiles: &str) -> String {
    let resources = "Resources:\n  OperatorPolicy: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: \"execute-api:Invoke\", Resource: \"*\"}}}}\n  DeveloperRole: {Type: AWS::IAM::Role, Properties: {Path: /dev/, AssumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sts:AssumeRole}}}}\n";
    let metadata = format!("Metadata:\n  LocalProfiles:\n{profiles}\n");
    assert!(!BASE.contains("Metadata:\n") && BASE.contains("\nResources:\n"));
    BASE.replacen("Resources:\n", &format!("{metadata}{resources}"), 1)
}

#[test]
fn a_profile_is_a_user_with_policies_or_a_session_of_a_role() {
    let profiles = "    operator: {Policies: [OperatorPolicy]}\n    developer: {Role: DeveloperRole}";
    let stack = parse_base(&with_profiles(profiles), &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    let [operator, developer] = &stack.profiles[..] else { panic!("{:?}", stack.profiles) };
    assert_eq!((&*operator.name, &*developer.name), ("operator", "developer"));
    let ProfileIdentity::User { arn, policies } = &operator.identity else { panic!("{operator:?}") };
    assert_eq!(arn, "arn:aws:iam::123456789012:user/local/operator");
    assert_eq!(policies.identity.len(), 1);
    let ProfileIdentity::Session { role_arn } = &developer.identity else { panic!("{developer:?}") };
    assert_eq!(role_arn, "arn:aws:iam::123456789012:role/dev/shop-DeveloperRole");
}

#[test]
fn a_profile_of_what_a_condition_leaves_out_gets_no_keys() {
    let text =
        with_profiles("    operator: {Policies: [OperatorPolicy]}\n    developer: {Role: DeveloperRole}");
    let role = "DeveloperRole: {Type: AWS::IAM::Role, ";
    assert!(text.contains(role));
    let text = text.replacen(role, &format!("{role}Condition: Never, "), 1);
    let conditions = "Conditions: {Never: !Equals [a, b]}\nResources:\n";
    let text = text.replacen("Resources:\n", conditions, 1);
    let stack = parse_base(&text, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    let names: Vec<&str> = stack.profiles.iter().map(|profile| &*profile.name).collect();
    assert_eq!(names, ["operator"]);
    assert!(stack.without_effect.iter().any(|note| note.property == "the profile developer"));
}

#[test]
fn what_is_wrong_with_a_profile_is_named_with_its_line() {
    let one_of = "the profile p1 does not have one of Policies and Role.";
    let not_a_policy =
        |id: &str| format!("{id} is not an AWS::IAM::ManagedPolicy of this template, nor of a nested one.");
    let not_a_role =
        |id: &str| format!("{id} is not an AWS::IAM::Role of this template, nor of a nested one.");
    for (profile, problem) in [
        ("p1: {}", one_of.to_owned()),
        ("p1: {Policies: [OperatorPolicy], Role: DeveloperRole}", one_of.to_owned()),
        ("p1: {Policies: [Nothing]}", not_a_policy("Nothing")),
        ("p1: {Policies: [DeveloperRole]}", not_a_policy("DeveloperRole")),
        ("p1: {Role: OperatorPolicy}", not_a_role("OperatorPolicy")),
        ("p1: {Role: BuyFunctionRole}", not_a_role("BuyFunctionRole")),
        ("p1: {Role: DeveloperRole, Roles: x}", "Roles is not supported.".to_owned()),
        ("p1: {Policies: OperatorPolicy}", "Policies is not a list.".to_owned()),
        ("p1: {Policies: [!Ref OperatorPolicy]}", "Policies is not a list of texts.".to_owned()),
        ("p1: {Role: !Ref DeveloperRole}", "Role is not text.".to_owned()),
        ("p1: DeveloperRole", "a local profile is not a mapping.".to_owned()),
        ("\"p 1\": {Role: DeveloperRole}", "the profile p 1 has a name that IAM does not take.".to_owned()),
        (
            "\"p\\n1\": {Role: DeveloperRole}",
            "the profile p\n1 has a name that IAM does not take.".to_owned(),
        ),
    ] {
        let text = with_profiles(&format!("    {profile}"));
        let refusals = parse_base(&text, &[]).expect_err(profile);
        let [only] = &refusals.refusals[..] else { panic!("{profile}: {refusals}") };
        assert_eq!(only.problem, problem, "{profile}");
        assert!(
            only.excerpt.ends_with(profile) && only.logical_id.starts_with("LocalProfiles.p"),
            "{only:?}"
        );
    }
    let refusals = parse_base(&with_profiles("    - operator"), &[]).unwrap_err();
    assert_eq!(refusals.refusals[0].problem, "LocalProfiles is not a mapping.");
}
