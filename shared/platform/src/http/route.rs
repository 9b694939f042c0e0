//! What an endpoint is, said where its code is.

use std::marker::PhantomData;

use http::{Method, StatusCode};

use crate::describe::Cost;
use crate::http::{Access, Conditional, Precondition, ProblemType, Unconditional};

/// What the template says of an endpoint, said again where its code is, and what the contract says of it.
#[derive(Clone, Copy)]
pub struct Route<A: Access, C: Precondition = Unconditional> {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) access: A,
    pub(crate) success: StatusCode,
    pub(crate) otherwise: Option<StatusCode>,
    pub(crate) refusals: &'static [ProblemType],
    pub(crate) costs: &'static [Cost],
    pub(crate) has_secret: bool,
    pub(crate) verbatim: Option<&'static str>,
    precondition: PhantomData<fn(C)>,
}

impl<A: Access> Route<A> {
    pub const fn get(path: &'static str, access: A) -> Self {
        Self::new("GET", path, access, StatusCode::OK)
    }

    /// A POST takes an `Idempotency-Key`, when its caller is signed in.
    pub const fn post(path: &'static str, access: A) -> Self {
        Self::new("POST", path, access, StatusCode::CREATED)
    }

    pub const fn put(path: &'static str, access: A) -> Self {
        Self::new("PUT", path, access, StatusCode::OK)
    }

    /// A PATCH changes at least one field.
    pub const fn patch(path: &'static str, access: A) -> Self {
        Self::new("PATCH", path, access, StatusCode::OK)
    }

    pub const fn delete(path: &'static str, access: A) -> Self {
        Self::new("DELETE", path, access, StatusCode::OK)
    }

    const fn new(method: &'static str, path: &'static str, access: A, success: StatusCode) -> Self {
        Self {
            method,
            path,
            access,
            success,
            otherwise: None,
            refusals: &[],
            costs: &[],
            has_secret: false,
            verbatim: None,
            precondition: PhantomData,
        }
    }

    /// Demands `If-Match`. The handler's call can change what it read by [`Call::expect`](crate::http::Call::expect)
    /// alone, which compares the versions:
    ///
    /// ```compile_fail,E0599
    /// use domain::Versioned;
    /// use platform::http::{Call, Conditional};
    /// use platform::table::Known;
    ///
    /// fn forget<P, B, T>(call: &Call<P, B, Conditional>, now: Versioned<T>) -> Known<T> {
    ///     call.as_read(now)
    /// }
    /// ```
    pub const fn conditional(self) -> Route<A, Conditional> {
        let Self { method, path, access, success, otherwise, refusals, costs, has_secret, verbatim, .. } =
            self;
        Route {
            method,
            path,
            access,
            success,
            otherwise,
            refusals,
            costs,
            has_secret,
            verbatim,
            precondition: PhantomData,
        }
    }
}

impl<A: Access, C: Precondition> Route<A, C> {
    pub const fn answering(mut self, success: StatusCode) -> Self {
        self.success = success;
        self
    }

    /// Another status that comes with an answer of the same shape.
    pub const fn or_answering(mut self, otherwise: StatusCode) -> Self {
        self.otherwise = Some(otherwise);
        self
    }

    /// What the handler may answer besides what every route of its kind may.
    pub const fn refusing(mut self, refusals: &'static [ProblemType]) -> Self {
        self.refusals = refusals;
        self
    }

    pub const fn costing(mut self, costs: &'static [Cost]) -> Self {
        self.costs = costs;
        self
    }

    /// The body holds a secret: what is kept of it to recognise a repetition takes as long to guess as a password.
    pub const fn with_secret(mut self) -> Self {
        self.has_secret = true;
        self
    }

    /// The answer is a text, sent as it is.
    pub const fn verbatim(mut self, media_type: &'static str) -> Self {
        self.verbatim = Some(media_type);
        self
    }

    /// How the template and API Gateway name the route.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether the gateway calls this function for that route: a GET answers HEAD as well.
    pub(crate) fn serves(&self, route_key: &str) -> bool {
        match route_key.split_once(' ') {
            Some(("HEAD", path)) => self.is_get() && path == self.path,
            _ => route_key == self.key(),
        }
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET.as_str()
    }

    pub(crate) fn is_post(&self) -> bool {
        self.method == Method::POST.as_str()
    }

    pub(crate) fn is_patch(&self) -> bool {
        self.method == Method::PATCH.as_str()
    }
}
