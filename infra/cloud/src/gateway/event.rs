//! The events of payload format 2.0.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::body;
use super::request::Request;
use super::routes::Found;
use crate::model::{ACCOUNT, REGION};
use crate::services::Invoker;

pub(crate) struct Events {
    api_id: String,
}

/// Written straight from the request: a tree of values between would cost more than all the rest of the gateway.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    version: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_source: Option<&'a [String]>,
    route_key: &'a str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    headers: &'a BTreeMap<String, String>,
    request_context: Context<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cookies: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_base64_encoded: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Context<'a> {
    account_id: &'static str,
    api_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer: Option<FromAuthorizer<'a>>,
    domain_name: &'a str,
    domain_prefix: Option<&'a str>,
    http: Http<'a>,
    request_id: &'a str,
    route_key: &'a str,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

/// What the route's authorizer says: of a Lambda authorizer its context, which may be null, or the caller whom IAM knows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FromAuthorizer<'a> {
    Lambda(Option<&'a RawValue>),
    Iam(&'a Invoker),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: String,
    user_agent: &'a str,
}

impl Events {
    pub(crate) fn new(api_id: String) -> Events {
        Events { api_id }
    }

    /// The event for the route's function. It has no `authorizer` if the route has none.
    pub(crate) fn integration(
        &self,
        request: &Request,
        found: &Found<'_>,
        body: Bytes,
        authorizer: Option<FromAuthorizer<'_>>,
    ) -> serde_json::Result<Bytes> {
        let (text, is_base64) = match body.is_empty() {
            true => (None, false),
            false => {
                let (text, is_base64) =
                    body::encode(body, request.header("content-type"), request.header("content-encoding"));
                (Some(text), is_base64)
            }
        };
        let route_key = found.route.key();
        let mut event = self.common(request, found, &route_key);
        event.body = text;
        event.is_base64_encoded = Some(is_base64);
        event.request_context.authorizer = authorizer;
        serde_json::to_vec(&event).map(Bytes::from)
    }

    /// The event for an authorizer, which has no body.
    pub(crate) fn authorization(
        &self,
        request: &Request,
        found: &Found<'_>,
        identity: &[String],
    ) -> serde_json::Result<Bytes> {
        let route_key = found.route.key();
        let mut event = self.common(request, found, &route_key);
        event.kind = Some("REQUEST");
        event.route_arn = Some(self.route_arn(request));
        event.identity_source = Some(identity);
        serde_json::to_vec(&event).map(Bytes::from)
    }

    /// What a request invokes: the stage with the method and the path, which is decoded, as routes are matched.
    pub(crate) fn route_arn(&self, Request { method, path, .. }: &Request) -> String {
        format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:{}/$default/{method}{path}", self.api_id)
    }

    fn common<'a>(&'a self, request: &'a Request, found: &'a Found<'_>, route_key: &'a str) -> Event<'a> {
        Event {
            version: "2.0",
            kind: None,
            route_arn: None,
            identity_source: None,
            route_key,
            raw_path: &request.path,
            raw_query_string: &request.raw_query,
            headers: &request.headers,
            request_context: self.context(request, route_key),
            cookies: &request.cookies,
            query_string_parameters: &request.query,
            path_parameters: &found.parameters,
            body: None,
            is_base64_encoded: None,
        }
    }

    fn context<'a>(&'a self, request: &'a Request, route_key: &'a str) -> Context<'a> {
        let host = request.header("host").unwrap_or_default();
        let domain = host.rsplit_once(':').map_or(host, |(name, _)| name);
        Context {
            account_id: ACCOUNT,
            api_id: &self.api_id,
            authorizer: None,
            domain_name: domain,
            domain_prefix: domain.split('.').next(),
            http: Http {
                method: &request.method,
                path: &request.path,
                protocol: request.protocol,
                source_ip: request.source_ip.to_string(),
                user_agent: request.header("user-agent").unwrap_or_default(),
            },
            request_id: &request.id,
            route_key,
            stage: "$default",
            time: request.time.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
            time_epoch: request.time.as_millisecond(),
        }
    }
}
