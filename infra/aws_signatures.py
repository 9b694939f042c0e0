"""Requests that botocore signs: good ones, and those that AWS refuses for their signature."""

import datetime
import json
from contextlib import contextmanager
from unittest.mock import patch

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

FORBIDDEN = (403, {"message": "Forbidden"})
LATE = datetime.timedelta(minutes=20)


def signer(session, url, region, service="execute-api", change=lambda request: None, credentials=None):
    """Sends requests that are signed by the session's keys, and changed afterwards."""
    keys = credentials or session.get_credentials()

    def send(method, path, body):
        request = AWSRequest(method, url + path, {"content-type": "application/json"}, json.dumps(body))
        SigV4Auth(keys, service, region).add_auth(request)
        change(request)
        answer = URLLib3Session().send(request.prepare())
        return answer.status_code, json.loads(answer.content)

    return send


@contextmanager
def clock(ahead):
    """The clock that signatures are dated by, wrong by this much."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + ahead
    with patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        yield


def refusals(calls, operator, developer, url, region):
    """Each for one reason, on an operator's route and on a service."""
    who = "botocore operator"
    body = {"name": "Globex"}

    def forbidden(call, ahead=datetime.timedelta(), **how):
        def send():
            with clock(ahead):
                return signer(operator, url, how.pop("region", region), **how)("POST", "/tenants", body)

        calls.answers(who, call, send, lambda answer: answer == FORBIDDEN and "403 Forbidden")

    def replaced(old, new):
        def change(request):
            request.headers.replace_header("Authorization", request.headers["Authorization"].replace(old, new))

        return change

    forbidden("POST /tenants, signed 20 minutes ago", -LATE)
    forbidden("POST /tenants, signed 20 minutes ahead", LATE)
    forbidden("POST /tenants, for another region", region="us-east-1")
    forbidden("POST /tenants, for another service", service="sts")
    forbidden("POST /tenants, another signature", change=replaced("Signature=", "Signature=0"))
    forbidden("POST /tenants, another body", change=lambda request: setattr(request, "data", '{"name":"Other"}'))
    forbidden("POST /tenants, unsigned", change=lambda request: request.headers.__delitem__("Authorization"))
    forbidden("POST /tenants, by keys that nobody has", credentials=Credentials("AKIAEXAMPLE", "secret"))

    services(calls, developer, region)


def services(calls, developer, region):
    """AWS answers them in the form of each service: DynamoDB 400, STS 403."""
    who = "boto3 developer"
    tables, identity = developer.client("dynamodb"), developer.client("sts")

    def refused(ahead, call, ask, code, words):
        def send():
            with clock(ahead):
                return ask()

        calls.refused(who, call, send, code, words)

    late, early = "Signature expired:", "Signature not yet current:"
    refused(-LATE, "sts, signed 20 minutes ago", identity.get_caller_identity, "SignatureDoesNotMatch", late)
    refused(LATE, "sts, signed 20 minutes ahead", identity.get_caller_identity, "SignatureDoesNotMatch", early)
    refused(-LATE, "dynamodb, signed 20 minutes ago", tables.list_tables, "InvalidSignatureException", late)
    refused(LATE, "dynamodb, signed 20 minutes ahead", tables.list_tables, "InvalidSignatureException", early)

    def alter(request, **_):
        request.headers["Authorization"] = request.headers["Authorization"].replace(b"Signature=", b"Signature=0")

    tables.meta.events.register("before-send.dynamodb", alter)
    words = "The request signature we calculated does not match the signature you provided."
    calls.refused(who, "dynamodb, another signature", tables.list_tables, "InvalidSignatureException", words)
