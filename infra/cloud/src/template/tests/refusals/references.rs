//! References that cannot be resolved, and duplicates.

use super::assert_refused;

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
            "  Changes:\n",
            "        Again:\n          Type: HttpApi\n          Properties: {ApiId: !Ref Api, Method: POST, Path: \"/carts/{id}\"}\n  Changes:\n",
            "BuyFunction",
            "the route POST /carts/{id} stands on line 60 already.",
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
