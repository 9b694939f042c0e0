"""All resources of a template and of those nested in it, in the terms of the root: parameters of a nested template are
replaced by what its parent gives, and its outputs by their values. So a check sees through the borders of stacks."""

import re

VARIABLE = re.compile(r"\$\{([^!}]+)\}")


def merged(stacks):
    """Resources by logical id, which no two stacks share."""
    outputs = {}
    for stack in reversed(stacks):
        for name, output in stack.outputs.items():
            outputs[stack.logical_id, f"Outputs.{name}"] = (output["Value"], stack)
    found = {}
    for stack in stacks:
        for name, body in stack.resources.items():
            found[name] = Terms(stack, outputs).replaced(body)
    return found


def duplicates(stacks):
    seen = {}
    for stack in stacks:
        for name in stack.resources:
            if name in seen:
                yield f"{stack.path}: the logical id {name} stands in {seen[name]} already"
            seen[name] = stack.path


class Terms:
    """Replaces what one template refers to. What refers to itself, which `stack_limits` finds, stays as it is."""

    def __init__(self, stack, outputs, seen=()):
        self.stack, self.outputs, self.seen = stack, outputs, seen

    def replaced(self, value):
        if isinstance(value, list):
            return [self.replaced(item) for item in value]
        if not isinstance(value, dict):
            return value
        if list(value) == ["Ref"]:
            return self.parameter(value["Ref"], value)
        if list(value) == ["Fn::GetAtt"]:
            return self.attribute(value["Fn::GetAtt"], value)
        if list(value) == ["Fn::Sub"]:
            return self.text(value["Fn::Sub"])
        return {key: self.replaced(item) for key, item in value.items()}

    def parameter(self, name, otherwise):
        stack = self.stack
        if stack.parent is None:
            return otherwise
        parent = Terms(stack.parent, self.outputs, self.seen)
        if name == "AWS::StackName":
            return parent.replaced({"Fn::Sub": f"${{AWS::StackName}}-{stack.logical_id}"})
        if name in stack.given:
            return parent.replaced(stack.given[name])
        return stack.parameters.get(name, {}).get("Default", otherwise)

    def attribute(self, named, otherwise):
        resource, attribute = named if isinstance(named, list) else named.split(".", 1)
        output = (resource, attribute)
        if output not in self.outputs or output in self.seen:
            return otherwise
        value, stack = self.outputs[output]
        return Terms(stack, self.outputs, (*self.seen, output)).replaced(value)

    def text(self, argument):
        text, variables = argument if isinstance(argument, list) else (argument, {})
        own = {name: self.replaced(value) for name, value in variables.items()}

        def inserted(match):
            name = match.group(1).strip()
            if name in own:
                return match.group(0)
            resource, _, attribute = name.partition(".")
            old = {"Fn::GetAtt": [resource, attribute]} if attribute else {"Ref": name}
            new = self.replaced(old)
            written = match.group(0) if new == old else in_sub(new)
            if written is None:
                own[name] = new
                return match.group(0)
            return written

        text = VARIABLE.sub(inserted, text)
        return {"Fn::Sub": [text, own] if own else text}


def in_sub(value):
    """How a value stands in the text of an `Fn::Sub`, if it can."""
    if isinstance(value, dict):
        reference, attribute, text = (value.get(key) for key in ("Ref", "Fn::GetAtt", "Fn::Sub"))
        if reference:
            return f"${{{reference}}}"
        if attribute:
            return f"${{{attribute if isinstance(attribute, str) else '.'.join(attribute)}}}"
        return text if isinstance(text, str) else None
    return None if isinstance(value, list) else str(value).replace("${", "${!")
