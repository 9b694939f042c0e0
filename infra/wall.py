"""The wall between tenants, as the translated template must have it. Each problem names the resource and the rule."""

import json
import re

# Of all inline policies of a role together, in which AWS has ARNs of tables in place of references to them.
MOST_CHARACTERS = 10_240
REFERENCE, ARN = r'\{"Fn::GetAtt":\[[^]]*\]\}|\$\{TenantTable\.Arn\}', "x" * 90
ITEMS = {
    f"dynamodb:{action}"
    for action in (
        "BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PartiQLDelete PartiQLInsert PartiQLSelect "
        "PartiQLUpdate PutItem Query Scan UpdateItem".split()
    )
}
BASIC_EXECUTION = ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
OWN_PARTITIONS = "T#${aws:PrincipalTag/TenantId}#"

# The functions that may open sessions for tenants, each with its class of access.
VENDORS = {
    "AuthorizeReadFunction": "read",
    "AuthorizeWriteFunction": "write",
    "AuthorizeIdentityFunction": "identity",
    "LogInFunction": "sign-in", "RefreshSessionFunction": "sign-in", "EndSessionFunction": "sign-in",
    "RequestPasswordResetFunction": "request-link",
    "ResetPasswordFunction": "redeem-link",
    "AcceptInvitationFunction": "join-tenant",
    "RegisterOneselfFunction": "register-user",
    "VerifyRegistrationFunction": "join-tenant",
    "ConfirmEmailFunction": "move-address",
    "TakeOwnershipFunction": "own-tenant",
    "SendLinksFunction": "send-links",
    "OnboardTenantFunction": "onboard",
    "AddAdminFunction": "admit",
    "ReplaceOwnerFunction": "replace-owner",
    "InspectTenantFunction": "operate",
    "SuspendTenantFunction": "operate",
    "ResumeTenantFunction": "operate", "ListTenantAuditFunction": "operate",
    "RegisterTenantsFunction": "register-tenants",
    "ChangeTermsFunction": "operate",
    "GetTenantUsageFunction": "operate",
    "ProjectOrdersFunction": "project-orders", "ProjectPostsFunction": "project-posts",
    "PublishPostsFunction": "publish-posts", "RetagPostsFunction": "retag-posts", "PurgePluginsFunction": "purge-plugins",
    "FollowCommentsFunction": "follow-comments", "NotifyFunction": "notify", "RecordAuditFunction": "record-audit", "CloseUsageFunction": "close-usage",
}
# The functions besides them that have rights of their own. A function of a tenant's route has none.
OTHERS_WITH_RIGHTS = {
    "GetHealthFunction",
    "ListOperationsFunction",
    "ListTenantsFunction",
    "ListTiersFunction",
    "ListUsageFunction",
    "MeterUsageFunction",
    "PublishKeysFunction",
    "RelayEventsFunction",
    "ReplaceTierFunction",
    "RunDueFunction",
}
# The classes of access that routes of tenants have; all other classes name their partitions.
CLASSES_OF_ROUTES = {"read", "write", "identity"}
# The partitions from which items are deleted; others are those of plugins.
DELETED = {"sessions#*", "directory", "people", "plugins", "failures", "comment#*", "comments", "comments#*", "commentsby", "commentcounts"}
ROLE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}"
TABLE = {"Fn::GetAtt": ["TenantTable", "Arn"]}
# Each tenant's requests are counted in a table of their own.
USAGE, COUNTING = {"Fn::GetAtt": ["UsageTable", "Arn"]}, {"dynamodb:GetItem", "dynamodb:UpdateItem"}
# What each tier includes is the same for all tenants, and stands in one item of the registry.
REGISTRY, OF_TIERS = {"Fn::GetAtt": ["RegistryTable", "Arn"]}, {"dynamodb:LeadingKeys": "tiers"}
# What each tenant has used lies in a table of its own, too.
METERING = {"Fn::GetAtt": ["MeteringTable", "Arn"]}
FACETS, ORDERED, INDEXES = ({"Fn::Sub": "${TenantTable.Arn}/index/" + name} for name in ("Facets", "Ordered", "*"))
# What the trust policies of the roles of tenants compare, exactly.
ROLES_OF_TENANTS = {
    "TenantDataRole": {"aws:RequestTag/Access": "${aws:PrincipalTag/Vends}"},
    "AuthenticationDataRole": {
        "aws:PrincipalTag/Vends": ["request-link", "register-user", "redeem-link", "join-tenant", "move-address", "own-tenant", "send-links", "sign-in"],
        "aws:RequestTag/Access": "${aws:PrincipalTag/Vends}",
    },
    "BackgroundDataRole": {"aws:PrincipalTag/Vends": ["close-usage", "publish-posts", "retag-posts"], "aws:RequestTag/Access": "${aws:PrincipalTag/Vends}"},
    "PluginDataRole": {"aws:PrincipalTag/Vends": ["purge-plugins", "follow-comments"], "aws:RequestTag/Access": "${aws:PrincipalTag/Vends}"},
    "OnboardingDataRole": {"aws:PrincipalTag/Vends": "onboard", "aws:RequestTag/Access": "onboard"},
    "OperatingDataRole": {
        "aws:PrincipalTag/Vends": ["operate", "admit", "replace-owner"],
        "aws:RequestTag/Access": "${aws:PrincipalTag/Vends}",
    },
}
# Roles of which each class names its partitions.
ROLES_OF_NAMED_PARTITIONS = ("AuthenticationDataRole", "PluginDataRole", "BackgroundDataRole")
# What they reach of the registry, by the name of the statement: actions and keys, exactly.
OF_REGISTRY = {
    ("OnboardingDataRole", "TakeSlug"): ({"dynamodb:PutItem"}, ["slug#*", "receipt#*", "operators#audit"]),
    ("TenantDataRole", "Register"): ({"dynamodb:PutItem"}, ["tenants"]),
    ("OperatingDataRole", "ReadTiers"): ({"dynamodb:BatchGetItem"}, ["tiers"]),
    ("OperatingDataRole", "ChangeRegistry"): ({"dynamodb:PutItem"}, ["slug#*", "receipt#*", "operators#audit"]),
}
OF_THE_PLATFORM = [
    {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-Operators-*"},
    {"Fn::Sub": "${CloseUsageFunction.Arn}*"},
    {"Fn::Sub": "${MeterUsageFunction.Arn}*"},
    {"Fn::Sub": "${RunDueFunction.Arn}*"},
]
OF_DEVELOPERS = {f"dynamodb:{action}" for action in "BatchGetItem DescribeTable GetItem ListTables Query Scan".split()} | {
    "events:PutEvents",
    "lambda:GetFunction",
    "lambda:InvokeFunction",
    "lambda:ListFunctions",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueues",
    "sqs:ReceiveMessage",
}
INVOKED = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${OperatorsApi}"
# The routes that each policy of operators allows.
OF_OPERATORS = {"OperatorPolicy": ["*"], "OperatorReadPolicy": ["*/GET/*", "*/HEAD/*"]}
# What no class of routes may do, whatever else allows it.
DENIED_TO_ROUTES = {
    "PasswordsAndSessionsForIdentityAlone",
    "UsersAndRolesChangedByIdentityAlone",
    "WhatRoutesDoNotWrite",
}


def wall_problems(functions, resources):
    roles = {name: body["Properties"] for name, body in resources.items() if body["Type"] == "AWS::IAM::Role"}
    policies = {n: b["Properties"] for n, b in resources.items() if b["Type"] == "AWS::IAM::ManagedPolicy"}
    for name in set(roles) - {f"{function}Role" for function in functions} - set(ROLES_OF_TENANTS) - {"DeveloperRole"}:
        yield f"{name}: is neither the role of a function nor a known role of tenants"
    for function in functions:
        yield from function_problems(function, roles.get(f"{function}Role", {}), policies)
    for name, compared in ROLES_OF_TENANTS.items():
        yield from tenant_role_problems(name, compared, roles.get(name, {}))
    yield from developer_problems(resources["DeveloperRole"])
    yield from operator_problems(policies, resources["OperatorsApi"]["Properties"])
    yield from boundary_problems(policies.get("FunctionBoundary", {}))
    yield from table_problems(resources)


def function_problems(function, role, policies):
    if role.get("PermissionsBoundary") != {"Ref": "FunctionBoundary"}:
        yield f"{function}: its role has not the boundary FunctionBoundary"
    if role.get("Path") != {"Fn::Sub": "/${AWS::StackName}/function/"}:
        yield f"{function}: the path of its role is not /<stack>/function/"
    if principals(role) != [{"Service": ["lambda.amazonaws.com"]}]:
        yield f"{function}: others than Lambda may assume its role"
    vends = {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}.get("Vends")
    if vends != VENDORS.get(function):
        yield f"{function}: vends {vends}, and the list of vendors says {VENDORS.get(function)}"
    managed = [arn for arn in role.get("ManagedPolicyArns", []) if BASIC_EXECUTION not in str(arn)]
    yield from (f"{function}: has AWS's managed policy {arn}" for arn in managed if not isinstance(arn, dict) or "Ref" not in arn)
    named = [policies[arn["Ref"]]["PolicyDocument"] for arn in managed if isinstance(arn, dict) and arn.get("Ref") in policies]
    inline = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
    if (named or inline) and function not in VENDORS and function not in OTHERS_WITH_RIGHTS:
        yield f"{function}: has rights of its own, which a function of a tenant's route must not have"
    for statement in statements(named + inline):
        if actions(statement) & ITEMS and "TenantTable" in str(statement["Resource"]):
            yield f"{function}: reaches items of tenants without a tenant's session"
        if "*" in resources_of(statement) and actions(statement) != {"dynamodb:ListStreams"}:
            yield f"{function}: {sorted(actions(statement))} on every resource"


def tenant_role_problems(name, compared, role):
    if role.get("Path") != {"Fn::Sub": "/${AWS::StackName}/tenant/"}:
        yield f"{name}: its path is not /<stack>/tenant/"
    trusted = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "ArnLike": {"aws:PrincipalArn": {"Fn::Sub": f"{ROLE}/function/*"}},
            "StringEquals": compared,
            "StringLike": {"aws:RequestTag/TenantId": "ten_*"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["TenantId", "Access"]},
        },
    }
    trust = role.get("AssumeRolePolicyDocument", {}).get("Statement", [])
    if [without_sid(statement) for statement in trust] != [trusted]:
        yield f"{name}: its trust policy is not the one statement that it should be"
    allowed = statements(policy["PolicyDocument"] for policy in role.get("Policies", []))
    documents = json.dumps([policy["PolicyDocument"] for policy in role.get("Policies", [])], separators=(",", ":"))
    characters = len(re.sub(REFERENCE, ARN, documents))
    if characters > MOST_CHARACTERS:
        yield f"{name}: its policies have {characters} characters, and may have {MOST_CHARACTERS}"
    missing = DENIED_TO_ROUTES - {s.get("Sid") for s in allowed if s["Effect"] == "Deny"}
    if name == "TenantDataRole" and missing:
        yield f"{name}: does not deny {sorted(missing)}"
    for statement in allowed:
        if statement["Effect"] == "Allow":
            yield from (f"{name} {statement['Sid']}: {problem}" for problem in reach_problems(name, statement))


