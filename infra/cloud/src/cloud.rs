//! A running cloud: the template's stack, its functions, the AWS services and the gateway.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::apis::{ApiError, Apis};
use crate::backend::{Backend, Functions};
use crate::compute::environment;
use crate::compute::lent_environment::{self, Lender};
use crate::compute::{ComputeError, FunctionStats};
use crate::console::{self, Console};
use crate::credentials_file;
use crate::invoke::InvokeError;
use crate::listener::{ListenError, Listener};
use crate::local_names::Wording;
use crate::model::Stack;
use crate::services::{
    Authorization, Backlog, CapacityLog, Credential, EventSources, Faults, Mail, NoEventSource, Services,
    ServicesError,
};
use crate::storage::Storage;
use crate::template::{self, Refusals};

pub const DEFAULT_STACK_NAME: &str = "terrace";

pub struct Options {
    pub template: PathBuf,
    pub parameters: BTreeMap<String, String>,
    pub storage: Storage,
    pub authorization: Authorization,
    pub backend: Backend,
    /// Where the keys of the template's profiles are written to. `None` is `credentials` in the data directory, and
    /// nowhere in memory.
    pub credentials_file: Option<PathBuf>,
    /// Port 0 chooses any free port; the same holds for the ports below.
    pub gateway_port: u16,
    /// Those of nested stacks' APIs, by logical id; any free port for the others.
    pub api_ports: BTreeMap<String, u16>,
    pub services_port: u16,
    pub console_port: Option<u16>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Template(#[from] Refusals),
    #[error(transparent)]
    Services(#[from] ServicesError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(
        "the profiles' keys cannot be written to {path}: {source}; --credentials-file names another file"
    )]
    CredentialsFile { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Listen(#[from] ListenError),
}

pub struct Cloud {
    stack: Arc<Stack>,
    services: Arc<Services>,
    functions: Functions,
    sources: Option<EventSources>,
    servers: JoinSet<()>,
    url: String,
    nested_urls: BTreeMap<String, String>,
    services_url: String,
    console_url: Option<String>,
    credentials_file: Option<PathBuf>,
}

impl Cloud {
    pub async fn start(options: Options) -> Result<Cloud, StartError> {
        Cloud::start_as(DEFAULT_STACK_NAME, options).await
    }

    pub async fn start_as(stack_name: &str, options: Options) -> Result<Cloud, StartError> {
        let stack = Arc::new(template::load(&options.template, stack_name, &options.parameters)?);
        let apis = Apis::open(&stack, options.gateway_port, &options.api_ports).await?;
        let services_listener = Listener::open(options.services_port, "TERRACE_AWS_PORT").await?;
        let console_listener = match options.console_port {
            Some(port) => Some(Listener::open(port, "TERRACE_CONSOLE_PORT").await?),
            None => None,
        };
        let services = Services::open(stack.clone(), &options.storage, options.authorization).await?;
        let services_url = services_listener.url();
        // After the services have locked the data directory, so that the secret of a running cloud stays.
        let lending_secret = options.backend.lending_secret()?;
        let credentials_file = options.write_credentials(&services)?;
        let functions = Functions::start(options.backend, &stack, &services, &services_url).await?;
        let mut cloud = Cloud {
            url: apis.root_url(),
            nested_urls: apis.nested_urls(),
            console_url: console_listener.as_ref().map(Listener::url),
            servers: JoinSet::new(),
            sources: None,
            credentials_file,
            services_url,
            functions,
            services,
            stack,
        };
        let mut router = cloud.services_router();
        if let Some(secret) = lending_secret {
            let (stack, services) = (cloud.stack.clone(), cloud.services.clone());
            let services_url = cloud.services_url.clone();
            router = router.merge(lent_environment::router(Lender { stack, services, services_url, secret }));
        }
        cloud.servers.spawn(services_listener.serve(router, Wording::Text));
        apis.serve(&cloud.stack, &cloud.functions.invoke(), &cloud.services.invokers(), &mut cloud.servers);
        cloud.sources = Some(cloud.services.start_event_sources(cloud.functions.invoke()));
        if let Some(listener) = console_listener {
            let console = Console {
                stack: cloud.stack.clone(),
                services: cloud.services.clone(),
                functions: cloud.functions.clone(),
                url: cloud.url.clone(),
            };
            cloud.servers.spawn(listener.serve(console::router(console), Wording::Text));
        }
        Ok(cloud)
    }

    /// The URL of the root's API, `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The URL of any stack's API.
    pub fn api_url(&self, logical_id: &str) -> Option<&str> {
        let root = self.stack.api().filter(|api| api.logical_id == logical_id).map(|_| self.url.as_str());
        root.or_else(|| self.nested_urls.get(logical_id).map(String::as_str))
    }

    /// The URLs of the nested stacks' APIs, by logical id.
    pub fn nested_urls(&self) -> &BTreeMap<String, String> {
        &self.nested_urls
    }

    /// The URL of the AWS services that functions call.
    pub fn services_url(&self) -> String {
        self.services_url.clone()
    }

    pub fn console_url(&self) -> Option<&str> {
        self.console_url.as_deref()
    }

    /// Where the keys of the template's profiles are.
    pub fn credentials_file(&self) -> Option<&Path> {
        self.credentials_file.as_deref()
    }

    /// The keys of one of the template's profiles.
    pub fn profile(&self, name: &str) -> Option<Credential> {
        self.services.credentials().profiles().get(name).cloned()
    }

    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The services, for who serves them at another address too.
    pub fn services_router(&self) -> axum::Router {
        self.services.router(self.functions.invoke())
    }

    pub fn faults(&self) -> &Faults {
        self.services.faults()
    }

    pub fn mailbox(&self) -> Vec<Mail> {
        self.services.mailbox()
    }

    pub fn capacity(&self) -> &CapacityLog {
        self.services.capacity()
    }

    /// The environment of a process of the function with this binary, for who runs it outside of the pool: with new
    /// credentials, and with the services at this URL.
    pub fn environment(&self, binary: &str, services_url: &str) -> Option<BTreeMap<String, String>> {
        let function = self.stack.functions.iter().find(|function| function.binary == binary)?;
        let credential = self.services.credentials().issue(&function.role_arn, &function.logical_id);
        Some(environment::of_process(function, &credential, services_url))
    }

    /// Keyed by the functions' logical ids; empty when `cargo lambda watch` runs them.
    pub fn function_stats(&self) -> BTreeMap<String, FunctionStats> {
        self.functions.stats()
    }

    /// Calls a function synchronously, through the same pool as the routes and the event sources.
    pub async fn invoke(&self, function_logical_id: &str, event: Value) -> Result<Value, InvokeError> {
        self.invoke_with_text(function_logical_id, event.to_string()).await
    }

    /// Like [`Cloud::invoke`], with an event that need not be JSON.
    pub async fn invoke_with_text(
        &self,
        function_logical_id: &str,
        event: String,
    ) -> Result<Value, InvokeError> {
        let answer = self.functions.invoke().invoke(function_logical_id, Bytes::from(event)).await?;
        serde_json::from_slice(&answer)
            .map_err(|error| InvokeError::Function(format!("the answer is not JSON: {error}")))
    }

    /// Switches the event sources of a function off or on, as `Enabled` does in the template.
    pub fn set_enabled(&self, function_logical_id: &str, enabled: bool) -> Result<(), NoEventSource> {
        match &self.sources {
            Some(sources) => sources.set_enabled(function_logical_id, enabled),
            None => Err(NoEventSource(function_logical_id.to_owned())),
        }
    }

    /// What the sources of tables' streams have not done with; `None` if a stream cannot be read.
    pub async fn stream_backlog(&self) -> Option<Backlog> {
        match &self.sources {
            Some(sources) => sources.backlog(&self.services).await,
            None => Some(Backlog::default()),
        }
    }

    /// Kills the processes of functions that have nothing to do, as Lambda does after a while.
    pub fn end_idle_processes(&self) {
        if let Functions::Pool(pool) = &self.functions {
            pool.end_idle();
        }
    }

    /// From now on, forwards what functions print to standard error.
    pub fn show_logs(&self) {
        if let Functions::Pool(pool) = &self.functions {
            pool.show_logs();
        }
    }

    /// The newest lines that functions printed; none when `cargo lambda watch` runs them.
    pub fn logs(&self) -> Vec<String> {
        match &self.functions {
            Functions::Pool(pool) => pool.logs(),
            Functions::CargoLambda(_) => Vec::new(),
        }
    }

    /// Stops callers before what they call: the event sources, then the functions, then the servers.
    pub async fn stop(mut self) {
        if let Some(sources) = self.sources.take() {
            sources.stop().await;
        }
        if let Functions::Pool(pool) = &self.functions {
            pool.stop().await;
        }
        self.servers.shutdown().await;
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // Requests may still hold the pool. Polling `stop` once kills the processes without waiting.
        if let Functions::Pool(pool) = &self.functions {
            pool.stop().now_or_never();
        }
    }
}

impl Options {
    /// Writes the keys of the template's profiles, if it has any, and answers where they are.
    fn write_credentials(&self, services: &Services) -> Result<Option<PathBuf>, StartError> {
        let of_data = match &self.storage {
            Storage::Memory => None,
            Storage::Directory(directory) => Some(directory.join("credentials")),
        };
        let path = self.credentials_file.clone().or(of_data);
        let path = path.filter(|_| !services.credentials().profiles().is_empty());
        if let Some(path) = &path {
            credentials_file::write(path, services.credentials())
                .map_err(|source| StartError::CredentialsFile { path: path.clone(), source })?;
        }
        Ok(path)
    }
}
