//! HTTP servers that listen on 127.0.0.1 only.

use std::io;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("port {port} on 127.0.0.1 is taken; set {variable} to a free one")]
    Taken { port: u16, variable: &'static str },
    #[error("port {port} on 127.0.0.1 cannot be opened: {source}; {variable} chooses another")]
    Closed { port: u16, variable: &'static str, source: io::Error },
}

pub(crate) struct Listener {
    listener: TcpListener,
    port: u16,
}

impl Listener {
    /// Port 0 chooses any free port. `variable` is the environment variable that errors name as the remedy.
    pub(crate) async fn open(port: u16, variable: &'static str) -> Result<Listener, ListenError> {
        let closed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => ListenError::Taken { port, variable },
            _ => ListenError::Closed { port, variable, source },
        };
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(closed)?;
        let port = listener.local_addr().map_err(closed)?.port();
        Ok(Listener { listener, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves until `tasks` is dropped.
    pub(crate) fn serve(self, router: Router, tasks: &mut JoinSet<()>) {
        tasks.spawn(async move {
            if let Err(error) = axum::serve(self.listener, router).await {
                tracing::error!(%error, port = self.port, "a server ended");
            }
        });
    }
}
