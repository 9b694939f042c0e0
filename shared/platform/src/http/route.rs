use http::{Method, StatusCode};

use crate::http::ProblemType;
use crate::tenancy::Access;

/// What the template says of an endpoint, said again where its code is, and what the contract tells of it.
#[derive(Clone, Copy)]
pub struct Route<A: Access> {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) access: A,
    pub(crate) success: StatusCode,
    pub(crate) otherwise: Option<StatusCode>,
    pub(crate) refusals: &'static [ProblemType],
    pub(crate) costs: &'static [Cost],
    pub(crate) is_conditional: bool,
    pub(crate) has_secret: bool,
    pub(crate) verbatim: Option<&'static str>,
}

/// The DynamoDB capacity units that one call consumes, in the case that is named.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Cost {
    case: &'static str,
    read: f64,
    write: f64,
}

impl Cost {
    /// Of the ordinary case.
    pub const fn of(read: f64, write: f64) -> Self {
        Self::when("", read, write)
    }

    pub const fn when(case: &'static str, read: f64, write: f64) -> Self {
        Self { case, read, write }
    }
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
            is_conditional: false,
            has_secret: false,
            verbatim: None,
        }
    }

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

    /// Demands `If-Match`: the handler compares it by [`Call::admit`](crate::http::Call::admit).
    pub const fn conditional(mut self) -> Self {
        self.is_conditional = true;
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
