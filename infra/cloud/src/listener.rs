//! HTTP servers that listen on 127.0.0.1 only, and answer requests for its names only.

use std::future::Future;
use std::io;

use axum::serve::ListenerExt;
use axum::{Router, middleware};
use tokio::net::TcpListener;

use crate::local_names::{LocalNames, Wording, only_local_names};

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("port {port} on 127.0.0.1 is taken; set {variable} to a free one")]
    Taken { port: u16, variable: String },
    #[error("port {port} on 127.0.0.1 cannot be opened: {source}; {variable} chooses another")]
    Closed { port: u16, variable: String, source: io::Error },
}

pub(crate) struct Listener {
    listener: TcpListener,
    port: u16,
}

impl Listener {
    /// Port 0 chooses any free port. `variable` is the environment variable or argument that errors name as the remedy.
    pub(crate) async fn open(port: u16, variable: &str) -> Result<Listener, ListenError> {
        let variable = || variable.to_owned();
        Listener::bind(port).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ListenError::Taken { port, variable: variable() },
            _ => ListenError::Closed { port, variable: variable(), source },
        })
    }

    pub(crate) async fn bind(port: u16) -> io::Result<Listener> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let port = listener.local_addr()?.port();
        Ok(Listener { listener, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves until it is dropped. `wording` is the form of the refusal that other names than this machine's get.
    pub(crate) fn serve(self, router: Router, wording: Wording) -> impl Future<Output = ()> + Send {
        let Listener { listener, port } = self;
        let names = LocalNames { port, wording };
        let router = router.layer(middleware::from_fn_with_state(names, only_local_names));
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::warn!(%error, "answers may be delayed");
            }
        });
        async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, port, "a server ended");
            }
        }
    }
}
