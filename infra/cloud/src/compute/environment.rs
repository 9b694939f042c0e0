//! The environment of a function's process: what Lambda would set, and nothing of the shell's.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::process::Command;

use crate::model::{Function, REGION};
use crate::services::Credential;

/// The services whose endpoints the SDKs read from `AWS_ENDPOINT_URL_<service>`.
const SERVICES: [&str; 6] = ["DYNAMODB", "STS", "KMS", "EVENTBRIDGE", "SQS", "SESV2"];

pub(crate) struct Endpoints<'a> {
    pub(crate) runtime_api: &'a str,
    pub(crate) services: &'a str,
}

/// The command that runs a function's binary, before pipes are attached.
pub(crate) fn command(
    launcher: Option<&Path>,
    binary: &Path,
    function: &Function,
    credential: &Credential,
    endpoints: &Endpoints<'_>,
) -> Command {
    let mut command = match launcher {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "KILL", "--"]).arg(binary);
            command
        }
        None => Command::new(binary),
    };
    command.env_clear();
    if let Some(backtrace) = std::env::var_os("RUST_BACKTRACE") {
        command.env("RUST_BACKTRACE", backtrace);
    }
    command
        .envs(of_process(function, credential, endpoints.services))
        .env("AWS_LAMBDA_RUNTIME_API", endpoints.runtime_api);
    command
}

/// All variables of a function's process but the address of its Runtime API.
pub(crate) fn of_process(
    function: &Function,
    credential: &Credential,
    services_url: &str,
) -> BTreeMap<String, String> {
    let mut all = variables(function, credential, services_url);
    let memory = function.memory_mb.to_string();
    let own = [
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.as_str()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ];
    all.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    all
}

/// The variables that do not depend on what runs the function; `cargo lambda watch` sets the others itself.
pub(crate) fn variables(
    function: &Function,
    credential: &Credential,
    services_url: &str,
) -> BTreeMap<String, String> {
    let mut variables = function.environment.clone();
    let lent = [
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", &credential.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &credential.secret_access_key),
    ];
    let token = credential.session_token.iter().map(|token| ("AWS_SESSION_TOKEN", token.as_str()));
    variables.extend(lent.into_iter().chain(token).map(|(name, value)| (name.to_owned(), value.to_owned())));
    variables
        .extend(SERVICES.map(|service| (format!("AWS_ENDPOINT_URL_{service}"), services_url.to_owned())));
    variables
}
