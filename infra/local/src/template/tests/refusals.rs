//! Every way to write a template that does not run here, and what is said about it.

use super::*;

/// What is broken (a text of the base template, and what replaces it), then what must be said:
/// the logical id, the problem, a part of the remedy.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn assert_refused(cases: &[Case]) {
    for (find, replace, logical_id, problem, remedy) in cases {
        let text = base_with(find, replace);
        let refusals = match parse_base(&text, &[]) {
            Err(refusals) => refusals,
            Ok(_) => panic!("{replace:?} is accepted"),
        };
        let [only] = refusals.refusals.as_slice() else {
            panic!("{replace:?} must give one refusal:\n{refusals}")
        };
        assert_eq!(
            (only.logical_id.as_str(), only.problem.as_str()),
            (*logical_id, *problem),
            "{replace:?}"
        );
        assert!(only.remedy.contains(remedy), "{replace:?}: {}", only.remedy);
        let line = text.lines().nth(only.line - 1).unwrap();
        assert_eq!(only.excerpt, line.trim_end(), "{replace:?}");
        let shown = refusals.to_string();
        assert!(
            shown.starts_with(&format!(
                "template.yaml:{}: {logical_id}: {problem}\n",
                only.line
            )),
            "{shown}"
        );
        assert!(
            shown.contains(&format!("{} | {}", only.line, only.excerpt)),
            "{shown}"
        );
        assert!(
            shown.contains(&format!("Remedy: {}", only.remedy)),
            "{shown}"
        );
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
            "Condition is not supported.",
            "remove it",
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
fn unsupported_values() {
    assert_refused(&[
        (
            "Type: SQS",
            "Type: Schedule",
            "BuyFunction",
            "Type Schedule is not supported.",
            "HttpApi or DynamoDB or SQS",
        ),
        (
            "TRIM_HORIZON",
            "LATEST",
            "BuyFunction",
            "StartingPosition LATEST is not supported.",
            "use TRIM_HORIZON",
        ),
        (
            "FormatVersion: \"2.0\"",
            "FormatVersion: \"1.0\"",
            "Api",
            "Auth.Authorizers.Token.AuthorizerPayloadFormatVersion 1.0 is not supported.",
            "use 2.0",
        ),
        (
            "EnableSimpleResponses: true",
            "EnableSimpleResponses: false",
            "Api",
            "Auth.Authorizers.Token.EnableSimpleResponses false is not supported.",
            "use true",
        ),
        (
            "EnableFunctionDefaultPermissions: true",
            "EnableFunctionDefaultPermissions: false",
            "Api",
            "EnableFunctionDefaultPermissions is not true.",
            "API Gateway may not invoke",
        ),
        (
            "Method: post",
            "Method: any",
            "BuyFunction",
            "Method ANY is not supported.",
            "name one method",
        ),
        (
            "Path: /carts/{cart}",
            "Path: $default",
            "BuyFunction",
            "Path $default is not supported.",
            "/segments",
        ),
        (
            "Path: /carts/{cart}",
            "Path: /{proxy+}",
            "BuyFunction",
            "Path /{proxy+} is not supported.",
            "/segments",
        ),
        (
            "provided.al2023",
            "nodejs22.x",
            "CheckFunction",
            "Runtime nodejs22.x is not supported.",
            "provided.al2023",
        ),
        (
            "target/lambda/buy/bootstrap.zip",
            "src/buy",
            "BuyFunction",
            "CodeUri src/buy names no binary.",
            "target/lambda/<binary>",
        ),
        (
            "MemorySize: 512",
            "MemorySize: 64",
            "BuyFunction",
            "MemorySize is not a number that is allowed.",
            "128 to 10240",
        ),
        (
            "SHARED: own",
            "AWS_REGION: own",
            "BuyFunction",
            "the variable AWS_REGION is reserved.",
            "another name",
        ),
        (
            "PAY_PER_REQUEST",
            "PROVISIONED",
            "Table",
            "BillingMode PROVISIONED is not supported.",
            "PAY_PER_REQUEST",
        ),
        (
            "ECC_NIST_P256",
            "RSA_2048",
            "Key",
            "KeySpec RSA_2048 is not supported.",
            "ECC_NIST_P256",
        ),
        (
            "!Ref Sender",
            "!ImportValue Sender",
            "CheckFunction",
            "the intrinsic function ImportValue is not supported.",
            "!Ref",
        ),
        (
            "Type: String",
            "Type: AWS::SSM::Parameter::Value<String>",
            "Sender",
            "Type AWS::SSM::Parameter::Value<String> is not supported.",
            "String or Number",
        ),
    ]);
}

#[test]
fn missing_things() {
    assert_refused(&[
        (
            "      KeyUsage: SIGN_VERIFY\n",
            "",
            "Key",
            "KeyUsage is missing.",
            "add KeyUsage",
        ),
        (
            "            StartingPosition: TRIM_HORIZON\n",
            "",
            "BuyFunction",
            "StartingPosition is missing.",
            "add StartingPosition",
        ),
        (
            "ReauthorizeEvery: 60",
            "",
            "Api",
            "Auth.Authorizers.Token.Identity.ReauthorizeEvery is missing.",
            "add",
        ),
        (
            ", maxReceiveCount: 5",
            "",
            "Queue",
            "RedrivePolicy.maxReceiveCount is missing.",
            "add",
        ),
        (
            "            Effect: Allow\n            Action: dynamodb",
            "            Action: dynamodb",
            "BuyFunction",
            "Effect is missing.",
            "add Effect",
        ),
        (
            "Transform: AWS::Serverless-2016-10-31\n",
            "",
            "Transform",
            "this is not a SAM template.",
            "Transform: AWS::Serverless-2016-10-31",
        ),
        (
            "    Default: shop@example.com\n",
            "",
            "Sender",
            "the parameter has no value and no default.",
            "--parameter Sender=<value>",
        ),
    ]);
}

#[test]
fn dangling_references() {
    assert_refused(&[
        (
            "TABLE: !Ref Table",
            "TABLE: !Ref Tabel",
            "BuyFunction",
            "Tabel is neither a parameter nor a resource of this template.",
            "mend the name",
        ),
        (
            "TABLE: !Ref Table",
            "TABLE: !GetAtt Table.Name",
            "BuyFunction",
            "Table has no attribute Name.",
            "Arn, StreamArn",
        ),
        (
            "TABLE: !Ref Table",
            "TABLE: !Sub \"${Tabel}\"",
            "BuyFunction",
            "Tabel is neither a parameter nor a resource of this template.",
            "mend the name",
        ),
        (
            "TABLE: !Ref Table",
            "TABLE: !Ref AWS::StackId",
            "BuyFunction",
            "the pseudo parameter AWS::StackId is not supported.",
            "AccountId",
        ),
        (
            "Authorizer: Token",
            "Authorizer: Tokens",
            "BuyFunction",
            "the authorizer Tokens is not declared.",
            "Auth.Authorizers",
        ),
        (
            "!GetAtt DeadLetters.Arn",
            "!GetAtt Bus.Arn",
            "Queue",
            "deadLetterTargetArn arn:aws:events:eu-west-1:123456789012:event-bus/shop-bus is not a queue of the template.",
            "!GetAtt Queue.Arn",
        ),
        (
            "FunctionArn: !GetAtt CheckFunction.Arn",
            "FunctionArn: !GetAtt Table.Arn",
            "Api",
            "FunctionArn arn:aws:dynamodb:eu-west-1:123456789012:table/shop-Table is not a function of the template.",
            "!GetAtt Function.Arn",
        ),
        (
            "ApiId: !Ref Api",
            "ApiId: other",
            "BuyFunction",
            "ApiId other is not the template's HttpApi.",
            "!Ref",
        ),
        (
            "EventBusName: !Ref Bus",
            "EventBusName: default",
            "Rule",
            "EventBusName default is not a bus of the template.",
            "!Ref",
        ),
        (
            "Value: !Ref Table",
            "Value: !Ref Tabel",
            "TableName",
            "Tabel is neither a parameter nor a resource of this template.",
            "mend the name",
        ),
    ]);
}

#[test]
fn things_that_stand_twice() {
    assert_refused(&[
        (
            "MemorySize: 512",
            "MemorySize: 512\n      MemorySize: 256",
            "BuyFunction",
            "MemorySize stands here twice; line 40 has it already.",
            "remove one",
        ),
        (
            "target/lambda/check/",
            "target/lambda/buy/",
            "BuyFunction",
            "CheckFunction has the binary buy already.",
            "of its own",
        ),
        (
            "        Changes:\n",
            "        Again:\n          Type: HttpApi\n          Properties: {ApiId: !Ref Api, Method: POST, Path: \"/carts/{id}\"}\n        Changes:\n",
            "BuyFunction",
            "the route POST /carts/{id} stands on line 58 already.",
            "change the method or the path",
        ),
        (
            "  DeadLetters:\n    Type: AWS::SQS::Queue",
            "  DeadLetters:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: shop-Queue}",
            "DeadLetters",
            "Queue has the same physical name.",
            "another name",
        ),
        (
            "  Bus:\n",
            "  OtherApi: {Type: AWS::Serverless::HttpApi}\n  Bus:\n",
            "OtherApi",
            "a second HttpApi is not supported.",
            "one HttpApi",
        ),
    ]);
}

#[test]
fn rules_that_aws_would_fail_silently() {
    let no_policy = "no queue policy lets this rule send to Queue.";
    assert_refused(&[
        (
            "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}",
            "Condition: {ArnEquals: {aws:SourceArn: \"arn:aws:events:*:*:rule/other/*\"}}",
            "Rule",
            no_policy,
            "AWS::SQS::QueuePolicy",
        ),
        (
            "Service: events.amazonaws.com",
            "Service: sns.amazonaws.com",
            "Rule",
            no_policy,
            "events.amazonaws.com",
        ),
        (
            "Action: sqs:SendMessage",
            "Action: sqs:ReceiveMessage",
            "Rule",
            no_policy,
            "sqs:SendMessage",
        ),
        (
            "Queues: [!Ref Queue]",
            "Queues: [!Ref DeadLetters]",
            "Rule",
            no_policy,
            "!GetAtt Rule.Arn",
        ),
        (
            "        - Id: queue\n          Arn: !GetAtt Queue.Arn",
            "        - Id: queue\n          Arn: !GetAtt BuyFunction.Arn",
            "Rule",
            "the target arn:aws:lambda:eu-west-1:123456789012:function:shop-BuyFunction is not a queue of the template.",
            "let the queue feed the function",
        ),
        (
            "VisibilityTimeout: 60",
            "VisibilityTimeout: 5",
            "BuyFunction",
            "the function's Timeout of 10 s is longer than Queue's VisibilityTimeout of 5 s.",
            "six times",
        ),
    ]);
}

#[test]
fn malformed_policies() {
    assert_refused(&[
        (
            "Action: dynamodb:PutItem",
            "Actions: dynamodb:PutItem\n            Action: dynamodb:PutItem",
            "BuyFunction",
            "Actions is not supported.",
            "remove it",
        ),
        (
            "Action: dynamodb:PutItem",
            "Action: PutItem",
            "BuyFunction",
            "Action PutItem names no service.",
            "service:Action",
        ),
        (
            "            Action: dynamodb:PutItem",
            "            Principal: \"*\"\n            Action: dynamodb:PutItem",
            "BuyFunction",
            "Principal is not supported.",
            "remove it",
        ),
        (
            "Condition: {ArnEquals:",
            "Condition: {ArnEqual:",
            "QueuePolicy",
            "the condition operator ArnEqual does not exist.",
            "mend its name",
        ),
        (
            "        - Version: \"2012-10-17\"\n          Statement:\n            Effect",
            "        - Version: \"2008-10-17\"\n          Statement:\n            Effect",
            "BuyFunction",
            "Version 2008-10-17 is not supported.",
            "2012-10-17",
        ),
        (
            "      Policies:\n",
            "      Policies:\n        - DynamoDBReadPolicy: {TableName: !Ref Table}\n",
            "BuyFunction",
            "the SAM policy template DynamoDBReadPolicy is not supported.",
            "write its statements",
        ),
    ]);
}

#[test]
fn parameters_that_break_their_rules() {
    for (name, value, problem) in [
        (
            "Sender",
            "nobody",
            "Sender: the value \"nobody\" does not match [^@ ]+@[^@ ]+.",
        ),
        (
            "Sender",
            "a@b c",
            "Sender: the value \"a@b c\" does not match [^@ ]+@[^@ ]+.",
        ),
        (
            "Sendr",
            "a@b",
            "Sendr: the parameter Sendr is given, but the template does not declare it.",
        ),
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
fn broken_yaml() {
    let refusals = parse_base("Resources:\n  A: {", &[])
        .unwrap_err()
        .to_string();
    assert!(
        refusals.contains("Template: this is not YAML: "),
        "{refusals}"
    );
    let refusals = parse_base("", &[]).unwrap_err().to_string();
    assert!(
        refusals.contains("Template: the file is empty."),
        "{refusals}"
    );
    let refusals = parse_base(&format!("{BASE}---\nx: 1\n"), &[])
        .unwrap_err()
        .to_string();
    assert!(
        refusals.contains("a second YAML document begins here."),
        "{refusals}"
    );
    let anchored = base_with("Handler: bootstrap", "Handler: &name bootstrap")
        .replace("Description", "")
        .replace("Name: shop-bus", "Name: *name");
    let refusals = parse_base(&anchored, &[]).unwrap_err().to_string();
    assert!(
        refusals.contains("Bus: YAML aliases are not supported."),
        "{refusals}"
    );
}

#[test]
fn all_refusals_come_together_in_the_order_of_their_lines() {
    let text = base_with("TRIM_HORIZON", "LATEST")
        .replace("Method: post", "Method: any")
        .replace("KeySpec: ECC_NIST_P256", "KeySpec: RSA_2048");
    let refusals = parse_base(&text, &[]).unwrap_err();
    let problems: Vec<&str> = refusals
        .refusals
        .iter()
        .map(|refusal| refusal.problem.as_str())
        .collect();
    assert_eq!(
        problems,
        [
            "Method ANY is not supported.",
            "StartingPosition LATEST is not supported.",
            "KeySpec RSA_2048 is not supported."
        ]
    );
    assert!(
        refusals
            .to_string()
            .ends_with("3 problems: template.yaml does not run here."),
        "{refusals}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refusals = load(
        Path::new("/nowhere/template.yaml"),
        "shop",
        &BTreeMap::new(),
    )
    .unwrap_err()
    .to_string();
    assert!(
        refusals.contains("/nowhere/template.yaml") && refusals.contains("cannot be read"),
        "{refusals}"
    );
}
