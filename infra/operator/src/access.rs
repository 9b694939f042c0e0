//! The API's address, and the credentials of whoever calls it.

use std::error::Error;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use clap::Args;
use client::Keys;
use http::Uri;

use crate::api::Api;
use crate::failure::Failure;

const NO_URL: &str = "\
Where is the operators' API? Say it by --url or TERRACE_OPERATORS_URL. It is an output of the stack:
aws cloudformation describe-stacks --stack-name terrace \\
  --query \"Stacks[0].Outputs[?OutputKey=='OperatorsApiUrl'].OutputValue\" --output text";

#[derive(Debug, Args)]
pub(crate) struct Access {
    /// The address of the operators' API
    #[arg(long, env = "TERRACE_OPERATORS_URL", global = true)]
    url: Option<String>,
    /// The profile whose credentials sign the requests, as for the AWS CLI [env: AWS_PROFILE]
    #[arg(long, global = true)]
    profile: Option<String>,
    /// The region of the API, where its address does not tell it [env: AWS_REGION]
    #[arg(long, global = true)]
    region: Option<String>,
}

impl Access {
    pub(crate) fn connect(&self) -> Result<Api, Failure> {
        let url = address(self.url.as_deref())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Credentials(error.to_string()))?;
        let (id, keys) = runtime.block_on(self.keys(&url))?;
        Ok(Api::new(url.to_string().trim_end_matches('/'), id, keys))
    }

    /// The keys, with their id.
    async fn keys(&self, url: &Uri) -> Result<(String, Keys), Failure> {
        let connections = aws_smithy_http_client::Builder::new();
        let connections = connections.tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(connections.clone());
        if let Some(profile) = &self.profile {
            // Asked for by name, it counts more than keys in the environment, as for the AWS CLI.
            let chosen = ProfileFileCredentialsProvider::builder().profile_name(profile);
            let connections = ProviderConfig::default().with_http_client(connections);
            loader =
                loader.profile_name(profile).credentials_provider(chosen.configure(&connections).build());
        }
        if let Some(region) = self.region.as_deref().or_else(|| region_in(url.host()?)) {
            loader = loader.region(Region::new(region.to_owned()));
        }
        keys(&loader.load().await).await
    }
}

async fn keys(config: &SdkConfig) -> Result<(String, Keys), Failure> {
    let failed = |reason: String| Failure::Credentials(format!("No AWS credentials: {reason}."));
    let region = config.region().ok_or_else(|| {
        Failure::Credentials("Which region is the API in? Say it by --region or AWS_REGION.".to_owned())
    })?;
    let provider = config.credentials_provider().ok_or_else(|| failed("nothing provides any".to_owned()))?;
    let found = provider.provide_credentials().await.map_err(|error| failed(chain(&error)))?;
    let [id, secret] = [found.access_key_id(), found.secret_access_key()].map(str::to_owned);
    let token = found.session_token().map(str::to_owned);
    Ok((id.clone(), Keys::new(id, secret, token, region.as_ref())))
}

/// Requests carry passwords, so nobody but this machine may see them unencrypted.
fn address(url: Option<&str>) -> Result<Uri, Failure> {
    let url = url.ok_or_else(|| Failure::Usage(NO_URL.to_owned()))?;
    let malformed = || Failure::Usage(format!("{url} is no address of an API: write https://…"));
    let address: Uri = url.parse().map_err(|_| malformed())?;
    let is_local = matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match address.scheme_str() {
        Some("https") => Ok(address),
        Some("http") if is_local => Ok(address),
        Some("http") => Err(Failure::Usage(format!("{url} is not encrypted: write https://…"))),
        _ => Err(malformed()),
    }
}

/// As in `<id>.execute-api.<region>.amazonaws.com`.
fn region_in(host: &str) -> Option<&str> {
    let mut labels = host.split('.').skip_while(|label| *label != "execute-api").skip(1);
    labels.next().filter(|_| host.contains(".amazonaws.com"))
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_that_of_the_address() {
        let host = "a1b2c3.execute-api.eu-central-1.amazonaws.com";
        assert_eq!(region_in(host), Some("eu-central-1"));
        assert_eq!(region_in("a1b2c3.execute-api.cn-north-1.amazonaws.com.cn"), Some("cn-north-1"));
        assert_eq!(region_in("operators.terrace.example"), None);
        assert_eq!(region_in("127.0.0.1"), None);
    }

    #[test]
    fn only_this_machine_is_spoken_to_unencrypted() {
        for good in ["https://operators.terrace.example", "http://127.0.0.1:4003", "http://[::1]:4003"] {
            assert!(address(Some(good)).is_ok(), "{good}");
        }
        for bad in
            ["http://operators.terrace.example", "http://127.0.0.1.example", "operators", "ftp://localhost"]
        {
            assert!(matches!(address(Some(bad)), Err(Failure::Usage(_))), "{bad}");
        }
        assert!(address(None).unwrap_err().to_string().contains("OperatorsApiUrl"));
    }
}
