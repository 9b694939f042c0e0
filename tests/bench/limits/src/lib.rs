//! What functions are measured by: the least that one does.

use std::env;
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, IdentityCache, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

static CLIENT: OnceLock<Client> = OnceLock::new();

/// To the gateway.
#[derive(Serialize)]
pub struct Answer {
    #[serde(rename = "statusCode")]
    status: u16,
    body: String,
}

/// What the call needs of the gateway's event. All else is skipped.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    path_parameters: PathParameters<'a>,
    #[serde(borrow)]
    request_context: RequestContext<'a>,
}

#[derive(Deserialize)]
struct PathParameters<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct RequestContext<'a> {
    #[serde(borrow)]
    authorizer: Authorizer<'a>,
}

#[derive(Deserialize)]
struct Authorizer<'a> {
    #[serde(borrow)]
    lambda: Caller<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Caller<'a> {
    tenant: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
}

/// The bare call of the SDK behind `get_product`: one consistent GetItem with the credentials of the first event.
pub async fn get_item(event: LambdaEvent<Box<RawValue>>) -> Result<Answer, Error> {
    let Event { path_parameters, request_context } = serde_json::from_str(event.payload.get())?;
    let caller = request_context.authorizer.lambda;
    let client = match CLIENT.get() {
        Some(client) => client,
        None => {
            let client = client(&caller)?;
            CLIENT.get_or_init(|| client)
        }
    };
    let partition = AttributeValue::S(format!("T#{}#products", caller.tenant));
    let sort = AttributeValue::S(path_parameters.id.to_owned());
    let request = client.get_item().table_name(env::var("TENANT_TABLE")?).consistent_read(true);
    let answer = request.key("pk", partition).key("sk", sort).send().await?;
    match answer.item.and_then(|mut item| item.remove("doc")) {
        Some(AttributeValue::S(document)) => Ok(Answer { status: 200, body: document }),
        _ => Err("there is no such item".into()),
    }
}

/// With the settings that functions have (`platform::aws::settings`), some of which spare a call something.
fn client(caller: &Caller<'_>) -> Result<Client, Error> {
    let Caller { access_key_id, secret_access_key, session_token, .. } = caller;
    let token = Some((*session_token).to_owned());
    let credentials = Credentials::new(*access_key_id, *secret_access_key, token, None, "event");
    let roots = TrustStore::empty().with_pem_certificate(fs::read(env::var("SSL_CERT_FILE")?)?);
    let context = TlsContext::builder().with_trust_store(roots).build()?;
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(750))
        .build();
    let retries =
        RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50));
    let mut config = SdkConfig::builder();
    config.set_app_name(AppName::new(env::var("AWS_LAMBDA_FUNCTION_NAME")?).ok());
    let config = config
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env::var("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .identity_cache(IdentityCache::no_cache())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(retries)
        .timeout_config(timeouts)
        .endpoint_url(env::var("AWS_ENDPOINT_URL_DYNAMODB")?)
        .build();
    Ok(Client::new(&config))
}
