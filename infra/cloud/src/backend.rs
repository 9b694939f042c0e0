//! What runs the functions: processes of their binaries, or `cargo lambda watch`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::compute::{CargoLambda, ComputeError, FunctionStats, LendingSecret, ProcessPool};
use crate::invoke::Invoke;
use crate::model::{Function, Stack};
use crate::services::Services;

/// What runs the functions.
pub enum Backend {
    Binaries {
        directory: PathBuf,
    },
    /// A `cargo lambda watch` that is running already; `url` is that of its Invoke API. The start writes a new secret
    /// into `secret_file`, by which the functions' processes get their environment.
    CargoLambda {
        url: String,
        secret_file: PathBuf,
    },
}

/// The running backend.
#[derive(Clone)]
pub(crate) enum Functions {
    Pool(Arc<ProcessPool>),
    CargoLambda(Arc<CargoLambda>),
}

impl Backend {
    pub(crate) fn lending_secret(&self) -> Result<Option<LendingSecret>, ComputeError> {
        let Backend::CargoLambda { secret_file, .. } = self else {
            return Ok(None);
        };
        let unwritten = |source| ComputeError::Secret { path: secret_file.clone(), source };
        LendingSecret::write_new(secret_file).map(Some).map_err(unwritten)
    }
}

impl Functions {
    pub(crate) async fn start(
        backend: Backend,
        stack: &Arc<Stack>,
        services: &Arc<Services>,
        services_url: &str,
    ) -> Result<Functions, ComputeError> {
        let directory = match backend {
            Backend::Binaries { directory } => directory,
            Backend::CargoLambda { url, .. } => {
                return Ok(Functions::CargoLambda(Arc::new(CargoLambda::new(stack.clone(), url)?)));
            }
        };
        let (issuer, taps) = (services.clone(), services.clone());
        let credentials =
            move |function: &Function| issuer.credentials().issue(&function.role_arn, &function.logical_id);
        let taps = move |function: &Function| taps.log_tap(function);
        let (stack, services_url) = (stack.clone(), services_url.to_owned());
        Ok(Functions::Pool(ProcessPool::start(stack, directory, credentials, taps, services_url).await?))
    }

    pub(crate) fn invoke(&self) -> Arc<dyn Invoke> {
        match self {
            Functions::Pool(pool) => pool.clone(),
            Functions::CargoLambda(cargo_lambda) => cargo_lambda.clone(),
        }
    }

    pub(crate) fn stats(&self) -> BTreeMap<String, FunctionStats> {
        match self {
            Functions::Pool(pool) => pool.stats(),
            Functions::CargoLambda(_) => BTreeMap::new(),
        }
    }
}
