//! The events of payload format 2.0.

use bytes::Bytes;
use serde_json::{Value, json};

use super::body;
use super::request::Request;
use super::routes::Found;
use crate::model::{ACCOUNT, REGION};

pub(crate) struct Events {
    api_id: String,
}

impl Events {
    pub(crate) fn new(api_id: String) -> Events {
        Events { api_id }
    }

    /// The event for the route's function. Behind an authorizer it has a context, which may be null.
    pub(crate) fn integration(
        &self,
        request: &Request,
        found: &Found<'_>,
        body: Bytes,
        context: Option<Value>,
    ) -> Bytes {
        let mut event = self.common(request, found);
        event["isBase64Encoded"] = false.into();
        if !body.is_empty() {
            let (text, is_base64) =
                body::encode(body, request.header("content-type"), request.header("content-encoding"));
            event["body"] = text.into();
            event["isBase64Encoded"] = is_base64.into();
        }
        if let Some(context) = context {
            event["requestContext"]["authorizer"] = json!({"lambda": context});
        }
        event.to_string().into()
    }

    /// The event for an authorizer, which has no body.
    pub(crate) fn authorization(&self, request: &Request, found: &Found<'_>, identity: &[String]) -> Bytes {
        let Events { api_id } = self;
        let Request { method, path, .. } = request;
        let mut event = self.common(request, found);
        event["type"] = "REQUEST".into();
        event["routeArn"] =
            format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/$default/{method}{path}").into();
        event["identitySource"] = identity.into();
        event.to_string().into()
    }

    fn common(&self, request: &Request, found: &Found<'_>) -> Value {
        let route_key = found.route.key();
        let mut event = json!({
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": request.path,
            "rawQueryString": request.raw_query,
            "headers": request.headers,
            "requestContext": self.context(request, &route_key),
        });
        if !request.cookies.is_empty() {
            event["cookies"] = json!(request.cookies);
        }
        if !request.query.is_empty() {
            event["queryStringParameters"] = json!(request.query);
        }
        if !found.parameters.is_empty() {
            event["pathParameters"] = json!(found.parameters);
        }
        event
    }

    fn context(&self, request: &Request, route_key: &str) -> Value {
        let host = request.header("host").unwrap_or_default();
        let domain = host.rsplit_once(':').map_or(host, |(name, _)| name);
        json!({
            "accountId": ACCOUNT,
            "apiId": self.api_id,
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent").unwrap_or_default(),
            },
            "requestId": request.id,
            "routeKey": route_key,
            "stage": "$default",
            "time": request.time.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
            "timeEpoch": request.time.as_millisecond(),
        })
    }
}
