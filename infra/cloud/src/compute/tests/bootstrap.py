import base64
import gzip
import http.client
import json
import os
import sys
import time
import urllib.parse

print("pid", os.getpid(), flush=True)
if "REFUSE" in os.environ:
    print("the table's name is missing", file=sys.stderr, flush=True)
    sys.exit(3)

api = urllib.parse.urlsplit(os.environ["AWS_LAMBDA_RUNTIME_API"])
base = api.path + "/2018-06-01/runtime/invocation"
connection = http.client.HTTPConnection(api.netloc)


def call(method, path, body=None):
    connection.request(method, base + path, body)
    answer = connection.getresponse()
    return answer, answer.read()


while True:
    head, event = call("GET", "/next")
    request = head.headers["Lambda-Runtime-Aws-Request-Id"]
    order = json.loads(event)
    if "awslogs" in order:
        print("lines", gzip.decompress(base64.b64decode(order["awslogs"]["data"])).decode(), flush=True)
        order["do"] = "answer"
    if order["do"] == "print":
        print("\n".join(order["lines"]), flush=True)
    if order["do"] in ("sleep", "wait"):
        print("waiting", flush=True)
    if order["do"] == "sleep":
        time.sleep(60)
    if order["do"] == "wait":
        while not os.path.exists(order["for"]):
            time.sleep(0.005)
    if order["do"] == "crash":
        os._exit(9)
    if order["do"] == "fail":
        call("POST", f"/{request}/error", json.dumps({"errorType": "Oops", "errorMessage": "Unauthorized"}))
        continue
    if order["do"] == "babble":
        call("POST", f"/{request}/response", "not JSON")
        continue
    answer = {"pid": os.getpid(), "version": "VERSION"}
    if order["do"] == "environment":
        answer = {"environment": dict(os.environ), "headers": {name.lower(): value for name, value in head.headers.items()}}
    if order["do"] == "large":
        answer = "x" * (6 * 1024 * 1024)
    call("POST", f"/{request}/response", json.dumps(answer))
    if order["do"] == "leave":
        os._exit(0)
