//! Refusals and failures as problem details (RFC 9457). This is the one mapping from errors to HTTP.

use domain::Version;
use domain::permission::{Permission, PermissionSet};
use domain::plugin::PluginName;
use domain::tier::Feature;
use schemars::JsonSchema;
use serde::Serialize;

use crate::http::ProblemType;
use crate::http::problem_type::{Explanation, PROBLEMS};
use crate::json::MOST_INVALID;
use crate::limits::{Usage, WINDOW_SECONDS};
use crate::table::{Conflict, StoreError};

/// An answer that is not a success: its type and a detail for the client, and a cause for the log.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemType,
    detail: String,
    invalid: Vec<InvalidField>,
    /// For the log; clients do not get it.
    cause: Option<String>,
    /// Another request with the same idempotency key has committed first, and its reply is to be replayed.
    pub(crate) is_race: bool,
    /// In seconds, for the header `Retry-After`.
    pub(crate) retry_after: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct InvalidField {
    /// A JSON pointer into the body, or a slash and the name of a path, query or header parameter.
    pub(crate) field: String,
    pub(crate) rule: String,
}

impl InvalidField {
    pub(crate) fn new(field: impl Into<String>, rule: impl ToString) -> Self {
        Self { field: field.into(), rule: rule.to_string() }
    }
}

/// Problem details of RFC 9457.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Problem")]
pub(crate) struct Document<'a> {
    /// The type of the problem: the path of the page of this API that explains it.
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    /// The id of this request in the log.
    request_id: &'a str,
    /// All fields that break a rule: parameters and headers first, then the body's in their order, those that an
    /// object misses behind those that it has. At most 100 are named.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schemars(length(max = MOST_INVALID))]
    errors: &'a [InvalidField],
}

