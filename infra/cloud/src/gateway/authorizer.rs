//! Lambda REQUEST authorizers with payload format 2.0 and simple responses, cached by identity.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::cache::Cache;
use super::permissions::Permissions;
use super::refusal::{Refusal, unwritable};
use super::request::Request;
use crate::invoke::{Invoke, InvokeError};
use crate::model;

/// API Gateway's limit for an authorizer.
const TIME_LIMIT: Duration = Duration::from_secs(10);
const CACHED: usize = 10_000;

pub(crate) struct Authorizer {
    name: String,
    model: model::Authorizer,
    /// Keyed by identity only: a verdict holds for every route, whatever the other headers are.
    verdicts: Mutex<Cache<Verdict>>,
}

#[derive(Clone)]
struct Verdict {
    is_authorized: bool,
    /// It stays text, since functions get it as it is.
    context: Option<Arc<RawValue>>,
}

/// What an authorizer says of a request that it allows, if it says anything.
pub(crate) type AuthorizerContext = Option<Arc<RawValue>>;

impl Verdict {
    fn read(answer: &[u8]) -> Result<Verdict, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            is_authorized: bool,
            context: Option<Box<RawValue>>,
        }
        let Answer { is_authorized, context } =
            serde_json::from_slice(answer).map_err(|error| error.to_string())?;
        match &context {
            Some(context) if !context.get().starts_with('{') => Err("its context is no object".to_owned()),
            _ => Ok(Verdict { is_authorized, context: context.map(Arc::from) }),
        }
    }

    fn into_context(self) -> Result<AuthorizerContext, Refusal> {
        match self.is_authorized {
            true => Ok(self.context),
            false => Err(Refusal::Forbidden),
        }
    }
}

impl Authorizer {
    pub(crate) fn new(name: String, model: model::Authorizer) -> Authorizer {
        let verdicts = Mutex::new(Cache::new(model.reauthorize_every, CACHED));
        Authorizer { name, model, verdicts }
    }

    pub(crate) async fn authorize(
        &self,
        invoke: &dyn Invoke,
        permissions: &Permissions,
        request: &Request,
        event: impl FnOnce(&[String]) -> serde_json::Result<Bytes>,
    ) -> Result<AuthorizerContext, Refusal> {
        let identity = self.identity(request).ok_or(Refusal::Unauthorized)?;
        if let Some(verdict) = self.cached(&identity) {
            return verdict.into_context();
        }
        permissions.check_authorizer(&self.name, &self.model.function)?;
        let verdict = self.ask(invoke, event(&identity).map_err(unwritable)?).await?;
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner).put(
            identity,
            verdict.clone(),
            Instant::now(),
        );
        verdict.into_context()
    }

    fn identity(&self, request: &Request) -> Option<Vec<String>> {
        let value = |name: &String| request.header(name).filter(|value| !value.is_empty()).map(str::to_owned);
        self.model.identity_headers.iter().map(value).collect()
    }

    fn cached(&self, identity: &[String]) -> Option<Verdict> {
        // Without identity headers, all callers would share one verdict.
        if identity.is_empty() {
            return None;
        }
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner).get(identity, Instant::now())
    }

    async fn ask(&self, invoke: &dyn Invoke, event: Bytes) -> Result<Verdict, Refusal> {
        let function = &self.model.function;
        let answer =
            timeout(TIME_LIMIT, invoke.invoke(function, event)).await.unwrap_or(Err(InvokeError::TimedOut));
        let answer = answer.map_err(|error| {
            if is_unauthorized(&error) {
                return Refusal::Unauthorized;
            }
            tracing::error!(function, %error, "an authorizer failed");
            Refusal::InternalServerError
        })?;
        Verdict::read(&answer).map_err(|error| {
            tracing::error!(function, error, "an authorizer's answer is no simple response");
            Refusal::InternalServerError
        })
    }
}

/// API Gateway answers 401 to this one error of an authorizer, and 500 to any other.
fn is_unauthorized(error: &InvokeError) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Document {
        error_message: String,
    }
    let InvokeError::Function(document) = error else {
        return false;
    };
    serde_json::from_str::<Document>(document).is_ok_and(|document| document.error_message == "Unauthorized")
}
