//! Templates that are refused, and the refusals that they get.

mod groups;
mod iam_authorizer;
mod logs;
mod permissions;
mod policies;
mod references;
mod schedules;
mod sources;
mod throttles;
mod values;

use super::*;

/// A text of the base template, its replacement, and the expected refusal: the logical id, the problem
/// and a part of the remedy.
type Case<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn assert_refused(cases: &[Case<'_>]) {
    for (find, replace, logical_id, problem, remedy) in cases {
        let text = base_with(find, replace);
        let refusals = match parse_base(&text, &[]) {
            Err(refusals) => refusals,
            Ok(_) => panic!("{replace:?} is accepted"),
        };
        let [only] = refusals.refusals.as_slice() else {
            panic!("{replace:?} must give one refusal:\n{refusals}")
        };
        assert_eq!((only.logical_id.as_str(), only.problem.as_str()), (*logical_id, *problem), "{replace:?}");
        assert!(only.remedy.contains(remedy), "{replace:?}: {}", only.remedy);
        let line = text.lines().nth(only.line - 1).unwrap();
        assert_eq!(only.excerpt, line.trim_end(), "{replace:?}");
        let shown = refusals.to_string();
        assert!(
            shown.starts_with(&format!("template.yaml:{}: {logical_id}: {problem}\n", only.line)),
            "{shown}"
        );
        assert!(shown.contains(&format!("{} | {}", only.line, only.excerpt)), "{shown}");
        assert!(shown.contains(&format!("Remedy: {}", only.remedy)), "{shown}");
    }
}

#[test]
fn unknown_things() {
    assert_refused(&[
        (
            "VisibilityTimeout: 60",
            "VisibilityTimeout: 60\n      FifoQueue: true",
            "Queue",
            "FifoQueue is not supported.",
            "remove it",
        ),
        (
            "AllowOrigins: !Ref Origins",
            "AllowOrigin: !Ref Origins",
            "Api",
            "CorsConfiguration.AllowOrigin is not supported.",
            "remove it",
        ),
        (
            "Type: AWS::KMS::Key",
            "Type: AWS::S3::Bucket",
            "Key",
            "the resource type AWS::S3::Bucket is not supported.",
            "AWS::SQS::Queue",
        ),
        (
            "  DeadLetters:\n    Type",
            "  DeadLetters:\n    Condition: Never\n    Type",
            "DeadLetters",
            "the condition Never is not declared.",
            "under Conditions",
        ),
        (
            "Outputs:",
            "Mappings: {}\nOutputs:",
            "Mappings",
            "the section Mappings is not supported.",
            "Parameters",
        ),
        (
            "    Timeout: 10",
            "    Policies: []",
            "Globals",
            "Globals.Function.Policies is not supported.",
            "into the functions",
        ),
        (
            "    Default: shop@example.com",
            "    Default: shop@example.com\n    MinLength: 3",
            "Sender",
            "MinLength is not supported.",
            "remove it",
        ),
    ]);
}

#[test]
fn parameters_that_break_their_rules() {
    for (name, value, problem) in [
        ("Sender", "nobody", "Sender: the value \"nobody\" does not match [^@ ]+@[^@ ]+."),
        ("Sender", "a@b c", "Sender: the value \"a@b c\" does not match [^@ ]+@[^@ ]+."),
        ("Sendr", "a@b", "Sendr: the parameter Sendr is given, but the template does not declare it."),
    ] {
        let refusals = parse_base(BASE, &[(name, value)]).unwrap_err();
        assert_eq!(refusals.refusals.len(), 1, "{refusals}");
        assert!(refusals.to_string().contains(problem), "{refusals}");
    }
    assert_refused(&[
        (
            "Default: shop@example.com",
            "Default: shop@example.com\n    AllowedValues: [a@b, c@d]",
            "Sender",
            "the value \"shop@example.com\" is not one of a@b, c@d.",
            "declaration",
        ),
        (
            "    Type: String\n    Default: shop@example.com\n    AllowedPattern: \"[^@ ]+@[^@ ]+\"",
            "    Type: Number\n    Default: many",
            "Sender",
            "the value \"many\" is not a number.",
            "declaration",
        ),
    ]);
}

#[test]
fn sections_and_properties_of_another_shape() {
    assert_refused(&[
        (
            "Outputs:\n  TableName:\n    Value: !Ref Table\n",
            "Outputs: none\n",
            "Outputs",
            "Outputs is not a mapping.",
            "lines below it",
        ),
        (
            "RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 5}",
            "RedrivePolicy: 5",
            "Queue",
            "RedrivePolicy is not a mapping.",
            "lines below it",
        ),
        (
            "AllowOrigins: !Ref Origins",
            "AllowOrigins: \"*\"",
            "Api",
            "CorsConfiguration.AllowOrigins is not a list.",
            "write a list",
        ),
        (
            "          SHARED: own\n          TABLE",
            "          SHARED: [own]\n          TABLE",
            "BuyFunction",
            "the variable SHARED is not text.",
            "one value",
        ),
    ]);
}

#[test]
fn broken_yaml() {
    let refusals = parse_base("Resources:\n  A: {", &[]).unwrap_err().to_string();
    assert!(refusals.contains("Template: this is not YAML: "), "{refusals}");
    let refusals = parse_base("", &[]).unwrap_err().to_string();
    assert!(refusals.contains("Template: the file is empty."), "{refusals}");
    let refusals = parse_base(&format!("{BASE}---\nx: 1\n"), &[]).unwrap_err().to_string();
    assert!(refusals.contains("a second YAML document begins here."), "{refusals}");
    let anchored = base_with("Handler: bootstrap", "Handler: &name bootstrap")
        .replace("Description", "")
        .replace("Name: shop-bus", "Name: *name");
    let refusals = parse_base(&anchored, &[]).unwrap_err().to_string();
    assert!(refusals.contains("Bus: YAML aliases are not supported."), "{refusals}");
}

#[test]
fn all_refusals_come_together_in_the_order_of_their_lines() {
    let text = base_with("TRIM_HORIZON", "LATEST")
        .replace("Method: post", "Method: any")
        .replace("KeySpec: ECC_NIST_P256", "KeySpec: RSA_2048");
    let refusals = parse_base(&text, &[]).unwrap_err();
    let problems: Vec<&str> = refusals.refusals.iter().map(|refusal| refusal.problem.as_str()).collect();
    assert_eq!(
        problems,
        [
            "Method ANY is not supported.",
            "StartingPosition LATEST is not supported.",
            "KeySpec RSA_2048 is not supported."
        ]
    );
    assert!(refusals.to_string().ends_with("3 problems: template.yaml does not run here."), "{refusals}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refusals =
        load(Path::new("/nowhere/template.yaml"), "shop", &BTreeMap::new()).unwrap_err().to_string();
    assert!(refusals.contains("/nowhere/template.yaml") && refusals.contains("cannot be read"), "{refusals}");
}

#[test]
fn a_hidden_parameter_is_not_repeated() {
    let secret = "  Secret: {Type: String, NoEcho: true, AllowedPattern: \"[0-9]+\"}\n  Origins:";
    let refusals =
        parse_base(&base_with("  Origins:", secret), &[("Secret", "hunter2")]).unwrap_err().to_string();
    assert!(refusals.contains("Secret: the value does not match [0-9]+."), "{refusals}");
    assert!(!refusals.contains("hunter2"), "{refusals}");
}