impl Problem {
    fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            invalid: Vec::new(),
            cause: None,
            is_race: false,
            retry_after: None,
        }
    }

    /// A request that cannot be read. Clients get the detail, as that of all problems but `unavailable` and
    /// `internal`.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::MalformedRequest, detail)
    }

    /// A caller who is not identified.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::Unauthorized, detail)
    }

    /// A caller who may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::Forbidden, detail)
    }

    /// A user who holds none of these permissions.
    pub fn lacks(permissions: impl Into<PermissionSet>) -> Self {
        let names: Vec<&str> = permissions.into().iter().map(Permission::as_str).collect();
        let names = names.join(" or ");
        Self::forbidden(format!("This needs the permission {names}; ask your tenant's owner or an admin."))
    }

    pub(crate) fn tenant_suspended() -> Self {
        let detail = "Your tenant is suspended; ask its admins to get in touch with the operator.";
        Self::new(ProblemType::TenantSuspended, detail)
    }

    pub fn feature_not_included(feature: Feature) -> Self {
        let detail = format!(
            "Your tenant's tier does not include the feature {feature}; ask your operator for one that does."
        );
        Self::new(ProblemType::FeatureNotIncluded, detail)
    }

    /// A route of a plugin that is not active in the tenant is not there. Which plugins there are is no secret.
    pub(crate) fn plugin_inactive(plugin: PluginName) -> Self {
        let detail = format!(
            "The plugin {plugin} is not active in your tenant; ask its owner or an admin to activate it."
        );
        Self::new(ProblemType::NotFound, detail)
    }

    /// Also the answer for what belongs to another tenant, or may not be seen by the caller. `what` continues
    /// "There is no such".
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemType::NotFound, format!("There is no such {what}."))
    }

    /// A request that the current state does not allow.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::Conflict, detail)
    }

    /// A value that breaks its rule. `field` is a JSON pointer into the body, or a slash and the name of a
    /// parameter.
    pub fn invalid(field: impl Into<String>, rule: impl ToString) -> Self {
        Self::invalid_fields(vec![InvalidField::new(field, rule)])
    }

    pub(crate) fn invalid_fields(mut fields: Vec<InvalidField>) -> Self {
        fields.truncate(MOST_INVALID);
        let mut detail = match fields.first() {
            Some(InvalidField { field, rule }) => format!("{field}: {rule}"),
            None => String::new(),
        };
        if let more @ 1.. = fields.len().saturating_sub(1) {
            detail.push_str(&format!("; and {more} more"));
        }
        Self { invalid: fields, ..Self::new(ProblemType::Validation, detail) }
    }

    /// The values, or one problem: that of [`both`](Self::both) of all that are refused.
    pub fn collect<T>(outcomes: impl IntoIterator<Item = Result<T, Self>>) -> Result<Vec<T>, Self> {
        let mut values = Ok(Vec::new());
        for outcome in outcomes {
            values = Self::both(values, outcome).map(|(mut values, value)| {
                values.push(value);
                values
            });
        }
        values
    }

    /// Both values, or one problem with the invalid fields of both; if the first has none, the second one.
    pub(crate) fn both<A, B>(first: Result<A, Self>, second: Result<B, Self>) -> Result<(A, B), Self> {
        match (first, second) {
            (Ok(first), Ok(second)) => Ok((first, second)),
            (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => Err(problem),
            (Err(first), Err(second)) if first.invalid.is_empty() => Err(second),
            (Err(first), Err(second)) => Err(Self::invalid_fields([first.invalid, second.invalid].concat())),
        }
    }

    /// A caller who has to wait before the next attempt.
    pub fn too_many_attempts(retry_after: u64) -> Self {
        let detail = format!("Too many attempts have failed; try again in {retry_after} seconds.");
        Self { retry_after: Some(retry_after), ..Self::new(ProblemType::TooManyRequests, detail) }
    }

    /// Who has asked for too many links has to wait before the next one.
    pub fn too_many_links(retry_after: u64) -> Self {
        let detail = format!("Too many links were asked for; try again in {retry_after} seconds.");
        Self { retry_after: Some(retry_after), ..Self::new(ProblemType::TooManyRequests, detail) }
    }

    /// A tenant that has used up its window of requests.
    pub(crate) fn over_limit(Usage { limit, ends_in, .. }: Usage) -> Self {
        let detail = format!(
            "Your tenant may make {} requests in {WINDOW_SECONDS} seconds; try again in {ends_in} seconds.",
            limit.get()
        );
        Self { retry_after: Some(ends_in), ..Self::new(ProblemType::LimitReached, detail) }
    }

    /// A dependency that does not answer. The cause is logged, and clients do not get it.
    pub fn unavailable(cause: impl ToString) -> Self {
        Self::new(ProblemType::Unavailable, "A part of the backend does not answer; try again in a moment.")
            .because(cause)
    }

    /// A defect. The cause is logged, and clients do not get it.
    pub fn internal(cause: impl ToString) -> Self {
        Self::new(
            ProblemType::Internal,
            "The request was not carried out. The request id helps to find out why.",
        )
        .because(cause)
    }

    pub(crate) fn payload_too_large(limit: usize) -> Self {
        Self::new(ProblemType::PayloadTooLarge, format!("A body may have {limit} bytes at most."))
    }

    pub(crate) fn unsupported_media_type() -> Self {
        Self::new(ProblemType::UnsupportedMediaType, "Send the body with content-type: application/json.")
    }

    pub(crate) fn precondition_required() -> Self {
        Self::new(ProblemType::PreconditionRequired, "Send If-Match with the ETag that you read.")
    }

    pub(crate) fn precondition_failed(current: Version) -> Self {
        Self::new(
            ProblemType::PreconditionFailed,
            format!("It is at version {current} now; read it again and repeat with its ETag."),
        )
    }

    pub(crate) fn idempotency_key_reused() -> Self {
        Self::new(
            ProblemType::IdempotencyKeyReused,
            "This idempotency key came with another request before; use a new key.",
        )
    }

    fn because(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub fn status(&self) -> u16 {
        self.kind.explain().status
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn kind(&self) -> ProblemType {
        self.kind
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub(crate) fn document(&self, request_id: &str) -> String {
        let Explanation { slug, status, title, .. } = self.kind.explain();
        let document = Document {
            r#type: format!("{PROBLEMS}{slug}"),
            title,
            status,
            detail: &self.detail,
            request_id,
            errors: &self.invalid,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Version) => Self::conflict(
                "It was changed by somebody else at the same moment; read it again and repeat.",
            ),
            StoreError::Conflict(Conflict::RoleInUse) => {
                Self::conflict("Users have this role; give them another one first.")
            }
            StoreError::Conflict(Conflict::Contention | Conflict::Power) => {
                Self::conflict("Others change the same thing at this moment; repeat the request.")
            }
            StoreError::Conflict(Conflict::Exists(what)) => {
                Self::conflict(format!("This {what} is taken; choose another."))
            }
            StoreError::Conflict(Conflict::Rule(rule)) => Self::conflict(rule),
            StoreError::Conflict(Conflict::QuotaReached(reached)) => {
                Self::new(ProblemType::QuotaReached, reached.to_string())
            }
            StoreError::Conflict(Conflict::Wait(seconds)) => Self::too_many_links(seconds),
            StoreError::Conflict(Conflict::Forbidden(rule)) => Self::forbidden(rule),
            StoreError::Conflict(Conflict::IdempotencyKey) => Self {
                is_race: true,
                ..Self::conflict("The same request is being carried out; repeat it in a moment.")
            },
            StoreError::OverLimit(usage) => Self::over_limit(usage),
            // A rolling deploy is at work: the version that can read it answers in a moment.
            StoreError::Unavailable(cause) | StoreError::Unknown(cause) => Self::unavailable(cause),
            StoreError::Denied(cause) | StoreError::Corrupt(cause) => Self::internal(cause),
        }
    }
}
