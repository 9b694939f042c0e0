//! Values that the local cloud does not support, and required values that are missing.

use super::assert_refused;

#[test]
fn a_data_version_is_a_whole_number_and_stands_alone() {
    assert_refused(&[
        (
            "Globals:",
            "Metadata: {LocalData: {Version: 2, Since: today}}\nGlobals:",
            "LocalData",
            "Since is not supported.",
            "remove it",
        ),
        (
            "Globals:",
            "Metadata: {LocalData: {Version: 0}}\nGlobals:",
            "LocalData",
            "Version is not a number that is allowed.",
            "1",
        ),
    ]);
}

#[test]
fn unsupported_values() {
    assert_refused(&[
        (
            "TRIM_HORIZON",
            "LATEST",
            "Changes",
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
        ("Method: post", "Method: any", "BuyFunction", "Method ANY is not supported.", "name one method"),
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
            "MemorySize: 512",
            "RecursiveLoop: Ignore",
            "BuyFunction",
            "RecursiveLoop Ignore is not supported.",
            "use Allow or Terminate",
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
        ("ECC_NIST_P256", "RSA_2048", "Key", "KeySpec RSA_2048 is not supported.", "ECC_NIST_P256"),
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
        ("      KeyUsage: SIGN_VERIFY\n", "", "Key", "KeyUsage is missing.", "add KeyUsage"),
        (
            "      StartingPosition: TRIM_HORIZON\n",
            "",
            "Changes",
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
        (", maxReceiveCount: 5", "", "Queue", "RedrivePolicy.maxReceiveCount is missing.", "add"),
        (
            "            Effect: Allow\n            Action: dynamodb",
            "            Action: dynamodb",
            "BuyFunction",
            "the policy's statement 1: Effect is missing; add it.",
            "mend the policy",
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