def reach_problems(role, statement):
    condition = statement.get("Condition", {})
    of_registry = resources_of(statement) == [REGISTRY]
    classes = condition.get("StringEquals", {}).get("aws:PrincipalTag/Access", [])
    classes = {classes} if isinstance(classes, str) else set(classes)
    keys = condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
    if condition.get("Null", {}).get("dynamodb:LeadingKeys") != "false":
        yield "does not demand dynamodb:LeadingKeys by Null"
    if of_registry and (role, statement["Sid"]) in OF_REGISTRY:
        if (actions(statement), keys) != OF_REGISTRY[role, statement["Sid"]]:
            yield "does not limit dynamodb:LeadingKeys and actions to what it needs of the registry"
    elif of_registry:
        if condition.get("ForAllValues:StringEquals") != OF_TIERS or actions(statement) != {"dynamodb:BatchGetItem"}:
            yield "does more in the registry than read the tiers"
    elif resources_of(statement) == [USAGE]:
        if keys != [f"{OWN_PARTITIONS}requests"] or not actions(statement) <= COUNTING:
            yield "does more than count the requests of the session's tenant"
    elif resources_of(statement) == [METERING]:
        if keys != [f"{OWN_PARTITIONS}usage"] or actions(statement) != {"dynamodb:Query"}:
            yield "does more than read the usage of the session's tenant"
    elif not all(resource in (TABLE, FACETS, ORDERED) for resource in resources_of(statement)):
        yield "reaches more than the table of tenants and its indexes"
    elif not keys or not all(key.startswith(OWN_PARTITIONS) for key in keys):
        yield "does not limit dynamodb:LeadingKeys to the tenant of the session"
    if role in ("TenantDataRole", *ROLES_OF_NAMED_PARTITIONS) and not classes:
        yield "is for every class of access"
    names_partitions = role in ("OperatingDataRole", *ROLES_OF_NAMED_PARTITIONS) or (role == "TenantDataRole" and not classes <= CLASSES_OF_ROUTES)
    if names_partitions and f"{OWN_PARTITIONS}*" in keys:
        yield "reaches every partition, but only classes of routes may"
    if "dynamodb:DeleteItem" in actions(statement) and not {key.removeprefix(OWN_PARTITIONS) for key in keys} <= DELETED:
        yield "deletes more than sessions and entries of users"
    if not actions(statement) <= ITEMS - {"dynamodb:Scan"}:
        yield f"may {sorted(actions(statement))}"


