//! The stack's APIs, each on a port of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::gateway;
use crate::invoke::Invoke;
use crate::listener::{ListenError, Listener};
use crate::local_names::Wording;
use crate::model::{HttpApi, Stack};
use crate::services::Invokers;

#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error(
        "--api-port {given}: no nested stack has such an API; they have {known}. --port is for the root's"
    )]
    Unknown { given: String, known: String },
}

/// Listeners that serve nothing yet.
pub(crate) struct Apis {
    root: Listener,
    /// Those of nested stacks, by logical id.
    nested: BTreeMap<String, Listener>,
}

impl Apis {
    /// Opens a port for the root's API, whether there is one or not, and for that of each nested stack, of which any free
    /// port serves those that `ports` does not name.
    pub(crate) async fn open(
        stack: &Stack,
        port: u16,
        ports: &BTreeMap<String, u16>,
    ) -> Result<Apis, ApiError> {
        let known: Vec<&str> = nested(stack).map(|api| api.logical_id.as_str()).collect();
        if let Some(given) = ports.keys().find(|given| !known.contains(&given.as_str())) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(ApiError::Unknown { given: given.clone(), known });
        }
        let root = Listener::open(port, "TERRACE_PORT").await?;
        let mut nested = BTreeMap::new();
        for logical_id in known {
            let port = ports.get(logical_id).copied().unwrap_or(0);
            let listener = Listener::open(port, &format!("--api-port {logical_id}=<port>")).await?;
            nested.insert(logical_id.to_owned(), listener);
        }
        Ok(Apis { root, nested })
    }

    pub(crate) fn root_url(&self) -> String {
        self.root.url()
    }

    /// By logical id.
    pub(crate) fn nested_urls(&self) -> BTreeMap<String, String> {
        self.nested.iter().map(|(id, listener)| (id.clone(), listener.url())).collect()
    }

    pub(crate) fn serve(
        mut self,
        stack: &Stack,
        invoke: &Arc<dyn Invoke>,
        invokers: &Invokers,
        servers: &mut JoinSet<()>,
    ) {
        let root = gateway::router(stack, stack.api(), invoke.clone(), invokers.clone());
        servers.spawn(self.root.serve(root, Wording::Message));
        for api in nested(stack) {
            if let Some(listener) = self.nested.remove(&api.logical_id) {
                let router = gateway::router(stack, Some(api), invoke.clone(), invokers.clone());
                servers.spawn(listener.serve(router, Wording::Message));
            }
        }
    }
}

fn nested(stack: &Stack) -> impl Iterator<Item = &HttpApi> {
    stack.apis.iter().filter(|api| api.stack != stack.name)
}
