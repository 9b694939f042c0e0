//! Problem types, which clients distinguish errors by, and the contents of their pages.

use schemars::JsonSchema;
use serde::Serialize;

/// The path below which each problem type has its page.
pub const PROBLEMS: &str = "/problems/";

/// The content of a problem type's page.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Explanation {
    pub slug: &'static str,
    pub status: u16,
    pub title: &'static str,
    pub cause: &'static str,
    pub fix: &'static str,
    /// The `detail` of an example.
    pub example: &'static str,
}

macro_rules! problem_types {
    ($($(#[$meta:meta])* $type:ident => $status:literal, $slug:literal, $title:literal,
        cause: $cause:literal, fix: $fix:literal, example: $example:literal;)+) => {
        /// The type of a problem, which has its own status and page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemType { $($(#[$meta])* $type,)+ }

        impl ProblemType {
            pub const ALL: &[Self] = &[$(Self::$type,)+];

            pub const fn explain(self) -> Explanation {
                match self {
                    $(Self::$type => Explanation {
                        slug: $slug, status: $status, title: $title,
                        cause: $cause, fix: $fix, example: $example,
                    },)+
                }
            }
        }
    };
}

problem_types! {
    MalformedRequest => 400, "malformed-request", "The request cannot be read",
        cause: "The body is not one JSON object in UTF-8.",
        fix: "Send one JSON object; the detail says where reading stopped.",
        example: "The body is not JSON: expected value at line 1 column 1.";
    Unauthorized => 401, "unauthorized", "Not signed in",
        cause: "There is no valid credential: a token has expired, or a password or a refresh token is not right.",
        fix: "Sign in again, and send the new token.",
        example: "The token has expired; sign in again.";
    Forbidden => 403, "forbidden", "Not allowed",
        cause: "The roles of the signed-in user do not allow this, or x-tenant-id names another tenant than the token.",
        fix: "Ask your tenant's owner or an admin. Send x-tenant-id once with the token's tenant, or leave it out.",
        example: "This needs the permission users:manage; ask your tenant's owner or an admin.";
    FeatureNotIncluded => 403, "feature-not-included", "The tenant's tier does not include it",
        cause: "The route belongs to a feature that neither the tier of your tenant includes nor an operator has switched on.",
        fix: "Ask your operator for a tier with the feature that the detail names. GET /tenant lists those that you have.",
        example: "Your tenant's tier does not include the feature audit; ask your operator for one that does.";
    TenantSuspended => 403, "tenant-suspended", "The tenant is suspended",
        cause: "The operator of the platform has suspended the tenant. Its data is kept; nobody can read or change it.",
        fix: "Ask one of your tenant's admins to get in touch with the operator. Resuming takes effect within a minute.",
        example: "Your tenant is suspended; ask its admins to get in touch with the operator.";
    NotFound => 404, "not-found", "Not found",
        cause: "There is no such thing among what the signed-in user may see. Something of another tenant looks the same.",
        fix: "Check the id, and the tenant that you are signed in to.",
        example: "There is no such order.";
    Conflict => 409, "conflict", "The state does not allow it",
        cause: "The request is well-formed, but what it is about is in a state that does not allow it, or changed at the same moment.",
        fix: "Read it again, and decide anew; the detail says what is in the way.",
        example: "The order was confirmed already; there is nothing left to do.";
    QuotaReached => 409, "quota-reached", "The tenant has as much of it as it may have",
        cause: "The number of active users, or of products that are not retired, is limited by the tenant's tier, and reached.",
        fix: "Deactivate a user or retire a product that is no longer needed, or ask your operator for another tier. What \
              is there stays, even if it is more than the tier allows.",
        example: "Your tenant may have 10 active users; deactivate one, or ask your operator for another tier.";
    PreconditionFailed => 412, "precondition-failed", "It has changed since you read it",
        cause: "The ETag in If-Match is not the one of the present state.",
        fix: "Read it again, look at what changed, and repeat with the new ETag.",
        example: "It is at version 3 now; read it again and repeat with its ETag.";
    PayloadTooLarge => 413, "payload-too-large", "The body is too large",
        cause: "The body has more bytes than a request may have.",
        fix: "Send less in one request.",
        example: "A body may have 262144 bytes at most.";
    UnsupportedMediaType => 415, "unsupported-media-type", "The body is not JSON",
        cause: "The content-type is not application/json.",
        fix: "Send JSON, with content-type: application/json.",
        example: "Send the body with content-type: application/json.";
    Validation => 422, "validation", "A value breaks a rule",
        cause: "A field of the body, a parameter or a header breaks its rule. Unknown ones are refused too.",
        fix: "The errors name every field that breaks a rule, up to 100 of them, in the order of the request. Correct them and send it again.",
        example: "/name: must be 1 to 100 characters long";
    IdempotencyKeyReused => 422, "idempotency-key-reused", "The idempotency key was used before",
        cause: "The same Idempotency-Key came within a day with another request: another body or other parameters.",
        fix: "Use a new key for a new request.",
        example: "This idempotency key came with another request before; use a new key.";
    PreconditionRequired => 428, "precondition-required", "If-Match is missing",
        cause: "The request changes something, and does not say which version of it.",
        fix: "Read it first, and send its ETag as If-Match.",
        example: "Send If-Match with the ETag that you read.";
    TooManyRequests => 429, "too-many-requests", "Too many attempts",
        cause: "There were too many failed attempts to sign in as this user or from this address of the network, or to \
                prove the present password; or too many links were asked for.",
        fix: "Wait for as many seconds as Retry-After says. Where you have signed in before, others cannot hold up your \
              sign-in.",
        example: "Too many attempts have failed; try again in 840 seconds.";
    LimitReached => 429, "limit-reached", "The tenant's limit of requests is reached",
        cause: "The users of the tenant have made as many requests in this window of time as its tier allows.",
        fix: "Wait for as many seconds as Retry-After says. The headers RateLimit and RateLimit-Policy say how much is \
              left. Ask your operator for a higher tier if this happens often.",
        example: "Your tenant may make 500 requests in 10 seconds; try again in 4 seconds.";
    Internal => 500, "internal", "Something went wrong here",
        cause: "A defect on our side. What was not answered as done was not done.",
        fix: "Repeat the request later; report the request id when it stays.",
        example: "The request was not carried out. The request id helps to find out why.";
    Unavailable => 503, "unavailable", "Not available at the moment",
        cause: "Something that the backend needs does not answer in time.",
        fix: "Repeat the request in a moment, with the same Idempotency-Key.",
        example: "A part of the backend does not answer; try again in a moment.";
}
