//! Conditions, and what depends on them.

use super::*;

const SECTIONS: &str = "Conditions:
  IsProduction: !Equals [!Ref Stage, production]
  IsTest: {\"Fn::Not\": [{Condition: IsProduction}]}
  Both: !And [{Condition: IsProduction}, !Condition IsTest]
  Either: !Or [!Condition Both, !Equals [a, a]]
Globals:";

/// The base template with these conditions, a parameter that they compare, and a text replaced.
fn with(find: &str, replace: &str) -> String {
    assert_eq!(BASE.matches(find).count(), 1, "{find:?} must stand once in the base template");
    let text = BASE.replacen(find, replace, 1);
    let text = text.replacen("Globals:", SECTIONS, 1);
    text.replacen("Parameters:\n", "Parameters:\n  Stage: {Type: String, Default: test}\n", 1)
}

fn parsed(text: &str, stage: &str) -> Stack {
    parse_base(text, &[("Stage", stage)]).unwrap_or_else(|refusals| panic!("{refusals}"))
}

fn variable(text: &str, stage: &str) -> Option<String> {
    let stack = parsed(text, stage);
    let buy = stack.functions.into_iter().find(|function| function.logical_id == "BuyFunction").unwrap();
    buy.environment.get("TABLE").cloned()
}

#[test]
fn an_if_takes_one_of_two_values() {
    for (condition, test, production) in [
        ("IsProduction", "no", "yes"),
        ("IsTest", "yes", "no"),
        ("Both", "no", "no"),
        ("Either", "yes", "yes"),
    ] {
        for (open, close) in [("!If ", ""), ("{\"Fn::If\": ", "}")] {
            let text =
                with("TABLE: !Ref Table", &format!("TABLE: {open}[{condition}, \"yes\", \"no\"]{close}"));
            assert_eq!(variable(&text, "test").as_deref(), Some(test), "{condition}");
            assert_eq!(variable(&text, "production").as_deref(), Some(production), "{condition}");
        }
    }
}

#[test]
fn an_if_takes_a_value_or_none_and_values_of_any_kind() {
    let text = with("TABLE: !Ref Table", "TABLE: !If [IsTest, !Ref AWS::NoValue, !If [Both, a, !Ref Table]]");
    assert_eq!(variable(&text, "test"), None);
    assert_eq!(variable(&text, "production").as_deref(), Some("shop-Table"));
    let text = with("AllowOrigins: !Ref Origins", "AllowOrigins: !If [IsTest, [\"*\"], !Ref Origins]");
    let origins = |stage: &str| parsed(&text, stage).apis.remove(0).cors.unwrap().allow_origins;
    assert_eq!((origins("test"), origins("production").len()), (vec!["*".to_owned()], 2));
    let stream = "StreamSpecification: {StreamViewType: NEW_IMAGE}";
    let optional = "StreamSpecification: !If [IsTest, {StreamViewType: NEW_IMAGE}, !Ref AWS::NoValue]";
    let text = with(stream, optional);
    assert!(parsed(&text, "test").tables[0].stream_arn.is_some());
    let refusals = parse_base(&text, &[("Stage", "production")]).unwrap_err().to_string();
    assert!(refusals.contains("Table has no attribute StreamArn."), "{refusals}");
}

const ALARMED: &str = "  Extra:\n    Type: AWS::SQS::Queue\n    Condition: IsProduction\n  DeadLetters:";

fn with_extra(find: &str, replace: &str) -> String {
    with(find, replace).replacen("  DeadLetters:", ALARMED, 1)
}

#[test]
fn a_resource_is_made_if_its_condition_is_met() {
    let text = with_extra("TABLE: !Ref Table", "TABLE: !If [IsProduction, !GetAtt Extra.QueueName, none]");
    let queues = |stage: &str| parsed(&text, stage).queues.len();
    assert_eq!((queues("test"), queues("production")), (2, 3));
    assert_eq!(variable(&text, "test").as_deref(), Some("none"));
    assert_eq!(variable(&text, "production").as_deref(), Some("shop-Extra"));
    let absent = |text: &str| parse_base(text, &[]).unwrap_err().refusals.remove(0).problem;
    let text = with_extra("TABLE: !Ref Table", "TABLE: !Ref Extra");
    assert_eq!(absent(&text), "Extra is not made, since its condition is not met.");
    assert!(parse_base(&text, &[("Stage", "production")]).is_ok());
    let text = with_extra("TABLE: !Ref Table", "TABLE: !If [IsTest, !Ref Extra, none]");
    assert_eq!(absent(&text), "Extra is not made, since its condition is not met.");
    let text = with_extra("  Bus:\n", "  Bus:\n    DependsOn: Extra\n");
    assert_eq!(absent(&text), "DependsOn names no resource of the template.");
}

#[test]
fn a_function_that_is_not_made_has_no_role_and_no_routes() {
    let other = "  OtherFunction:\n    Type: AWS::Serverless::Function\n    Condition: IsProduction\n    Properties:\n      CodeUri: target/lambda/other/bootstrap.zip\n      Events:\n        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: /other}}\n  Changes:";
    let text = with("  Changes:", other);
    let counts = |stage: &str| {
        let stack = parsed(&text, stage);
        (stack.functions.len(), stack.roles.len(), stack.apis[0].routes.len())
    };
    assert_eq!((counts("test"), counts("production")), ((2, 2, 1), (3, 3, 2)));
    let text = text.replace("TABLE: !Ref Table", "TABLE: !GetAtt OtherFunctionRole.Arn");
    let refusals = parse_base(&text, &[]).unwrap_err().to_string();
    assert!(refusals.contains("OtherFunctionRole is not made"), "{refusals}");
}

#[test]
fn an_event_has_no_condition() {
    let text = with("        Http:\n          Type", "        Http: !If\n          - IsProduction\n          - !Ref AWS::NoValue\n          - Type")
        .replace("          Properties:\n            ApiId: !Ref Api\n            Method: post\n            Path: /carts/{cart}\n            Auth: {Authorizer: Token}\n", "            Properties: {ApiId: !Ref Api, Method: post, Path: \"/carts/{cart}\"}\n");
    let refusals = parse_base(&text, &[]).unwrap_err();
    let [only] = refusals.refusals.as_slice() else { panic!("{refusals}") };
    assert_eq!(only.problem, "an event cannot depend on a condition: SAM refuses it.");
}

#[test]
fn an_output_is_made_if_its_condition_is_met() {
    let text = with_extra("Outputs:\n", "Outputs:\n  Extra: {Condition: IsProduction, Value: !Ref Extra}\n");
    assert_eq!(parsed(&text, "test").outputs, BTreeMap::from([("TableName".into(), "shop-Table".into())]));
    assert_eq!(parsed(&text, "production").outputs.len(), 2);
}

#[test]
fn conditions_that_cannot_be_decided() {
    let declare =
        |condition: &str| SECTIONS.replace("Conditions:\n", &format!("Conditions:\n  Mine: {condition}\n"));
    let shape = "this is not a condition.";
    for (condition, problem) in [
        ("!Equals [a]", shape),
        ("!And [!Equals [a, a]]", shape),
        ("!Not [!Equals [a, a], !Equals [a, a]]", shape),
        ("true", shape),
        ("!FindInMap [a, b, c]", shape),
        ("!Condition Yours", "the condition Yours is not declared."),
        ("!Not [!Condition Mine]", "the condition Mine depends on itself."),
        ("!Equals [!Ref Table, a]", "a condition may not refer to the resource Table."),
        (
            "!Equals [!GetAtt BuyFunctionRole.Arn, a]",
            "a condition may not refer to the resource BuyFunctionRole.",
        ),
        ("!Equals [!Ref Origins, a]", "Equals compares two texts."),
        ("!Equals [!Ref Stag, a]", "Stag is neither a parameter nor a resource of this template."),
    ] {
        let text = with("MemorySize: 512", "MemorySize: 512").replacen(SECTIONS, &declare(condition), 1);
        let refusals = parse_base(&text, &[]).unwrap_err();
        let [only] = refusals.refusals.as_slice() else { panic!("{condition}: {refusals}") };
        assert_eq!((&*only.logical_id, &*only.problem), ("Mine", problem), "{refusals}");
    }
}

#[test]
fn an_if_that_is_malformed_or_refers_to_nothing() {
    for (value, problem) in [
        ("!If [IsTest, a]", "this If is malformed."),
        ("!If [!Ref Stage, a, b]", "this If is malformed."),
        ("!If [Unknown, a, b]", "the condition Unknown is not declared."),
        ("!If [IsTest, a, !Ref Tabel]", "Tabel is neither a parameter nor a resource of this template."),
        ("!If [IsTest, !Ref Tabel, a]", "Tabel is neither a parameter nor a resource of this template."),
    ] {
        let refusals = parse_base(&with("TABLE: !Ref Table", &format!("TABLE: {value}")), &[]).unwrap_err();
        let [only] = refusals.refusals.as_slice() else { panic!("{value}: {refusals}") };
        assert_eq!((&*only.logical_id, &*only.problem), ("BuyFunction", problem), "{refusals}");
    }
}

#[test]
fn names_are_found_in_the_order_of_what_they_need() {
    let text = with("Name: shop-bus", "Name: !GetAtt DeadLetters.QueueName").replace(
        "Type: AWS::SQS::Queue\n  Rule",
        "Type: AWS::SQS::Queue\n    Properties: {QueueName: !Sub \"${Key}-bus\"}\n  Rule",
    );
    let key = parsed(&text, "test").signing_keys[0].key_id.clone();
    assert_eq!(parsed(&text, "test").buses[0].name, format!("{key}-bus"));
}
