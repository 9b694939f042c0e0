//! `AWS::Serverless::HttpApi`.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Authorizer, Cors, HttpApi};
use crate::template::draft::{ApiDraft, Draft, Placed};
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::throttles;

pub(super) fn api(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.choice("StageName", &["$default"]);
    let cors = fields.map("CorsConfiguration", cors);
    let (default_authorizer, authorizers) =
        fields.map("Auth", |auth| authorizers(auth, draft)).unwrap_or_default();
    let (throttles, throttled_routes) = throttles::read(fields);
    draft.throttled_routes.extend(throttled_routes);
    let (logical_id, stack) = (fields.logical_id.to_owned(), identity.home.stack.clone());
    let api = HttpApi { logical_id, stack, routes: Vec::new(), authorizers, cors, throttles };
    let api = ApiDraft { api, reference: identity.reference.clone(), default_authorizer };
    draft.apis.push(Placed::new(fields, fields.line, api));
}

fn authorizers(auth: &mut Fields<'_>, draft: &mut Draft) -> (Option<String>, BTreeMap<String, Authorizer>) {
    let default_line = auth.line_of("DefaultAuthorizer");
    let default = auth.text("DefaultAuthorizer");
    let authorizers: BTreeMap<String, Authorizer> = auth
        .named("Authorizers", |name, fields| Some((name.to_owned(), authorizer(fields, draft)?)))
        .into_iter()
        .flatten()
        .collect();
    if let Some(name) = default.as_ref().filter(|name| !authorizers.contains_key(*name)) {
        auth.refuse(
            default_line,
            format!("DefaultAuthorizer {name} is not declared."),
            "declare it under Auth.Authorizers, or mend the name.",
        );
    }
    (default, authorizers)
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
