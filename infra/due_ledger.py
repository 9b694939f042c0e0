"""Who may do what in the due ledger, as the translated template must have it. Its items are of all tenants."""

from wall import actions, resources_of, statements

LEDGER = {"Fn::GetAtt": ["DueTable", "Arn"]}
# Of a consumer that defers: actions and keys, exactly.
DEFERRING = {"dynamodb:PutItem"}, ["due#*"], "false"
READER = "RunDueFunction"


def due_problems(roles):
    for name, role in roles.items():
        for statement in statements(policy["PolicyDocument"] for policy in role.get("Policies", [])):
            if LEDGER not in resources_of(statement) or name in (f"{READER}Role", "DeveloperRole"):
                continue
            condition = statement.get("Condition", {})
            keys = condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
            if (actions(statement), keys, condition.get("Null", {}).get("dynamodb:LeadingKeys")) != DEFERRING:
                yield f"{name}: does more in the due ledger than put what is due"
