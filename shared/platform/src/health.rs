//! Health checks, which call the services that the backend depends on.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::tokens::{fetch_public_key, signing_key_ids};
use crate::aws::{shared_config, with_endpoint};

const DEADLINE: Duration = Duration::from_secs(3);
/// How long an outcome is repeated. Anybody may ask, and what is asked costs money.
const KEPT: Duration = Duration::from_secs(5);

/// The clients of the services that are checked.
pub struct Health {
    registry: Registry,
    kms: aws_sdk_kms::Client,
    key_id: String,
    kept: Mutex<Option<(Instant, [Check; 2])>>,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Check {
    name: &'static str,
    status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Failing,
}

impl Check {
    pub fn is_ok(&self) -> bool {
        self.status == Status::Ok
    }
}

impl Health {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        Ok(Self {
            registry: Registry::open(&shared)?,
            kms: aws_sdk_kms::Client::new(&with_endpoint(&shared, "AWS_ENDPOINT_URL_KMS")),
            key_id: signing_key_ids()?.swap_remove(0),
            kept: Mutex::new(None),
        })
    }

    /// The outcome of all checks, which may be some seconds old.
    pub async fn checks(&self) -> [Check; 2] {
        let mut kept = self.kept.lock().await;
        if let Some((since, checks)) = *kept
            && since.elapsed() < KEPT
        {
            return checks;
        }
        let checks = self.run().await;
        *kept = Some((Instant::now(), checks));
        checks
    }

    /// Runs all checks concurrently. A check without a result after three seconds counts as failing.
    async fn run(&self) -> [Check; 2] {
        let registry = async { self.registry.check().await.map_err(|error| error.to_string()) };
        let key = async { fetch_public_key(&self.kms, &self.key_id).await.map(|_| ()) };
        let (registry, key) = futures::join!(check("registryTable", registry), check("signingKey", key));
        [registry, key]
    }
}

async fn check(name: &'static str, probe: impl Future<Output = Result<(), String>>) -> Check {
    let failure = match timeout(DEADLINE, probe).await {
        Ok(Ok(())) => {
            return Check { name, status: Status::Ok };
        }
        Ok(Err(reason)) => reason,
        Err(_) => "no answer in time".to_owned(),
    };
    tracing::error!(check = name, reason = failure, "health check failed");
    Check { name, status: Status::Failing }
}
