//! One HTTP client and one configuration for all AWS clients of a process.
//!
//! `aws-config` is not needed: a function's region, credentials and endpoints are in its environment.

mod connections;
mod dynamodb;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::IdentityCache;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;

use crate::aws::connections::connections;
use crate::config::{ConfigError, optional, required};
use crate::telemetry::function_name;

pub(crate) use dynamodb::dynamodb;

/// The configuration that all clients of a function share, with the credentials of the function's own role.
pub(crate) fn shared_config() -> Result<SdkConfig, ConfigError> {
    settings(required("AWS_REGION")?, function_credentials()?)
}

/// With this configuration, a call makes at most three attempts and ends within 2.4 seconds.
pub(crate) fn settings(region: String, credentials: Credentials) -> Result<SdkConfig, ConfigError> {
    let mut builder = SdkConfig::builder();
    // The user agent of each call names the function, since credentials that came with a request do not.
    builder.set_app_name(AppName::new(function_name()).ok());
    let config = builder
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(connections()?)
        // Credentials are fixed, so a cache of them would only be asked; and attempts end by their time limit.
        .identity_cache(IdentityCache::no_cache())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(
            RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50)),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(500))
                .operation_attempt_timeout(Duration::from_millis(750))
                .build(),
        )
        .build();
    Ok(config)
}

/// `shared` with the endpoint in `variable`, which is `AWS_ENDPOINT_URL_<SERVICE>`, if that is set.
pub(crate) fn with_endpoint(shared: &SdkConfig, variable: &'static str) -> SdkConfig {
    let builder = shared.to_builder();
    match optional(variable) {
        Some(url) => builder.endpoint_url(url).build(),
        None => builder.build(),
    }
}

fn function_credentials() -> Result<Credentials, ConfigError> {
    Ok(Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        optional("AWS_SESSION_TOKEN"),
        None,
        "function",
    ))
}

/// The error codes by which AWS refuses credentials, or what is asked with them.
const DENIED: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
];

/// Whether AWS has refused the credentials, or what was asked with them.
pub(crate) fn is_denied(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_some_and(|code| DENIED.contains(&code))
}

/// Why a call failed. A denial is logged as an error of its own, which the template's alarm counts.
pub(crate) fn explain<E, R>(error: SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let reason = chain(&error);
    if is_denied(&error) {
        tracing::error!(reason, "access denied");
    }
    reason
}

/// The text of an error with all of its sources, where errors of the SDK have their reasons.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
