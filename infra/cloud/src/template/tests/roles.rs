//! Roles, their policies, boundaries and tags.

use iam::{Context, Policies, Principal, Request, RoleSession, SessionTags, decide};

use super::*;
use crate::model::{ACCOUNT, Role};

const OWN: &str = r#"
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Path: !Sub "/${AWS::StackName}/"
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: ["dynamodb:*", "sqs:*"], Resource: "*"}
  DataRole:
    Type: AWS::IAM::Role
    Properties:
      Path: !Sub "/${AWS::StackName}/data/"
      Description: one tenant
      MaxSessionDuration: 7200
      PermissionsBoundary: !Ref Limit
      ManagedPolicyArns: [!Ref Limit]
      Tags: [{Key: Reads, Value: shop}]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: Keys
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: ["dynamodb:*", "kms:*"], Resource: "*"}
Outputs:"#;

/// The base template with a role of its own, and a text replaced.
fn with_role(find: &str, replace: &str) -> String {
    let text = base_with("\nOutputs:", OWN);
    assert_eq!(text.matches(find).count(), 1, "{find:?} must stand once");
    text.replacen(find, replace, 1)
}

fn role(text: &str, logical_id: &str) -> Role {
    let stack = parse_base(text, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    stack.roles.into_iter().find(|role| role.logical_id == logical_id).unwrap()
}

fn allows(role: &Role, action: &str) -> bool {
    let session = RoleSession {
        role_arn: role.arn.clone(),
        session_name: "one".to_owned(),
        role_tags: role.tags.clone(),
        session_tags: SessionTags::none(),
        ..RoleSession::default()
    };
    let (principal, context) = (Principal::session(session).unwrap(), Context::new());
    let request = Request { principal: &principal, action, resource: "*", context: &context };
    let policies = Policies { principal: &role.policies, resource: None, resource_owner: ACCOUNT };
    decide(&request, &policies).is_allowed()
}

#[test]
fn a_role_of_its_own_has_all_that_the_template_says() {
    let role = role(&with_role("Name: shop-bus", "Name: shop-bus"), "DataRole");
    assert_eq!(role.arn, "arn:aws:iam::123456789012:role/shop/data/shop-DataRole");
    assert_eq!(role.tags.iter().collect::<Vec<_>>(), [("Reads", "shop")]);
    assert_eq!(role.trust.name(), "trust of DataRole");
    let names: Vec<&str> = role.policies.identity.iter().map(|policy| policy.name()).collect();
    assert_eq!(names, ["DataRole policy Keys", "Limit"]);
    assert!(allows(&role, "dynamodb:Query"));
    assert!(!allows(&role, "kms:Sign"), "the boundary leaves keys out");
}

#[test]
fn references_to_roles_and_policies_have_their_paths() {
    let value = |expression: &str| {
        let text = with_role("TABLE: !Ref Table", &format!("TABLE: {expression}"));
        let functions = parse_base(&text, &[]).unwrap_or_else(|refusals| panic!("{refusals}")).functions;
        functions.into_iter().find(|function| function.logical_id == "BuyFunction").unwrap().environment["TABLE"]
            .clone()
    };
    assert_eq!(value("!Ref DataRole"), "shop-DataRole");
    assert_eq!(value("!GetAtt DataRole.Arn"), "arn:aws:iam::123456789012:role/shop/data/shop-DataRole");
    assert_eq!(value("!Ref Limit"), "arn:aws:iam::123456789012:policy/shop/shop-Limit");
}

/// As samtranslator does: `construct_role_for_resource`, with the tags of `_construct_tag_list`.
#[test]
fn a_function_s_role_has_its_path_its_boundary_and_its_tags() {
    let globals = "    Timeout: 10\n    RolePath: /shop/function/\n    PermissionsBoundary: !Ref Limit";
    let text = with_role("    Timeout: 10", globals)
        .replace("MemorySize: 512", "MemorySize: 512\n      Tags: {stage: own, Vends: read}");
    let buy = role(&text, "BuyFunctionRole");
    assert_eq!(buy.arn, "arn:aws:iam::123456789012:role/shop/function/shop-BuyFunctionRole");
    assert_eq!(buy.policies.boundary.as_ref().unwrap().name(), "Limit");
    let tags: Vec<(&str, &str)> = buy.tags.iter().collect();
    assert_eq!(tags, [("lambda:createdBy", "SAM"), ("stage", "own"), ("team", "shop"), ("Vends", "read")]);
    let stack = parse_base(&text, &[]).unwrap();
    let function = stack.functions.iter().find(|function| function.logical_id == "BuyFunction").unwrap();
    assert_eq!(function.role_arn, buy.arn);
    let check = role(&text, "CheckFunctionRole");
    assert_eq!(check.tags.get("Vends"), None);
    assert!(
        !stack.without_effect.iter().any(|note| note.logical_id == "BuyFunction" && note.property == "Tags")
    );
    let own = text.replace("MemorySize: 512", "RolePath: /own/\n      MemorySize: 512");
    assert_eq!(role(&own, "BuyFunctionRole").arn, "arn:aws:iam::123456789012:role/own/shop-BuyFunctionRole");
    let arn = "TABLE: !GetAtt BuyFunctionRole.Arn";
    for text in [text, own] {
        let referred = parse_base(&text.replace("TABLE: !Ref Table", arn), &[]).unwrap();
        let buy = referred.functions.iter().find(|function| function.logical_id == "BuyFunction").unwrap();
        assert_eq!(buy.environment["TABLE"], buy.role_arn);
    }
}

#[test]
fn roles_that_iam_or_sam_would_refuse() {
    let trust = "      AssumeRolePolicyDocument:\n        Version: \"2012-10-17\"\n        Statement: {Effect: Allow, Principal: {AWS: !Sub \"arn:aws:iam::${AWS::AccountId}:root\"}, Action: \"sts:AssumeRole\"}\n";
    let function = |property: &str| format!("MemorySize: 512\n      {property}");
    for (find, replace, logical_id, problem) in [
        (trust, "", "DataRole", "AssumeRolePolicyDocument is missing."),
        (
            "Path: !Sub \"/${AWS::StackName}/data/\"",
            "Path: data",
            "DataRole",
            "Path data is not a path that IAM takes.",
        ),
        (
            "PermissionsBoundary: !Ref Limit",
            "PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAccess",
            "DataRole",
            "the managed policy arn:aws:iam::aws:policy/PowerUserAccess is not in this template.",
        ),
        (
            "ManagedPolicyArns: [!Ref Limit]",
            "ManagedPolicyArns: [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]",
            "DataRole",
            "the managed policy arn:aws:iam::aws:policy/ReadOnlyAccess is not in this template.",
        ),
        (
            "Tags: [{Key: Reads, Value: shop}]",
            "Tags: [{Key: Reads, Value: shop}, {Key: reads, Value: all}]",
            "DataRole",
            "a role cannot have these Tags: the tag reads comes twice; keys of tags are not case-sensitive.",
        ),
        (
            "Tags: [{Key: Reads, Value: shop}]",
            "Tags: [{Key: Reads, Value: \"shop*\"}]",
            "DataRole",
            "a role cannot have these Tags: the tag Reads has a key or a value that is too long, reserved or malformed.",
        ),
        (
            "MaxSessionDuration: 7200",
            "MaxSessionDuration: 900",
            "DataRole",
            "MaxSessionDuration is not a number that is allowed.",
        ),
        (
            "Description: one tenant",
            "RoleName: shop/data",
            "DataRole",
            "RoleName shop/data is not a name that IAM takes.",
        ),
        (
            "Description: one tenant",
            "RoleName: shop-BuyFunctionRole",
            "DataRole",
            "the role of BuyFunction has the same name.",
        ),
        (
            "  DataRole:",
            "  BuyFunctionRole:",
            "BuyFunctionRole",
            "SAM makes a role with this logical id, of the function.",
        ),
        (
            "MemorySize: 512",
            &function("Tags: {\"lambda:createdBy\": me}"),
            "BuyFunction",
            "the tag lambda:createdBy is SAM's own.",
        ),
        (
            "MemorySize: 512",
            &function("RolePath: function"),
            "BuyFunction",
            "RolePath function is not a path that IAM takes.",
        ),
        (
            "MemorySize: 512",
            &function("PermissionsBoundary: !GetAtt DataRole.Arn"),
            "BuyFunction",
            "the managed policy arn:aws:iam::123456789012:role/shop/data/shop-DataRole is not in this template.",
        ),
    ] {
        let refusals =
            parse_base(&with_role(find, replace), &[]).err().unwrap_or_else(|| panic!("{replace}"));
        let first = &refusals.refusals[0];
        assert_eq!((&*first.logical_id, &*first.problem), (logical_id, problem), "{refusals}");
    }
}

/// It is refused once, and not again by the roles that name it.
#[test]
fn a_malformed_managed_policy_is_refused_once() {
    let text = with_role("Action: [\"dynamodb:*\", \"sqs:*\"]", "Action: all");
    assert_eq!(parse_base(&text, &[]).unwrap_err().refusals.len(), 1);
}

#[test]
fn a_table_has_the_policy_that_the_template_gives_it() {
    let with = |policy: &str| {
        let stream = "StreamSpecification: {StreamViewType: NEW_IMAGE}";
        parse_base(&base_with(stream, &format!("{stream}\n      ResourcePolicy: {policy}")), &[])
    };
    let statement = "{Effect: Deny, Principal: \"*\", Action: \"dynamodb:*\", Resource: \"*\"}";
    let document = format!("{{PolicyDocument: {{Version: \"2012-10-17\", Statement: {statement}}}}}");
    let policy = with(&document).unwrap().tables[0].policy.clone().unwrap();
    assert_eq!(policy.name(), "resource policy of Table");
    let problems = |policy: &str| with(policy).unwrap_err().refusals[0].problem.clone();
    assert_eq!(problems("{}"), "ResourcePolicy.PolicyDocument is missing.");
    let problem = "the policy's statement 1: Principal is missing; add it.";
    assert_eq!(problems(&document.replace("Principal: \"*\", ", "")), problem);
    let stream = "StreamSpecification: {StreamViewType: NEW_IMAGE";
    let own = parse_base(
        &base_with(&format!("{stream}}}"), &format!("{stream}, ResourcePolicy: {document}}}")),
        &[],
    );
    assert_eq!(own.unwrap_err().refusals[0].problem, "StreamSpecification.ResourcePolicy is not supported.");
}
