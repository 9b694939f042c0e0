//! STS: sessions that are bound to a role and to tags.

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use iam::{SessionTags, TagError, Tags};
use jiff::Timestamp;

use super::Services;
use super::credentials::{Caller, Credential};
use super::failure::{Failure, Protocol, escape_xml};
use crate::ids::new_uuid;
use crate::model::ACCOUNT;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// AWS limits chained sessions to one hour, and a function's own role is an assumed one already. A user could ask for the
/// role's `MaxSessionDuration`, and gets no more here.
const DURATION_SECONDS: std::ops::RangeInclusive<u64> = 900..=3600;

pub(crate) fn call(services: &Services, caller: Caller, form: &Form) -> Result<Response, Failure> {
    match form.get("Action").unwrap_or_default() {
        "AssumeRole" => assume_role(services, caller, form),
        "GetCallerIdentity" => Ok(answer("GetCallerIdentity", &identity(&caller))),
        other => Err(Failure::refused(
            "InvalidAction",
            format!("Could not find operation {other} for version 2011-06-15"),
        )),
    }
}

pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Form {
        Form(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn assume_role(services: &Services, caller: Caller, form: &Form) -> Result<Response, Failure> {
    refuse_unknown(form)?;
    let role_arn = form.get("RoleArn").ok_or_else(|| missing("roleArn"))?;
    let session_name = session_name(form)?;
    let duration = duration(form)?;
    let tags = tags(form)?;
    let Some(decided) = services.access.check_assumed(&caller, role_arn, session_name, &tags) else {
        let message = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
            caller.principal.name()
        );
        return Err(Failure::forbidden("AccessDenied", message));
    };
    decided.map_err(|denied| Failure::forbidden("AccessDenied", denied.message))?;
    let no_transitive: [&str; 0] = [];
    let tags = SessionTags::issue(caller.principal.session_tags(), &tags, &no_transitive)
        .map_err(|error| refused_tag(&error))?;
    let session = services
        .credentials
        .caller(role_arn, caller.origin, session_name, tags)
        .map_err(|error| invalid(error.to_string()))?;
    let (credential, expires) = services.credentials.assume(session.clone(), duration);
    Ok(answer("AssumeRole", &session_xml(&session, &credential, expires)))
}

/// Ignoring a parameter such as a session policy would give the session more rights than requested.
fn refuse_unknown(form: &Form) -> Result<(), Failure> {
    const KNOWN: [&str; 5] = ["Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds"];
    let is_known = |name: &str| KNOWN.contains(&name) || name.starts_with("Tags.member.");
    match form.0.iter().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(invalid(format!("{name} is not served here"))),
        None => Ok(()),
    }
}

fn session_name(form: &Form) -> Result<&str, Failure> {
    let name = form.get("RoleSessionName").ok_or_else(|| missing("roleSessionName"))?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_=,.@-".contains(c);
    if !(2..=64).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(invalid(format!(
            "Value '{name}' at 'roleSessionName' must be 2 to 64 of [A-Za-z0-9_=,.@-]"
        )));
    }
    Ok(name)
}

fn duration(form: &Form) -> Result<Duration, Failure> {
    let Some(text) = form.get("DurationSeconds") else {
        return Ok(Duration::from_secs(3600));
    };
    match text.parse() {
        Ok(seconds) if DURATION_SECONDS.contains(&seconds) => Ok(Duration::from_secs(seconds)),
        Ok(seconds) if seconds > 3600 => Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )),
        _ => Err(invalid(format!("Value '{text}' at 'durationSeconds' must be a number of at least 900"))),
    }
}

/// Their limits are checked when the session is issued.
fn tags(form: &Form) -> Result<Tags, Failure> {
    let tags = (1..).map_while(|number| {
        let key = form.get(&format!("Tags.member.{number}.Key"))?;
        Some((key, form.get(&format!("Tags.member.{number}.Value")).unwrap_or_default()))
    });
    Tags::new(tags).map_err(|error| refused_tag(&error))
}

fn refused_tag(error: &TagError) -> Failure {
    match error {
        TagError::TooMany | TagError::Malformed { .. } => invalid(error.to_string()),
        _ => Failure::refused("InvalidParameterValue", error.to_string()),
    }
}

fn missing(field: &str) -> Failure {
    invalid(format!(
        "1 validation error detected: Value null at '{field}' failed to satisfy constraint: Member must not be null"
    ))
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::refused("ValidationError", message)
}

fn identity(caller: &Caller) -> String {
    format!(
        "<Arn>{}</Arn><UserId>{}</UserId><Account>{ACCOUNT}</Account>",
        escape_xml(caller.principal.name()),
        escape_xml(caller.user_id())
    )
}

fn session_xml(session: &Caller, credential: &Credential, expires: Timestamp) -> String {
    format!(
        "<AssumedRoleUser><AssumedRoleId>{}</AssumedRoleId><Arn>{}</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey>\
         <SessionToken>{}</SessionToken><Expiration>{}</Expiration></Credentials>\
         <PackedPolicySize>0</PackedPolicySize>",
        escape_xml(session.user_id()),
        escape_xml(session.principal.name()),
        credential.access_key_id,
        credential.secret_access_key,
        credential.session_token.as_deref().unwrap_or_default(),
        expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
}

fn answer(action: &str, result: &str) -> Response {
    let body = format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></{action}Response>",
        new_uuid()
    );
    Protocol::Query.answer(StatusCode::OK, body)
}
