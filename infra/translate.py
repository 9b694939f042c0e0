"""Translates a template and those nested in it as `sam deploy` does. As a program, it prints their paths."""

import os
import sys
from dataclasses import dataclass, field

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

NESTED = "AWS::CloudFormation::Stack"
PARAMETERS = {
    "MailSender": "no-reply@terrace.example",
    "SignInConcurrency": "10",
    "LogRetentionDays": "30",
}


class TemplateError(Exception):
    """A template that a deploy could not read."""


@dataclass
class Stack:
    """One translated template; `logical_id` and `parent` are of the resource that nests it, `given` are its parameters."""

    path: str
    functions: list
    resources: dict
    parameters: dict
    outputs: dict
    logical_id: str = ""
    parent: "Stack | None" = None
    given: dict = field(default_factory=dict)


def stacks(path):
    """The root comes first, and each parent before what it nests."""
    found = [translated(path, read(path), PARAMETERS)]
    for stack in found:
        for name, properties in of_type(stack.resources, NESTED).items():
            nested_path = path_of(stack, name, properties.get("TemplateURL"), os.path.dirname(path))
            # What the parent gives stays a reference, which the checks can follow.
            nested = translated(nested_path, read(nested_path), {})
            nested.logical_id, nested.parent, nested.given = name, stack, properties.get("Parameters", {})
            found.append(nested)
    return found


def path_of(stack, name, url, root):
    if not isinstance(url, str) or "://" in url:
        raise TemplateError(f"{stack.path}: {name}: TemplateURL is not a path")
    path = os.path.normpath(os.path.join(os.path.dirname(stack.path), url))
    if os.path.isabs(url) or os.path.relpath(path, root or ".").startswith(".."):
        raise TemplateError(f"{stack.path}: {name}: {url} leads out of the root template's directory")
    ancestor = stack
    while ancestor:
        if os.path.realpath(ancestor.path) == os.path.realpath(path):
            raise TemplateError(f"{stack.path}: {name}: {url} nests itself")
        ancestor = ancestor.parent
    return path


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return yaml_parse(file.read())
    except OSError as error:
        raise TemplateError(f"{path}: {error.strerror}") from error


def translated(path, source, parameters):
    functions = of_type(source["Resources"], "AWS::Serverless::Function")
    for properties in functions.values():
        # `sam deploy` uploads the code first and puts its S3 URI here.
        properties["CodeUri"] = "s3://bucket/code.zip"
    functions = list(functions)
    document = Translator({}, Parser()).translate(source, parameters)
    return Stack(path, functions, document["Resources"], document.get("Parameters", {}), document.get("Outputs", {}))


def of_type(resources, kind):
    return {name: body.get("Properties", {}) for name, body in resources.items() if body["Type"] == kind}


if __name__ == "__main__":
    try:
        print("\n".join(stack.path for stack in stacks(sys.argv[1])))
    except TemplateError as problem:
        sys.exit(str(problem))
