//! What functions are measured by: the least that one does.

use std::sync::OnceLock;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::{Value, json};

static CLIENT: OnceLock<Client> = OnceLock::new();

/// The bare call of the SDK behind `get_product`: one consistent GetItem with the credentials of the first event, and
/// nothing of the event read but the item's key.
pub async fn get_item(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let text = |pointer: &str| event.payload.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let context = |name: &str| text(&format!("/requestContext/authorizer/lambda/{name}"));
    let client = CLIENT.get_or_init(|| {
        let [id, secret, token] = ["accessKeyId", "secretAccessKey", "sessionToken"].map(context);
        client(Credentials::new(id, secret, Some(token.to_owned()), None, "event"))
    });
    let partition = AttributeValue::S(format!("T#{}#products", context("tenant")));
    let sort = AttributeValue::S(text("/pathParameters/id").to_owned());
    let request = client.get_item().table_name(std::env::var("TENANT_TABLE")?).consistent_read(true);
    let answer = request.key("pk", partition).key("sk", sort).send().await?;
    let document = answer.item.as_ref().and_then(|item| item.get("doc")?.as_s().ok());
    let document = document.ok_or("there is no such item")?;
    Ok(json!({ "statusCode": 200, "body": document }))
}

fn client(credentials: Credentials) -> Client {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_types::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(std::env::var("AWS_REGION").unwrap_or_default()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .endpoint_url(std::env::var("AWS_ENDPOINT_URL_DYNAMODB").unwrap_or_default())
        .build();
    Client::new(&config)
}
