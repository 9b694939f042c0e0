"""Each rule of the wall finds its breach: every mutation of the translated template is refused by the words beside it."""

import copy
import sys
from collections import ChainMap
from functools import partial

from check_translated import problems
from translate import stacks


def statement(role, sid):
    def find(resources):
        properties = resources[role]["Properties"]
        documents = [p["PolicyDocument"] for p in properties.get("Policies", [])]
        documents += [properties.get("PolicyDocument", {}), properties.get("AssumeRolePolicyDocument", {})]
        return next(s for d in documents for s in d.get("Statement", []) if s.get("Sid") == sid)

    return find


def without(find, *path):
    def mutate(resources):
        target = find(resources)
        for key in path[:-1]:
            target = target[key]
        del target[path[-1]]

    return mutate


def with_value(find, value, *path):
    def mutate(resources):
        target = find(resources)
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value

    return mutate


def properties(name):
    return lambda resources: resources[name]["Properties"]


def resource(name):
    return lambda resources: resources[name]


def more_rights(action, where):
    policy = {"PolicyName": "More", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": [action], "Resource": where}]}}
    return lambda resources: resources["GetProductFunctionRole"]["Properties"].setdefault("Policies", []).append(policy)


TRUST = statement("TenantDataRole", "VendorsInTheirOwnClass")
ONBOARDING = statement("OnboardingDataRole", "OnboardingAlone")
OF_OPERATORS = partial(statement, "OperatingDataRole")
OF_AUTHENTICATION = partial(statement, "AuthenticationDataRole")
OF_SCHEDULED = partial(statement, "ScheduledDataRole")
OF_PLUGINS = partial(statement, "PluginDataRole")
WRITE = statement("TenantDataRole", "Write")
NOTIFY = statement("TenantDataRole", "Notify")
COUNT = statement("TenantDataRole", "CountRequests")
TIERS = statement("TenantDataRole", "ReadTiers")
USAGE = statement("TenantDataRole", "ReadUsage")
OPERATORS = ["ArnLike", "StringEquals", "StringLike", "ForAllValues:StringEquals"]
LEADING_KEYS = ["Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"]
FUNCTIONS = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}/function/*"}
REGISTRY = {"Fn::GetAtt": ["RegistryTable", "Arn"]}
EVERY_KEY = ["T#${aws:PrincipalTag/TenantId}#*"]
TABLE = {"Fn::GetAtt": ["TenantTable", "Arn"]}
DUE = {"Fn::GetAtt": ["DueTable", "Arn"]}


def table_policy(resources):
    return resources["TenantTable"]["Properties"]["ResourcePolicy"]["PolicyDocument"]["Statement"][0]


def at(*path):
    def find(resources):
        for key in path:
            resources = resources[key]
        return resources

    return find


DEVELOP = at("DeveloperRole", "Properties", "Policies", 0, "PolicyDocument", "Statement", 1)
ROUTE = at("OperatorsApi", "Properties", "Body", "paths", "/tenants", "post")
ONBOARD = at("OnboardTenantFunctionRole", "Properties")
OPERATOR = at("OperatorPolicy", "Properties", "PolicyDocument", "Statement", 0)
READER = at("OperatorReadPolicy", "Properties", "PolicyDocument", "Statement", 0)

MUTATIONS = [
    (without(WRITE, "Condition", "Null"), "Write: does not demand dynamodb:LeadingKeys by Null"),
    (with_value(WRITE, ["T#*"], "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"), "Write: does not limit"),
    (without(WRITE, "Condition", "ForAllValues:StringLike"), "Write: does not limit dynamodb:LeadingKeys"),
    (without(WRITE, "Condition", "StringEquals"), "Write: is for every class of access"),
    (with_value(WRITE, ["dynamodb:Scan"], "Action"), "Write: may ['dynamodb:Scan']"),
    (with_value(NOTIFY, EVERY_KEY, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"), "reaches every partition"),
    *[(without(TRUST, "Condition", operator), "TenantDataRole: its trust policy is not the one statement") for operator in OPERATORS],
    *[(without(ONBOARDING, "Condition", operator), "OnboardingDataRole: its trust policy is not the one statement") for operator in OPERATORS],
    (without(ONBOARDING, "Condition", "StringEquals", "aws:PrincipalTag/Vends"), "OnboardingDataRole: its trust policy is not the one statement"),
    (with_value(TRUST, ["${aws:PrincipalTag/Vends}", "identity"], "Condition", "StringEquals", "aws:RequestTag/Access"), "its trust policy is not the one statement"),
    (with_value(TRUST, [FUNCTIONS, "*"], "Condition", "ArnLike", "aws:PrincipalArn"), "its trust policy is not the one statement"),
    (with_value(TRUST, "*", "Principal"), "its trust policy is not the one statement"),
    (with_value(TRUST, ["sts:AssumeRole"], "Action"), "its trust policy is not the one statement"),
    (with_value(statement("TenantDataRole", "WhatRoutesDoNotWrite"), "Allow", "Effect"), "does not deny ['WhatRoutesDoNotWrite']"),
    (with_value(WRITE, "x" * 10_240, "Sid"), "TenantDataRole: its policies have"),
    (with_value(statement("TenantDataRole", "DeleteSessionsAndEntriesOfUsers"), EVERY_KEY, *LEADING_KEYS), "DeleteSessionsAndEntriesOfUsers: deletes more than sessions"),
    (with_value(WRITE, ["dynamodb:DeleteItem"], "Action"), "Write: deletes more than sessions"),
    (with_value(WRITE, [TABLE, REGISTRY], "Resource"), "Write: reaches more than the table of tenants"),
    (with_value(statement("OnboardingDataRole", "TakeSlug"), ["*"], *LEADING_KEYS), "TakeSlug: does not limit"),
    (with_value(statement("TenantDataRole", "Register"), ["*"], *LEADING_KEYS), "Register: does not limit"),
    (with_value(statement("TenantDataRole", "ReadToRegister"), EVERY_KEY, *LEADING_KEYS), "ReadToRegister: reaches every partition"),
    (with_value(OF_OPERATORS("ChangeRegistry"), ["*"], *LEADING_KEYS), "ChangeRegistry: does not limit"),
    (with_value(OF_OPERATORS("AddUsers"), EVERY_KEY, *LEADING_KEYS), "AddUsers: reaches every partition"),
    (with_value(OF_OPERATORS("ReadTiers"), ["dynamodb:PutItem"], "Action"), "ReadTiers: does not limit"),
    (with_value(OF_OPERATORS("ReadTenant"), EVERY_KEY, *LEADING_KEYS), "ReadTenant: reaches every partition"),
    (with_value(OF_OPERATORS("ReadTenant"), REGISTRY, "Resource"), "ReadTenant: does more in the registry"),
    (without(OF_OPERATORS("ChangeTenant"), "Condition", "Null"), "ChangeTenant: does not demand dynamodb:LeadingKeys by Null"),
    (with_value(OF_OPERATORS("OperatorsAlone"), "*", "Principal"), "OperatingDataRole: its trust policy is not the one"),
    (with_value(OF_SCHEDULED("TheClockAlone"), "*", "Principal"), "ScheduledDataRole: its trust policy is not the one"),
    (with_value(OF_PLUGINS("PluginsAlone"), "*", "Principal"), "PluginDataRole: its trust policy is not the one"),
    (with_value(OF_PLUGINS("EndPurges"), EVERY_KEY, *LEADING_KEYS), "EndPurges: reaches every partition"),
    (with_value(OF_PLUGINS("FollowComments"), EVERY_KEY, *LEADING_KEYS), "FollowComments: reaches every partition"),
    (with_value(OF_PLUGINS("ForgetPlugins"), ["T#${aws:PrincipalTag/TenantId}#user#*"], *LEADING_KEYS), "ForgetPlugins: deletes more than sessions"),
    (without(OF_PLUGINS("ForgetPlugins"), "Condition", "StringEquals"), "ForgetPlugins: is for every class of access"),
    (with_value(OF_AUTHENTICATION("LinksAndSignInAlone"), "*", "Principal"), "AuthenticationDataRole: its trust policy is not the one"),
    (without(OF_AUTHENTICATION("SetPasswords"), "Condition", "Null"), "SetPasswords: does not demand dynamodb:LeadingKeys by Null"),
    (with_value(OF_AUTHENTICATION("RedeemLinks"), EVERY_KEY, *LEADING_KEYS), "RedeemLinks: reaches every partition"),
    (without(OF_AUTHENTICATION("RequestLinks"), "Condition", "StringEquals"), "RequestLinks: is for every class of access"),
    (with_value(COUNT, EVERY_KEY, *LEADING_KEYS), "CountRequests: does more than count"),
    (with_value(COUNT, ["dynamodb:PutItem"], "Action"), "CountRequests: does more than count"),
    (with_value(COUNT, REGISTRY, "Resource"), "CountRequests: does more in the registry"),
    (with_value(TIERS, ["tiers", "slug#acme"], "Condition", "ForAllValues:StringEquals", "dynamodb:LeadingKeys"), "ReadTiers: does more in the registry"),
    (without(TIERS, "Condition", "ForAllValues:StringEquals"), "ReadTiers: does more in the registry"),
    (with_value(TIERS, ["dynamodb:PutItem"], "Action"), "ReadTiers: does more in the registry"),
    (without(TIERS, "Condition", "StringEquals"), "ReadTiers: is for every class"),
    (without(TIERS, "Condition", "Null"), "ReadTiers: does not demand"),
    (with_value(USAGE, EVERY_KEY, *LEADING_KEYS), "ReadUsage: does more than read the usage"),
    (with_value(USAGE, ["dynamodb:UpdateItem"], "Action"), "ReadUsage: does more than read the usage"),
    (with_value(USAGE, REGISTRY, "Resource"), "ReadUsage: does more in the registry"),
    (with_value(OF_OPERATORS("ReadUsage"), ["T#*#usage"], *LEADING_KEYS), "ReadUsage: does more than read the usage"),
    (without(resource("DeveloperRole"), "Condition"), "DeveloperRole: is there without the condition"),
    (with_value(DEVELOP, ["dynamodb:PutItem"], "Action"), "DeveloperRole: may ['dynamodb:PutItem']"),
    (with_value(statement("DeveloperRole", "NotAsThePlatform"), "Allow", "Effect"), "DeveloperRole: may invoke what believes its caller"),
    (with_value(statement("DeveloperRole", "NotAsThePlatform"), [], "Resource"), "DeveloperRole: may invoke what believes its caller"),
    (without(ROUTE, "security"), "POST /tenants: takes no signature"),
    (with_value(ROUTE, [{"NONE": []}], "security"), "POST /tenants: takes no signature"),
    (with_value(properties("OperatorsApi"), {}, "CorsConfiguration"), "OperatorsApi: has CORS"),
    (without(ONBOARD, "PermissionsBoundary"), "OnboardTenantFunction: its role has not the boundary"),
    (with_value(ONBOARD, {"Fn::Sub": "/${AWS::StackName}/function/"}, "Path"), "OnboardTenantFunction: the path of its role"),
    (with_value(properties("Operators"), "other", "Parameters", "System"), "OnboardTenantFunction: the path of its role"),
    (with_value(ONBOARD, [], "Tags"), "OnboardTenantFunction: vends None"),
    (with_value(OPERATOR, ["lambda:InvokeFunction"], "Action"), "OperatorPolicy: does not allow calls of"),
    (with_value(OPERATOR, "*", "Resource"), "OperatorPolicy: does not allow calls of"),
    (with_value(READER, "*", "Resource"), "OperatorReadPolicy: does not allow calls of"),
    (without(properties("TenantDataRole"), "Path"), "TenantDataRole: its path is not"),
    (without(properties("GetProductFunctionRole"), "PermissionsBoundary"), "GetProductFunction: its role has not the boundary"),
    (without(properties("GetProductFunctionRole"), "Path"), "GetProductFunction: the path of its role"),
    (more_rights("dynamodb:GetItem", TABLE), "GetProductFunction: reaches items of tenants"),
    (more_rights("sqs:SendMessage", TABLE), "GetProductFunction: has rights of its own"),
    (more_rights("dynamodb:PutItem", DUE), "GetProductFunctionRole: does more in the due ledger than put"),
    (more_rights("dynamodb:Query", DUE), "GetProductFunctionRole: does more in the due ledger than put"),
    (more_rights("sqs:SendMessage", ["*"]), "GetProductFunction: ['sqs:SendMessage'] on every resource"),
    (more_rights("sqs:SendMessage", "*"), "GetProductFunction: ['sqs:SendMessage'] on every resource"),
    (with_value(properties("GetProductFunctionRole"), [{"Key": "Vends", "Value": "read"}], "Tags"), "GetProductFunction: vends read"),
    (
        lambda r: r["NotifyFunctionRole"]["Properties"]["ManagedPolicyArns"].append("arn:aws:iam::aws:policy/AdministratorAccess"),
        "NotifyFunction: has AWS's managed policy",
    ),
    (
        lambda r: r["NotifyFunctionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"].append({"Principal": "*"}),
        "NotifyFunction: others than Lambda may assume its role",
    ),
    (lambda r: r.update(OtherRole=copy.deepcopy(r["TenantDataRole"])), "OtherRole: is neither"),
    (with_value(statement("FunctionBoundary", "NoItemOfATenant"), "Allow", "Effect"), "FunctionBoundary: does not deny"),
    (without(properties("TenantTable"), "ResourcePolicy"), "TenantTable: its policy is not the one Deny"),
    (with_value(table_policy, "Allow", "Effect"), "TenantTable: its policy is not the one Deny"),
    (with_value(table_policy, ["dynamodb:GetItem"], "Action"), "TenantTable: its policy is not the one Deny"),
    (with_value(table_policy, TABLE, "Resource"), "TenantTable: its policy is not the one Deny"),
    (with_value(table_policy, {}, "Condition", "StringEquals"), "TenantTable: its policy is not the one Deny"),
    (with_value(statement("FunctionBoundary", "NoItemOfATenant"), TABLE, "Resource"), "FunctionBoundary: does not deny"),
    (with_value(properties("RegistryTable"), {}, "StreamSpecification"), "RegistryTable: has a stream"),
    (without(properties("ApiApiGatewayDefaultStage"), "RouteSettings", "POST /sessions"), "POST /sessions: is open to all"),
    (without(properties("LogInFunction"), "ReservedConcurrentExecutions"), "LogInFunction: has no Reserved"),
    (without(resource("SigningKey"), "DeletionPolicy"), "SigningKey: is deleted with the stack"),
    (without(resource("DueTable"), "UpdateReplacePolicy"), "DueTable: is deleted with the stack"),
    (with_value(resource("TenantTable"), "GetProductFunction", "DependsOn"), "a cycle: "),
    (lambda r: r.update({f"Log{n}": {"Type": "AWS::Logs::LogGroup"} for n in range(300)}), "move consumers into a nested stack"),
    (
        lambda r: r["NotifyFunctionRole"]["Properties"]["ManagedPolicyArns"].extend([{"Ref": "SignTokens"}] * 10),
        "more than 10 managed policies",
    ),
]


def main():
    translated = stacks(sys.argv[1])
    missed = []
    for mutate, words in MUTATIONS:
        mutated = copy.deepcopy(translated)
        mutate(ChainMap(*(stack.resources for stack in mutated)))
        if not any(words in problem for problem in problems(mutated)):
            missed.append(words)
    print(f"{len(MUTATIONS)} breaches of the template, {len(missed)} not found")
    print("".join(f"not found: {words}\n" for words in missed), file=sys.stderr, end="")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