def developer_problems(role):
    """It reads the items of all tenants, so a deploy has to ask for it, and it changes none."""
    if role.get("Condition") != "HasDeveloperAccess":
        yield "DeveloperRole: is there without the condition HasDeveloperAccess"
    declared = statements(policy["PolicyDocument"] for policy in role["Properties"].get("Policies", []))
    allowed = [statement for statement in declared if statement["Effect"] == "Allow"]
    more = set().union(*map(actions, allowed)) - OF_DEVELOPERS
    if more:
        yield f"DeveloperRole: may {sorted(more)}"
    denied = [statement for statement in declared if statement["Effect"] == "Deny" and "Condition" not in statement]
    unreachable = [resource for statement in denied if "lambda:InvokeFunction" in actions(statement) for resource in resources_of(statement)]
    if not all(resource in unreachable for resource in OF_THE_PLATFORM):
        yield "DeveloperRole: may invoke what believes its caller"


def operator_problems(policies, api):
    """The operators' API takes signatures alone, and what is attached to people allows calls of it alone."""
    if "CorsConfiguration" in api or "x-amazon-apigateway-cors" in api["Body"]:
        yield "OperatorsApi: has CORS, and no browser calls it"
    for path, methods in api["Body"]["paths"].items():
        for method, operation in methods.items():
            if operation.get("security") != [{"AWS_IAM": []}]:
                yield f"{method.upper()} {path}: takes no signature"
    for name, routes in OF_OPERATORS.items():
        allowed = statements([policies.get(name, {}).get("PolicyDocument", {})])
        resources = [{"Fn::Sub": f"{INVOKED}/{route}"} for route in routes]
        if [(actions(s), resources_of(s)) for s in allowed] != [({"execute-api:Invoke"}, resources)]:
            yield f"{name}: does not allow calls of {' and '.join(routes)} alone"


