//! The description of an endpoint, which its binary prints when it is started with the argument `describe`.
//! The OpenAPI document is generated from these descriptions.

use std::any::TypeId;
use std::process::ExitCode;

use domain::permission::PermissionSet;
use domain::plugin::PluginName;
use domain::role::BuiltInRole;
use domain::tier::Feature;
use schemars::generate::Contract;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::describe::generator;
use crate::http::problem::Document;
use crate::http::{Access, Cost, Explanation, NoBody, Precondition, ProblemType, RequiredAccess, Route};
use crate::table::AccessClass;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    method: &'static str,
    path: &'static str,
    required_access: RequiredAccess,
    /// Those that are built in and may call a tenant's route.
    roles: Vec<&'static str>,
    /// Of a tenant's route.
    access_class: Option<AccessClass>,
    success: u16,
    otherwise: Option<u16>,
    is_conditional: bool,
    /// That the tenant must have.
    feature: Option<Feature>,
    /// That must be active in the tenant.
    plugin: Option<PluginName>,
    /// The media type of an answer that is sent verbatim, and has no schema.
    verbatim: Option<&'static str>,
    costs: &'static [Cost],
    problems: Vec<Explanation>,
    /// The path and query parameters, as properties of one object.
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
    // What clients send is inlined, since the schema of a type may be stricter there than in an answer, where it
    // is shared by its name.
    let mut inputs = generator(Contract::Deserialize, true);
    let mut outputs = generator(Contract::Serialize, false);
    let has_body = TypeId::of::<B>() != TypeId::of::<NoBody>();
    let has_answer =
        route.declared.success != http::StatusCode::NO_CONTENT && route.declared.verbatim.is_none();
    Description {
        method: route.declared.method,
        path: route.declared.path,
        required_access: route.access.required_access(),
        roles: roles(route.access.required_access()),
        access_class: matches!(route.access.required_access(), RequiredAccess::Tenant(_))
            .then(|| route.access_class()),
        success: route.declared.success.as_u16(),
        otherwise: route.declared.otherwise.map(|status| status.as_u16()),
        is_conditional: C::IS_DEMANDED,
        feature: route.declared.feature,
        plugin: route.declared.plugin.map(|manifest| manifest.name),
        verbatim: route.declared.verbatim,
        costs: route.declared.costs,
        problems: problems(route).into_iter().map(ProblemType::explain).collect(),
        parameters: inputs.subschema_for::<P>(),
        body: has_body.then(|| inputs.subschema_for::<B>()),
        answer: has_answer.then(|| outputs.subschema_for::<O>()),
        problem: outputs.subschema_for::<Document<'_>>(),
        definitions: outputs.take_definitions(true),
    }
}

/// The roles that are built in whose users may call the route, and `owner`.
fn roles(required: RequiredAccess) -> Vec<&'static str> {
    let RequiredAccess::Tenant(permissions) = required else { return Vec::new() };
    let may = |held: PermissionSet| permissions.is_empty() || permissions.meets(held);
    let built_in = BuiltInRole::ALL.iter().map(|role| (role.as_str(), role.permissions()));
    let all = built_in.chain([("owner", PermissionSet::all())]);
    all.filter(|(_, held)| may(*held)).map(|(name, _)| name).collect()
}

/// The problems that the route declares, and those that any route of its kind may answer.
fn problems<A: Access, C: Precondition>(route: &Route<A, C>) -> Vec<ProblemType> {
    use ProblemType::*;
    // Every route reads the body, even one that expects none, so it may have any problem of reading one.
    let mut found =
        vec![MalformedRequest, PayloadTooLarge, UnsupportedMediaType, Validation, Internal, Unavailable];
    found.extend(route.declared.refusals);
    match route.access.required_access() {
        RequiredAccess::Anyone => {}
        RequiredAccess::Operator => found.push(Unauthorized),
        RequiredAccess::Tenant(_) => found.extend([Unauthorized, Forbidden, TenantSuspended, LimitReached]),
    }
    if route.takes_keys() {
        found.extend([Conflict, IdempotencyKeyReused]);
    }
    found.extend(route.declared.feature.map(|_| FeatureNotIncluded));
    found.extend(route.declared.plugin.map(|_| NotFound));
    if C::IS_DEMANDED {
        found.extend([PreconditionRequired, PreconditionFailed, Conflict]);
    }
    ProblemType::ALL.iter().copied().filter(|kind| found.contains(kind)).collect()
}
