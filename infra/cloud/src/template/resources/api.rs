//! `AWS::Serverless::HttpApi`.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Authorizer, Cors, HttpApi, RouteAuthorizer};
use crate::template::draft::{ApiDraft, Draft, Placed};
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::throttles;
use crate::template::yaml::Value;

/// SAM's name of the authorizer that asks IAM.
pub(in crate::template) const AWS_IAM: &str = "AWS_IAM";

pub(super) fn api(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.choice("StageName", &["$default"]);
    let cors = fields.map("CorsConfiguration", cors);
    let Auth { has_iam, default, authorizers } =
        fields.map("Auth", |auth| auth_of(auth, draft)).unwrap_or_default();
    let (throttles, throttled_routes) = throttles::read(fields);
    draft.throttled_routes.extend(throttled_routes);
    let (logical_id, stack) = (fields.logical_id.to_owned(), identity.home.stack.clone());
    let api = HttpApi { logical_id, stack, routes: Vec::new(), authorizers, cors, throttles };
    let reference = identity.reference.clone();
    let api = ApiDraft { api, reference, default_authorizer: default, has_iam };
    draft.apis.push(Placed::new(fields, fields.line, api));
}

struct Auth {
    has_iam: bool,
    /// `None` of a default that was refused.
    default: Option<RouteAuthorizer>,
    authorizers: BTreeMap<String, Authorizer>,
}

impl Default for Auth {
    fn default() -> Auth {
        Auth { has_iam: false, default: Some(RouteAuthorizer::None), authorizers: BTreeMap::new() }
    }
}

fn auth_of(auth: &mut Fields<'_>, draft: &mut Draft) -> Auth {
    let has_iam = has_iam(auth);
    let default_line = auth.line_of("DefaultAuthorizer");
    let default = auth.text("DefaultAuthorizer");
    let authorizers: BTreeMap<String, Authorizer> = auth
        .named("Authorizers", |name, fields| {
            if name == AWS_IAM {
                let problem = format!("{AWS_IAM} is SAM's own name, of the authorizer that asks IAM.");
                fields.refuse(fields.line, problem, "give the authorizer another name.");
            }
            Some((name.to_owned(), authorizer(fields, draft)?))
        })
        .into_iter()
        .flatten()
        .collect();
    let default = match default {
        None => Some(RouteAuthorizer::None),
        Some(name) if name == AWS_IAM && has_iam => Some(RouteAuthorizer::Iam),
        Some(name) if authorizers.contains_key(&name) => Some(RouteAuthorizer::Lambda(name)),
        Some(name) => {
            let remedy = match name == AWS_IAM {
                true => "set EnableIamAuthorizer: true beside it.",
                false => "declare it under Auth.Authorizers, or mend the name.",
            };
            auth.refuse(default_line, format!("DefaultAuthorizer {name} is not declared."), remedy);
            None
        }
    };
    Auth { has_iam, default, authorizers }
}

/// SAM takes a boolean of YAML alone, and neither a text nor the value of a parameter, which is one.
fn has_iam(auth: &mut Fields<'_>) -> bool {
    let Some(entry) = auth.take("EnableIamAuthorizer") else { return false };
    match &entry.node.value {
        Value::Scalar { text, plain: true } if text.eq_ignore_ascii_case("true") => true,
        Value::Scalar { text, plain: true } if text.eq_ignore_ascii_case("false") => false,
        Value::Invalid => false,
        _ => {
            let problem = "EnableIamAuthorizer is neither true nor false.";
            auth.refuse(entry.line, problem, "write true or false without quotes: SAM takes nothing else.");
            false
        }
    }
}

/// A Lambda authorizer of the only kind that the gateway supports.
fn authorizer(fields: &mut Fields<'_>, draft: &mut Draft) -> Option<Authorizer> {
    fields.required_choice("AuthorizerPayloadFormatVersion", &["2.0"]);
    fields.required_choice("EnableSimpleResponses", &["true"]);
    let line = fields.line_of("EnableFunctionDefaultPermissions");
    if fields.boolean("EnableFunctionDefaultPermissions") != Some(true) {
        let problem = "EnableFunctionDefaultPermissions is not true.";
        fields.refuse(
            line,
            problem,
            "set it to true: without it API Gateway may not invoke the authorizer's function.",
        );
    }
    let identity = fields.required_map("Identity", identity);
    let line = fields.line_of("FunctionArn");
    let arn = fields.required_text("FunctionArn")?;
    draft.authorizer_functions.push(Placed::new(fields, line, arn.clone()));
    let (identity_headers, reauthorize_every) = identity?;
    Some(Authorizer { function: arn, identity_headers, reauthorize_every })
}

/// The headers that identify a caller, and how long the response for a caller is cached.
fn identity(fields: &mut Fields<'_>) -> (Vec<String>, Duration) {
    let headers = fields.texts("Headers").unwrap_or_default();
    if headers.is_empty() {
        fields.refuse(
            fields.line,
            "Identity.Headers is missing.",
            "name the header that carries the token, such as [Authorization].",
        );
    }
    let seconds = fields.required_number("ReauthorizeEvery", 0..=3600).unwrap_or(0);
    let headers = headers.iter().map(|header| header.to_ascii_lowercase()).collect();
    (headers, Duration::from_secs(seconds.into()))
}

fn cors(fields: &mut Fields<'_>) -> Cors {
    let line = fields.line_of("AllowCredentials");
    let cors = Cors {
        allow_origins: fields.texts("AllowOrigins").unwrap_or_default(),
        allow_methods: fields.texts("AllowMethods").unwrap_or_default(),
        allow_headers: fields
            .texts("AllowHeaders")
            .unwrap_or_default()
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        expose_headers: fields.texts("ExposeHeaders").unwrap_or_default(),
        max_age: fields.number("MaxAge", 0..=86_400).map(u64::from),
        allow_credentials: fields.boolean("AllowCredentials").unwrap_or(false),
    };
    if cors.allow_credentials && cors.allow_origins.iter().any(|origin| origin == "*") {
        fields.refuse(
            line,
            "AllowCredentials does not go with the origin *.",
            "name the origins, or remove AllowCredentials.",
        );
    }
    cors
}
