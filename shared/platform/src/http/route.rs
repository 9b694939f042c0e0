//! Routes: the declarations of endpoints.

use std::marker::PhantomData;

use domain::plugin::Manifest;
use domain::tier::Feature;
use http::{Method, StatusCode};

use crate::describe::Cost;
use crate::http::input::BODY_LIMIT;
use crate::http::{Access, Conditional, Precondition, ProblemType, RequiredAccess, Unconditional};
use crate::table::AccessClass;

/// The declaration of an endpoint: its method and path, as in the template, and what the template does not
/// know: who may call it, what it answers, and what a call costs.
#[derive(Clone, Copy)]
pub struct Route<A: Access, C: Precondition = Unconditional> {
    pub(crate) access: A,
    pub(crate) declared: Declared,
    precondition: PhantomData<fn(C)>,
}

/// What a route declares besides access and precondition, which are types.
#[derive(Clone, Copy)]
pub(crate) struct Declared {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) success: StatusCode,
    pub(crate) otherwise: Option<StatusCode>,
    pub(crate) refusals: &'static [ProblemType],
    pub(crate) costs: &'static [Cost],
    pub(crate) has_secret: bool,
    pub(crate) verbatim: Option<&'static str>,
    /// Set by `serve_rereading`: receipts keep the subject of an answer, and not the answer.
    pub(crate) keeps_subjects: bool,
    touches_identities: bool,
    pub(crate) feature: Option<Feature>,
    pub(crate) plugin: Option<&'static Manifest>,
    pub(crate) body_limit: usize,
}

impl<A: Access> Route<A> {
    pub const fn get(path: &'static str, access: A) -> Self {
        Self::new("GET", path, access, StatusCode::OK)
    }

    /// Answers 201, unless [`answering`](Route::answering) changes that. Unless it is open to anyone, a POST
    /// accepts an `Idempotency-Key`.
    pub const fn post(path: &'static str, access: A) -> Self {
        Self::new("POST", path, access, StatusCode::CREATED)
    }

    pub const fn put(path: &'static str, access: A) -> Self {
        Self::new("PUT", path, access, StatusCode::OK)
    }

    /// A PATCH refuses a body without fields.
    pub const fn patch(path: &'static str, access: A) -> Self {
        Self::new("PATCH", path, access, StatusCode::OK)
    }

    pub const fn delete(path: &'static str, access: A) -> Self {
        Self::new("DELETE", path, access, StatusCode::OK)
    }

    const fn new(method: &'static str, path: &'static str, access: A, success: StatusCode) -> Self {
        let declared = Declared {
            method,
            path,
            success,
            otherwise: None,
            refusals: &[],
            costs: &[],
            has_secret: false,
            verbatim: None,
            keeps_subjects: false,
            touches_identities: false,
            feature: None,
            plugin: None,
            body_limit: BODY_LIMIT,
        };
        Self { access, declared, precondition: PhantomData }
    }

    /// Requires `If-Match`. The handler can decide on what it has read only through
    /// [`Call::expect`](crate::http::Call::expect), which compares the versions:
    ///
    /// ```compile_fail,E0599
    /// use domain::Versioned;
    /// use platform::http::{Call, Conditional};
    /// use platform::table::Known;
    ///
    /// fn forget<P, B, T>(call: &Call<P, B, Conditional>, loaded: Versioned<T>) -> Known<T> {
    ///     call.as_read(loaded)
    /// }
    /// ```
    pub const fn conditional(self) -> Route<A, Conditional> {
        let Self { access, declared, .. } = self;
        Route { access, declared, precondition: PhantomData }
    }
}

impl<A: Access, C: Precondition> Route<A, C> {
    pub(crate) fn keeping_subjects(mut self) -> Self {
        self.declared.keeps_subjects = true;
        self
    }

    /// Sets the status of a successful answer.
    pub const fn answering(mut self, success: StatusCode) -> Self {
        self.declared.success = success;
        self
    }

    /// Declares a second status, whose answer has the same schema.
    pub const fn or_answering(mut self, otherwise: StatusCode) -> Self {
        self.declared.otherwise = Some(otherwise);
        self
    }

    /// Declares the problems that the handler answers, besides those that any route of its kind may answer.
    pub const fn refusing(mut self, refusals: &'static [ProblemType]) -> Self {
        self.declared.refusals = refusals;
        self
    }

    /// Declares the capacity that calls consume. A test compares it with measurements.
    pub const fn costing(mut self, costs: &'static [Cost]) -> Self {
        self.declared.costs = costs;
        self
    }

    /// Declares that the body holds a secret: the stored hash of the request, by which a repetition is
    /// recognised, is then as slow to guess as a password's.
    pub const fn with_secret(mut self) -> Self {
        self.declared.has_secret = true;
        self
    }

    /// Declares that the route reads the directory or sessions, or changes users, roles or the tenant's profile. It
    /// needs the authorizer that vends access to them.
    pub const fn of_identities(mut self) -> Self {
        self.declared.touches_identities = true;
        self
    }

    /// Declares that only tenants with this feature may call the route.
    pub const fn needing(mut self, feature: Feature) -> Self {
        self.declared.feature = Some(feature);
        self
    }

    /// Declares that the route belongs to a plugin: it is not there for tenants in which the plugin is not active, and needs
    /// the plugin's feature.
    pub const fn of_plugin(mut self, manifest: &'static Manifest) -> Self {
        self.declared.plugin = Some(manifest);
        self.declared.feature = manifest.feature;
        self
    }

    /// Declares how many bytes a body may have, for a route that takes more than most.
    pub const fn taking(mut self, bytes: usize) -> Self {
        self.declared.body_limit = bytes;
        self
    }

    /// Declares that the answer is a text, which is sent as it is.
    pub const fn verbatim(mut self, media_type: &'static str) -> Self {
        self.declared.verbatim = Some(media_type);
        self
    }

    /// The class of access that the template's authorizer must vend for this route.
    pub(crate) fn access_class(&self) -> AccessClass {
        match self.declared.touches_identities {
            true => AccessClass::IDENTITY,
            false if self.is_get() => AccessClass::READ,
            false => AccessClass::WRITE,
        }
    }

    /// The route's key in API Gateway, such as `GET /orders/{id}`.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.declared.method, self.declared.path)
    }

    /// Whether this function serves the gateway's route of that key. A function for GET serves HEAD as well.
    pub(crate) fn serves(&self, route_key: &str) -> bool {
        match route_key.split_once(' ') {
            Some(("HEAD", path)) => self.is_get() && path == self.declared.path,
            _ => route_key == self.key(),
        }
    }

    pub(crate) fn is_get(&self) -> bool {
        self.declared.method == Method::GET.as_str()
    }

    /// Whether requests may have an `Idempotency-Key`.
    pub(crate) fn takes_keys(&self) -> bool {
        let is_post = self.declared.method == Method::POST.as_str();
        is_post && self.access.required_access() != RequiredAccess::Anyone
    }

    pub(crate) fn is_patch(&self) -> bool {
        self.declared.method == Method::PATCH.as_str()
    }
}
