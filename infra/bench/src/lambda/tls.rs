//! The local AWS services over TLS, with a chain of certificates like that of AWS.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::tests::workspace;
use axum::Router;
use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::runtime;

pub(crate) struct TlsServices {
    address: SocketAddr,
    directory: TempDir,
    server: JoinHandle<()>,
}

impl TlsServices {
    pub(crate) fn serve(router: Router) -> TlsServices {
        let directory = TempDir::new().expect("there is room for a temporary folder");
        let acceptor = acceptor(&roots_in(&directory));
        let listener = runtime().block_on(TcpListener::bind("127.0.0.1:0")).expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let server = runtime().spawn(async move {
            let listener = TlsListener { listener, acceptor, handshakes: JoinSet::new() };
            let _ = axum::serve(listener, router).await;
        });
        TlsServices { address, directory, server }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// A file with the roots of AWS, as functions have them, and that of the services here, in PEM.
    pub(crate) fn roots(&self) -> PathBuf {
        roots_in(&self.directory)
    }
}

impl Drop for TlsServices {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn roots_in(directory: &TempDir) -> PathBuf {
    directory.path().join("roots.pem")
}

/// Makes an authority, whose certificate it writes beside those that functions trust otherwise, and a server's certificate
/// for this machine.
fn acceptor(roots: &Path) -> TlsAcceptor {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // OpenSSL takes a certificate of its issuer's name for one that has signed itself.
    authority.distinguished_name.push(DnType::CommonName, "The authority of a benchmark");
    let key = || KeyPair::generate().expect("a key can be made");
    let authority = CertifiedIssuer::self_signed(authority, key()).expect("an authority can be made");
    let of_aws = workspace::root().join("shared/platform/src/aws/roots.pem");
    let of_aws = fs::read_to_string(of_aws).expect("the roots of AWS are in a file");
    fs::write(roots, of_aws + &authority.pem()).expect("a temporary file can be written");
    let server = key();
    let names = ["127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).expect("an address is a name");
    let certificate = certificate.signed_by(&server, &authority).expect("a certificate can be signed");
    let server = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], server)
        .expect("the key is the certificate's");
    TlsAcceptor::from(Arc::new(config))
}

/// Handshakes run side by side, so that none waits for another one.
struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    /// A connection whose handshake fails is dropped.
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((connection, peer)) = accepted else { continue };
                    let _ = connection.set_nodelay(true);
                    let handshake = self.acceptor.accept(connection);
                    self.handshakes.spawn(async move { Some((handshake.await.ok()?, peer)) });
                }
                Some(shaken) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = shaken {
                        return connection;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};
    use tokio::time::timeout;
    use tokio_rustls::TlsConnector;

    use super::*;

    fn connector(roots: &Path) -> TlsConnector {
        let mut trusted = RootCertStore::empty();
        let certificates = CertificateDer::pem_file_iter(roots).unwrap();
        trusted.add_parsable_certificates(certificates.map(Result::unwrap));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        TlsConnector::from(Arc::new(config.unwrap().with_root_certificates(trusted).with_no_client_auth()))
    }

    #[test]
    fn a_handshake_that_stands_still_holds_up_no_other_one() {
        let directory = TempDir::new().unwrap();
        let roots = roots_in(&directory);
        let acceptor = acceptor(&roots);
        runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let mut listener = TlsListener { listener, acceptor, handshakes: JoinSet::new() };
            let _silent = TcpStream::connect(address).await.unwrap();
            let speaking = TcpStream::connect(address).await.unwrap();
            let shaken = connector(&roots).connect(ServerName::try_from("127.0.0.1").unwrap(), speaking);
            let both = async { tokio::join!(listener.accept(), shaken) };
            let (_, client) = timeout(Duration::from_secs(10), both).await.expect("a handshake waits");
            client.unwrap();
        });
    }
}