def boundary_problems(boundary):
    denied = [s for s in statements([boundary.get("PolicyDocument", {})]) if s["Effect"] == "Deny"]
    if not any(ITEMS <= actions(s) and resources_of(s) == [TABLE, INDEXES] and "Condition" not in s for s in denied):
        yield "FunctionBoundary: does not deny the items of TenantTable"


def table_problems(resources):
    table = resources["TenantTable"]["Properties"]
    guard = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": sorted(ITEMS),
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": {"Fn::Sub": f"{ROLE}/tenant/*"}}},
    }
    policy = statements([table.get("ResourcePolicy", {}).get("PolicyDocument", {})])
    if [without_sid(statement) for statement in policy] != [guard]:
        yield "TenantTable: its policy is not the one Deny of items that it should be"
    if "StreamSpecification" in resources["RegistryTable"]["Properties"]:
        yield "RegistryTable: has a stream that nothing reads"
    for name in ("DueTable", "MeteringTable", "RegistryTable", "TenantTable", "SigningKey"):
        if {resources[name].get("DeletionPolicy"), resources[name].get("UpdateReplacePolicy")} != {"Retain"}:
            yield f"{name}: is deleted with the stack, or replaced"


def without_sid(statement):
    return {key: value for key, value in statement.items() if key != "Sid"}


def resources_of(statement):
    named = statement.get("Resource", [])
    return named if isinstance(named, list) else [named]


def principals(role):
    return [s["Principal"] for s in role.get("AssumeRolePolicyDocument", {}).get("Statement", [])]


def statements(documents):
    return [statement for document in documents for statement in document.get("Statement", [])]


def actions(statement):
    named = statement.get("Action", [])
    return {named} if isinstance(named, str) else set(named)
