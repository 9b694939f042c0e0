"""Translates template.yaml and those nested in it as `sam deploy` does, and checks the result for mistakes that the
linters miss."""

import json
import sys

from samtranslator.model.exceptions import InvalidDocumentException

from due_ledger import due_problems
from root_terms import duplicates, merged
from stack_limits import limit_problems
from translate import TemplateError, of_type, stacks
from wall import wall_problems


def problems(translated):
    for stack in translated:
        yield from (f"{stack.path}: {problem}" for problem in limit_problems(stack.resources))
    yield from duplicates(translated)
    functions = [function for stack in translated for function in stack.functions]
    yield from resource_problems(functions, merged(translated))


def resource_problems(functions, resources):
    roles = of_type(resources, "AWS::IAM::Role")
    permissions = of_type(resources, "AWS::Lambda::Permission").values()
    for name, body in resources.items():
        if body["Type"].startswith("AWS::Serverless::"):
            yield f"{name}: {body['Type']} was not translated"
    for function in functions:
        role = resources[function]["Properties"].get("Role")
        if role != {"Fn::GetAtt": [f"{function}Role", "Arn"]} or f"{function}Role" not in roles:
            yield f"{function}: has no role of its own"
            continue
        for arn in roles[f"{function}Role"]["ManagedPolicyArns"]:
            if isinstance(arn, str) and not arn.startswith("arn:"):
                yield f"{function}: {arn} is not the ARN of a managed policy"
        for policy in roles[f"{function}Role"].get("Policies", []):
            yield from statement_problems(function, policy["PolicyDocument"])
    for policy, properties in of_type(resources, "AWS::IAM::ManagedPolicy").items():
        yield from statement_problems(policy, properties["PolicyDocument"])
    for authorizer in of_type(resources, "AWS::ApiGatewayV2::Api").values():
        yield from authorizer_problems(authorizer["Body"], permissions)
    yield from open_route_problems(resources)
    yield from wall_problems(functions, resources)
    yield from due_problems(roles)


def statement_problems(function, document):
    if not isinstance(document, dict) or "Statement" not in document:
        yield f"{function}: a policy is not resolved: {json.dumps(document)}"
        return
    for statement in document["Statement"]:
        if statement["Effect"] == "Deny":
            continue
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            if "*" in action or action == "dynamodb:Scan" or action.startswith("dynamodb:PartiQL"):
                yield f"{function}: may {action}"


def authorizer_problems(api, permissions):
    schemes = api["components"]["securitySchemes"]
    for name, scheme in schemes.items():
        if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
            continue
        uri = json.dumps(scheme["x-amazon-apigateway-authorizer"]["authorizerUri"])
        invoked = [p for p in permissions if "authorizers" in json.dumps(p.get("SourceArn")) and function_of(p) in uri]
        if not invoked:
            yield f"authorizer {name}: API Gateway may not invoke its function"
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            if method != "options" and "security" not in operation:
                yield f"{method.upper()} {path}: has neither an authorizer nor NONE"


def open_route_problems(resources):
    """Anybody may call a route without an authorizer, so it has a limit of its own."""
    stages = of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    limited = {key for stage in stages for key, limit in stage.get("RouteSettings", {}).items() if "ThrottlingRateLimit" in limit}
    for api in of_type(resources, "AWS::ApiGatewayV2::Api").values():
        for path, methods in api["Body"]["paths"].items():
            for method, operation in methods.items():
                key = f"{method.upper()} {path}"
                is_open = method != "options" and not any("NONE" not in scheme for scheme in operation.get("security", []))
                if is_open and key not in limited:
                    yield f"{key}: is open to all, and has no limit in RouteSettings"
    if "ReservedConcurrentExecutions" not in resources["LogInFunction"]["Properties"]:
        yield "LogInFunction: has no ReservedConcurrentExecutions, so a flood of sign-ins takes those of all functions"


def function_of(permission):
    name = permission["FunctionName"]
    return name.get("Ref") or name["Fn::GetAtt"][0]


def main():
    try:
        translated = stacks(sys.argv[1])
    except TemplateError as problem:
        print(problem, file=sys.stderr)
        return 1
    except InvalidDocumentException as error:
        print("\n".join(f"{sys.argv[1]}: {cause.message}" for cause in error.causes), file=sys.stderr)
        return 1
    found = list(problems(translated))
    for problem in found:
        print(f"{sys.argv[1]}: {problem}", file=sys.stderr)
    for stack in translated:
        print(f"{stack.path}: {len(stack.functions)} functions, {len(stack.resources)} of a stack's 500 resources")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
