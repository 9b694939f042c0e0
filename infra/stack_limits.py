"""Limits of CloudFormation, IAM and API Gateway that deploys would meet, checked on the translated template."""

import re

# A part of what AWS allows: 500 resources, 300 integrations; and all of it: 10 managed policies of a role.
RESOURCES, INTEGRATIONS, MANAGED_POLICIES = 450, 250, 10
# In characters without white space: a managed policy, and all inline policies of a role. What is not resolved yet counts
# as it is written, so the texts that AWS counts may be longer.
MANAGED_POLICY, INLINE_POLICIES = 5_000, 9_000


def limit_problems(resources):
    if len(resources) > RESOURCES:
        yield f"{len(resources)} resources; at {RESOURCES}, move consumers into a nested stack"
    for name, body in resources.items():
        properties = body.get("Properties", {})
        if body["Type"] == "AWS::ApiGatewayV2::Api":
            integrations = sum(len(methods) for methods in properties["Body"]["paths"].values())
            if integrations > INTEGRATIONS:
                yield f"{name}: {integrations} integrations; at {INTEGRATIONS}, make a second API"
        if body["Type"] == "AWS::IAM::Role":
            if len(properties.get("ManagedPolicyArns", [])) > MANAGED_POLICIES:
                yield f"{name}: more than {MANAGED_POLICIES} managed policies"
            if sum(size(policy["PolicyDocument"]) for policy in properties.get("Policies", [])) > INLINE_POLICIES:
                yield f"{name}: its policies are longer than {INLINE_POLICIES} characters"
        if body["Type"] == "AWS::IAM::ManagedPolicy" and size(properties["PolicyDocument"]) > MANAGED_POLICY:
            yield f"{name}: is longer than {MANAGED_POLICY} characters"
    yield from (f"a cycle: {' -> '.join(cycle)}" for cycle in cycles(resources))


def size(document):
    return len(re.sub(r"\s", "", str(document)))


def cycles(resources):
    """One cycle for each that a walk along the references closes. The linters do not look for any."""
    references = {name: set(referred(body)) & set(resources) for name, body in resources.items()}
    done = set()

    def walk(name, path):
        if name in path:
            yield [*path[path.index(name) :], name]
        elif name not in done:
            for other in sorted(references[name]):
                yield from walk(other, [*path, name])
            done.add(name)

    for name in sorted(resources):
        yield from walk(name, [])


def referred(value):
    if isinstance(value, list):
        for item in value:
            yield from referred(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0] if isinstance(item, list) else item.split(".")[0]
            elif key == "DependsOn":
                yield from [item] if isinstance(item, str) else item
            elif key == "Fn::Sub":
                text = item if isinstance(item, str) else item[0]
                yield from re.findall(r"\$\{([A-Za-z0-9]+)", text)
            yield from referred(item)
