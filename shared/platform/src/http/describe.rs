//! What an endpoint says of itself when its binary is started with the argument `describe`: the material of the
//! contract. Builds for deployment leave it out.

use std::any::TypeId;
use std::process::ExitCode;

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::problem::Document;
use crate::http::{Access, Cost, Explanation, NoBody, Precondition, ProblemType, RequiredAccess, Route};

/// The part of JSON pointers to schemas with names.
const DEFINITIONS: &str = "/components/schemas";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    method: &'static str,
    path: &'static str,
    required_access: RequiredAccess,
    success: u16,
    otherwise: Option<u16>,
    is_conditional: bool,
    /// The media type of an answer that is no JSON value of a schema.
    verbatim: Option<&'static str>,
    costs: &'static [Cost],
    problems: Vec<Explanation>,
    /// Path and query, as the properties of one object.
    parameters: Schema,
    body: Option<Schema>,
    answer: Option<Schema>,
    problem: Schema,
    definitions: Map<String, Value>,
}

pub(crate) fn describe_if_asked<A, C, P, B, O>(route: &Route<A, C>) -> Option<ExitCode>
where
    A: Access,
    C: Precondition,
    P: JsonSchema,
    B: JsonSchema + 'static,
    O: JsonSchema,
{
    crate::describe::describe_if_asked(|| serde_json::to_string(&describe::<A, C, P, B, O>(route)))
}

fn describe<A: Access, C: Precondition, P: JsonSchema, B: JsonSchema + 'static, O: JsonSchema>(
    route: &Route<A, C>,
) -> Description {
    let mut inputs = generator(Contract::Deserialize, true);
    let mut outputs = generator(Contract::Serialize, false);
    let has_body = TypeId::of::<B>() != TypeId::of::<NoBody>();
    let has_answer = route.success != http::StatusCode::NO_CONTENT && route.verbatim.is_none();
    Description {
        method: route.method,
        path: route.path,
        required_access: route.access.required_access(),
        success: route.success.as_u16(),
        otherwise: route.otherwise.map(|status| status.as_u16()),
        is_conditional: C::IS_DEMANDED,
        verbatim: route.verbatim,
        costs: route.costs,
        problems: problems(route).into_iter().map(ProblemType::explain).collect(),
        parameters: inputs.subschema_for::<P>(),
        body: has_body.then(|| inputs.subschema_for::<B>()),
        answer: has_answer.then(|| outputs.subschema_for::<O>()),
        problem: outputs.subschema_for::<Document<'_>>(),
        definitions: outputs.take_definitions(true),
    }
}

/// What clients send is spelled out where it is sent: the same type may be stricter there than in an answer.
fn generator(contract: Contract, inline: bool) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = DEFINITIONS.into();
    settings.meta_schema = None;
    settings.contract = contract;
    settings.inline_subschemas = inline;
    settings.into_generator()
}

/// What the route names, and what every route of its kind may answer.
fn problems<A: Access, C: Precondition>(route: &Route<A, C>) -> Vec<ProblemType> {
    use ProblemType::*;
    // A body is read on every route, and refused where it holds more than the route takes.
    let mut found =
        vec![MalformedRequest, PayloadTooLarge, UnsupportedMediaType, Validation, Internal, Unavailable];
    found.extend(route.refusals);
    match route.access.required_access() {
        RequiredAccess::Anyone => {}
        RequiredAccess::Operator => found.push(Unauthorized),
        RequiredAccess::Tenant(_) => {
            found.extend([Unauthorized, Forbidden]);
            if route.is_post() {
                found.extend([Conflict, IdempotencyKeyReused]);
            }
        }
    }
    if C::IS_DEMANDED {
        found.extend([PreconditionRequired, PreconditionFailed, Conflict]);
    }
    ProblemType::ALL.iter().copied().filter(|kind| found.contains(kind)).collect()
}
