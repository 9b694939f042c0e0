//! The connections of a process, which all of its AWS clients share.

use std::error::Error;
use std::fs;

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::{ConfigError, optional};

/// The roots of AWS's certificates, from <https://www.amazontrust.com/repository/>. A function calls nobody else, and
/// to read the hundred and more that a machine trusts takes more instructions than all else before its first answer.
const AWS_ROOTS: &[u8] = include_bytes!("roots.pem");
/// Names a file of certificates in PEM that are trusted in place of them.
const ROOTS_FILE: &str = "SSL_CERT_FILE";

/// Without the SDK's validation at the making of each client, which makes a connector and drops it. There is a client
/// for each session of a tenant.
#[derive(Debug)]
struct Connections(SharedHttpClient);

impl HttpClient for Connections {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }
}

pub(super) fn connections() -> Result<SharedHttpClient, ConfigError> {
    match optional(ROOTS_FILE) {
        Some(path) => connections_trusting(&roots_in(&path)?),
        None => connections_trusting(AWS_ROOTS),
    }
}

fn invalid(reason: String) -> ConfigError {
    ConfigError::Invalid(ROOTS_FILE, reason)
}

/// Connections that trust these roots and no others. What is not a certificate in PEM makes the first of them panic.
fn connections_trusting(roots: &[u8]) -> Result<SharedHttpClient, ConfigError> {
    let roots = TrustStore::empty().with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(roots).build();
    let context = context.map_err(|error| invalid(error.to_string()))?;
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(SharedHttpClient::new(Connections(builder.tls_context(context).build_https())))
}

/// The text of a file that holds at least one certificate and none that is broken.
fn roots_in(path: &str) -> Result<Vec<u8>, ConfigError> {
    let read = || -> Result<Vec<u8>, Box<dyn Error>> {
        let text = fs::read(path)?;
        match certificates(&text)? {
            0 => Err("it holds no certificate in PEM".into()),
            _ => Ok(text),
        }
    };
    read().map_err(|error| invalid(format!("{path}: {error}")))
}

fn certificates(text: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(text) {
        roots.add(certificate?)?;
    }
    Ok(roots.len())
}

#[cfg(test)]
mod tests;
