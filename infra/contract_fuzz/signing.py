"""Lets Schemathesis sign its requests with AWS Signature Version 4, by the keys in the environment."""

import os

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase


class Signature(AuthBase):
    def __init__(self):
        keys = [os.environ.get(f"AWS_{name}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
        self.signer = SigV4Auth(Credentials(*keys), "execute-api", os.environ["AWS_REGION"])

    def __call__(self, request):
        # What `requests` or a proxy may change is not signed.
        signed = AWSRequest(request.method, request.url, data=request.body or b"")
        self.signer.add_auth(signed)
        request.headers.update(dict(signed.headers))
        return request


schemathesis.auth.set_from_requests(Signature())
