"""Runs boto3 and the AWS CLI, unmodified, against a cloud of its own: what profiles may do, and what AWS refuses.

Usage: aws_clients.py <folder of binaries> <the AWS CLI>
Prints each call and its outcome, and fails if one is not as in AWS.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

import aws_signatures

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-west-1"
ACCOUNT = "123456789012"
TABLE = "terrace-TenantTable"
READY_WITHIN = 60


class Calls:
    """Prints what was called, and counts what was not as it should be."""

    def __init__(self):
        self.made = self.wrong = 0

    def check(self, who, call, outcome, is_right):
        self.made += 1
        self.wrong += not is_right
        print(f"  {'ok   ' if is_right else 'WRONG'} {who:<24} {call:<46} {outcome}", flush=True)

    def answers(self, who, call, ask, tell):
        """The call has an answer, and `tell` makes a text of it, or nothing if it is wrong."""
        try:
            answer = ask()
        except (ClientError, RuntimeError) as error:
            return self.check(who, call, error, False)
        said = tell(answer)
        self.check(who, call, said or answer, bool(said))
        return answer

    def refused(self, who, call, ask, code, *words):
        """The call is refused with this code, and with a message that has these words."""
        try:
            self.check(who, call, f"not refused: {ask()}", False)
        except (ClientError, RuntimeError) as error:
            said = str(error)
            self.check(who, call, said, code in said and all(word in said for word in words))


@contextmanager
def cloud(binaries, folder):
    """A cloud without data, on free ports: its addresses by their names, and the file with the keys."""
    credentials = folder / "credentials"
    command = [binaries / "cloud", "--template", ROOT / "template.yaml", "--binaries", binaries, "--in-memory"]
    command += ["--credentials-file", credentials, "--port", "0", "--aws-port", "0", "--console-port", "0"]
    for parameter in ["SignInConcurrency=10", "MailSender=no-reply@terrace.example", "DeveloperAccess=true"]:
        command += ["--parameter", parameter]
    output = folder / "cloud.log"
    with output.open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + READY_WITHIN
        while "ready" not in output.read_text().splitlines():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"The cloud did not start:\n{output.read_text()}")
            time.sleep(0.05)
        words = [line.split() for line in output.read_text().splitlines()]
        yield {line[0]: line[1] for line in words if len(line) == 2 and line[1].startswith("http://")}, credentials
    finally:
        process.terminate()
        process.wait(READY_WITHIN)


def cli(program, profile, endpoint):
    """Runs the AWS CLI as this profile, in the environment of this process."""

    def run(*arguments):
        # This version takes the endpoint from the environment for all services but this one.
        further = ["--endpoint-url", endpoint] if arguments[0] == "sqs" else []
        command = [program, *arguments, *further, "--profile", profile, "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout or "null")

    return run


def onboarded(calls, session, url):
    """An operator's signed route, by botocore's signer."""
    admin = {"name": "Ada Admin", "email": "ada@acme.example", "password": "acme-demo-password"}
    tenant = {"name": "Acme", "slug": "acme", "tier": "free", "admin": admin}
    sign = aws_signatures.signer(session, url, REGION)
    created = calls.answers("botocore operator", "POST /tenants", lambda: sign("POST", "/tenants", tenant),
                            lambda answer: answer[0] == 201 and f"201 {answer[1]['id']}")
    sign = aws_signatures.signer(boto3.Session(profile_name="operator-read"), url, REGION)
    calls.answers("botocore operator-read", "POST /tenants", lambda: sign("POST", "/tenants", tenant),
                  lambda answer: answer == (403, {"message": "Forbidden"}) and "403 Forbidden")
    return created[1]["id"]


def as_developer(calls, tenant, developer, operator):
    who = "boto3 developer"
    tables, queues, bus, functions = (developer.client(name) for name in ("dynamodb", "sqs", "events", "lambda"))
    key = {"pk": {"S": f"T#{tenant}#tenant#{tenant}"}, "sk": {"S": "-"}}
    partition = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": key["pk"]}}

    calls.answers(who, "sts GetCallerIdentity", developer.client("sts").get_caller_identity,
                  lambda answer: answer["Arn"].endswith("/developer") and answer["Arn"])
    calls.answers(who, "dynamodb ListTables", tables.list_tables,
                  lambda answer: TABLE in answer["TableNames"] and ", ".join(answer["TableNames"]))
    calls.answers(who, "dynamodb GetItem", lambda: tables.get_item(TableName=TABLE, Key=key),
                  lambda answer: "Item" in answer and f"{len(answer['Item'])} attributes")
    calls.answers(who, "dynamodb Query", lambda: tables.query(TableName=TABLE, **partition),
                  lambda answer: answer["Count"] == 2 and "2 items")
    pages = tables.get_paginator("scan").paginate(TableName=TABLE, PaginationConfig={"PageSize": 2})
    calls.answers(who, "dynamodb Scan, in pages", lambda: sum(page["Count"] for page in pages),
                  lambda count: count >= 5 and f"{count} items")
    url = calls.answers(who, "sqs ListQueues", queues.list_queues,
                        lambda answer: f"{len(answer['QueueUrls'])} queues")["QueueUrls"][0]
    asked = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    calls.answers(who, "sqs GetQueueAttributes", lambda: queues.get_queue_attributes(**asked),
                  lambda answer: str(answer.get("Attributes", "")))
    calls.answers(who, "sqs ReceiveMessage", lambda: queues.receive_message(QueueUrl=url),
                  lambda answer: f"{len(answer.get('Messages', []))} messages")
    event = {"EventBusName": "terrace", "Source": "developer", "DetailType": "tried", "Detail": "{}"}
    calls.answers(who, "events PutEvents", lambda: bus.put_events(Entries=[event]),
                  lambda answer: answer["FailedEntryCount"] == 0 and "taken")
    calls.answers(who, "lambda ListFunctions", functions.list_functions,
                  lambda answer: f"{len(answer['Functions'])} functions")
    request = json.dumps({"version": "2.0"})
    calls.answers(who, "lambda Invoke GetHealthFunction",
                  lambda: functions.invoke(FunctionName="terrace-GetHealthFunction", Payload=request),
                  lambda answer: answer["StatusCode"] == 200 and "200")

    def denied(action, ask, profile=who, by="assumed-role/"):
        calls.refused(profile, action.replace(":", " "), ask, "AccessDenied", f"is not authorized to perform: {action}", by)

    item = {"TableName": TABLE, "Item": key}
    denied("dynamodb:PutItem", lambda: tables.put_item(**item))
    denied("dynamodb:DeleteItem", lambda: tables.delete_item(TableName=TABLE, Key=key))
    denied("sqs:SendMessage", lambda: queues.send_message(QueueUrl=url, MessageBody="{}"))
    role = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/terrace/tenant/terrace-TenantDataRole", "RoleSessionName": "developer"}
    denied("sts:AssumeRole", lambda: developer.client("sts").assume_role(**role))
    for name in ("Operators-SuspendTenantFunction", "CloseUsageFunction", "MeterUsageFunction", "RunDueFunction"):
        denied("lambda:InvokeFunction", lambda name=name: functions.invoke(FunctionName=f"terrace-{name}", Payload=request))
    denied("dynamodb:ListTables", operator.client("dynamodb").list_tables, "boto3 operator", "user/local/operator")
    return partition, key


def by_the_cli(calls, run, partition, key):
    who = "aws developer"
    calls.answers(who, "sts get-caller-identity", lambda: run("sts", "get-caller-identity"),
                  lambda answer: answer["Account"] == ACCOUNT and answer["Arn"])
    calls.answers(who, "dynamodb list-tables", lambda: run("dynamodb", "list-tables"),
                  lambda answer: f"{len(answer['TableNames'])} tables")
    expression = ["--key-condition-expression", partition["KeyConditionExpression"]]
    expression += ["--expression-attribute-values", json.dumps(partition["ExpressionAttributeValues"])]
    calls.answers(who, "dynamodb query", lambda: run("dynamodb", "query", "--table-name", TABLE, *expression),
                  lambda answer: answer["Count"] == 2 and "2 items")
    calls.answers(who, "dynamodb scan", lambda: run("dynamodb", "scan", "--table-name", TABLE),
                  lambda answer: answer["Count"] >= 5 and f"{answer['Count']} items")
    calls.answers(who, "dynamodb get-item",
                  lambda: run("dynamodb", "get-item", "--table-name", TABLE, "--key", json.dumps(key)),
                  lambda answer: "Item" in answer and f"{len(answer['Item'])} attributes")
    invocation = ["--function-name", "terrace-GetHealthFunction", "--payload", json.dumps({"version": "2.0"})]
    calls.answers(who, "lambda invoke", lambda: run("lambda", "invoke", *invocation, os.devnull),
                  lambda answer: answer["StatusCode"] == 200 and "200")
    calls.answers(who, "sqs list-queues", lambda: run("sqs", "list-queues"),
                  lambda answer: f"{len(answer['QueueUrls'])} queues")
    entry = json.dumps([{"EventBusName": "terrace", "Source": "cli", "DetailType": "tried", "Detail": "{}"}])
    calls.answers(who, "events put-events", lambda: run("events", "put-events", "--entries", entry),
                  lambda answer: answer["FailedEntryCount"] == 0 and "taken")
    item = ["--item", json.dumps(partition["ExpressionAttributeValues"])]
    calls.refused(who, "dynamodb put-item", lambda: run("dynamodb", "put-item", "--table-name", TABLE, *item),
                  "AccessDeniedException", "not authorized to perform: dynamodb:PutItem")


def main(binaries, program):
    calls = Calls()
    with tempfile.TemporaryDirectory() as folder, cloud(Path(binaries), Path(folder)) as (urls, credentials):
        # Nothing of this machine's own account: no keys, no settings, no proxy on the way to 127.0.0.1.
        for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
            del os.environ[name]
        os.environ |= {
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_CONFIG_FILE": str(Path(folder) / "none"),
            "AWS_ENDPOINT_URL": urls["AWS"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        developer, operator = (boto3.Session(profile_name=name) for name in ("developer", "operator"))
        print("Unmodified clients of AWS, as the profiles of the template:")
        tenant = onboarded(calls, operator, urls["OperatorsApi"])
        known = as_developer(calls, tenant, developer, operator)
        by_the_cli(calls, cli(program, "developer", urls["AWS"]), *known)
        aws_signatures.refusals(calls, operator, developer, urls["OperatorsApi"], REGION)
    print(f"{calls.made} calls, {calls.wrong} not as in AWS")
    return 1 if calls.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
