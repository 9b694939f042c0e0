"""Nested templates are found, held to the limits of a stack each, and seen through by the checks."""

import os
import sys
import tempfile

from check_translated import problems
from root_terms import merged
from stack_limits import RESOURCES, limit_problems
from translate import TemplateError, stacks

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
ROOT = HEAD + """
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: URL
      Parameters: {System: !Ref AWS::StackName, TableArn: !GetAtt Table.Arn, Other: !GetAtt Beside.Outputs.Out}
  Beside: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: stacks/beside.yaml}}
  Reader: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Nested.Outputs.Out}}
"""
NESTED = HEAD + """
Parameters:
  System: {Type: String}
  TableArn: {Type: String}
  Other: {Type: String}
  Rest: {Type: String, Default: rest}
Resources:
  Own: {Type: AWS::SQS::Queue}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref TableArn
      Tags: [!Sub "${System}/${TableArn}/index/*", !Sub "${AWS::StackName}-${Own.Arn}-${!Kept}", !Ref Rest, !Ref Other]
Outputs:
  Out: {Value: !Sub "${TableArn}/stream"}
"""
BESIDE = HEAD + "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Out: {Value: !Ref Topic}}\n"


class Templates:
    def __init__(self, url="stacks/nested.yaml", root=ROOT, nested=NESTED):
        self.texts = {"template.yaml": root.replace("URL\n", f"{url}\n"), "stacks/nested.yaml": nested, "stacks/beside.yaml": BESIDE}

    def stacks(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "stacks"))
            for name, text in self.texts.items():
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            return stacks(os.path.join(folder, "template.yaml"))


def refusal(templates):
    try:
        templates.stacks()
    except TemplateError as error:
        return str(error)
    return "accepted"


def check_terms():
    resources = merged(Templates().stacks())
    queue = resources["Queue"]["Properties"]
    assert queue["QueueName"] == {"Fn::GetAtt": ["Table", "Arn"]}, queue
    assert queue["Tags"] == [
        {"Fn::Sub": "${AWS::StackName}/${Table.Arn}/index/*"},
        {"Fn::Sub": "${AWS::StackName}-Nested-${Own.Arn}-${!Kept}"},
        "rest",
        {"Ref": "Topic"},
    ], queue["Tags"]
    assert resources["Reader"]["Properties"]["QueueName"] == {"Fn::Sub": "${Table.Arn}/stream"}, resources["Reader"]


def check_refusals():
    for url, words in {
        "stacks/other.yaml": "No such file",
        "https://bucket.example/nested.yaml": "TemplateURL is not a path",
        "../nested.yaml": "leads out of the root template's directory",
        "template.yaml": "nests itself",
    }.items():
        assert words in refusal(Templates(url)), (url, refusal(Templates(url)))


def check_limits():
    queues = "".join(f"  Queue{n}: {{Type: AWS::SQS::Queue}}\n" for n in range(RESOURCES))
    crowded = Templates(nested=NESTED.replace("Outputs:", f"{queues}Outputs:")).stacks()
    assert [len(list(limit_problems(stack.resources))) for stack in crowded] == [0, 1, 0]
    found = list(problems_of(crowded))
    assert any("stacks/nested.yaml: 452 resources" in problem for problem in found), found
    circle = Templates(root=ROOT.replace("stacks/beside.yaml}}", "stacks/beside.yaml, Parameters: {A: !GetAtt Nested.Outputs.Out}}}"))
    assert any("a cycle: Beside -> Nested -> Beside" in problem for problem in problems_of(circle.stacks()))
    same = Templates(nested=NESTED.replace("  Queue:", "  Table:"))
    assert any("the logical id Table stands in " in problem for problem in problems_of(same.stacks()))


def problems_of(translated):
    """Those of stacks, before the checks that know the resources of Terrace."""
    try:
        for problem in problems(translated):
            yield problem
    except KeyError:
        return


def main():
    check_terms()
    check_refusals()
    check_limits()
    print("nested templates are followed")


if __name__ == "__main__":
    sys.exit(main())
