//! Templates that are nested in others.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::model::{Function, Route, WithoutEffect};

mod borders;
mod refusals;

const ROOT: &str = include_str!("nested/root.yaml");

/// Nested templates by their paths.
const NESTED: [(&str, &str); 3] = [
    ("stacks/operators.yaml", include_str!("nested/operators.yaml")),
    ("stacks/audit.yaml", include_str!("nested/audit.yaml")),
    ("stacks/deep/leaf.yaml", include_str!("nested/leaf.yaml")),
];

/// The templates above, with one of them changed, in a directory.
struct Templates {
    directory: tempfile::TempDir,
}

impl Templates {
    fn new() -> Templates {
        let templates = Templates { directory: tempfile::tempdir().unwrap() };
        templates.write("template.yaml", ROOT);
        for (path, text) in NESTED {
            templates.write(path, text);
        }
        templates
    }

    fn with(path: &str, find: &str, replace: &str) -> Templates {
        let templates = Templates::new();
        let text = std::fs::read_to_string(templates.path(path)).unwrap();
        assert_eq!(text.matches(find).count(), 1, "{find:?} must stand once in {path}");
        templates.write(path, &text.replacen(find, replace, 1));
        templates
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn load(&self) -> Result<Stack, Refusals> {
        load(&self.path("template.yaml"), "shop", &BTreeMap::new())
    }

    fn stack(&self) -> Stack {
        self.load().unwrap_or_else(|refusals| panic!("{refusals}"))
    }
}

fn function<'s>(stack: &'s Stack, logical_id: &str) -> &'s Function {
    stack.functions.iter().find(|function| function.logical_id == logical_id).unwrap()
}

#[test]
fn the_resources_of_all_stacks_are_in_the_model() {
    let stack = Templates::new().stack();
    let names: Vec<&str> = stack.functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(names, ["shop-CheckFunction", "shop-HealthFunction", "shop-Operators-OnboardFunction"]);
    let queues: Vec<&str> = stack.queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(queues, ["shop-leaf", "shop-Audit-AuditQueue"]);
    let apis: Vec<(&str, &str)> =
        stack.apis.iter().map(|api| (api.logical_id.as_str(), api.stack.as_str())).collect();
    assert_eq!(apis, [("Api", "shop"), ("OperatorsApi", "shop-Operators")]);
    assert_eq!(stack.api().unwrap().logical_id, "Api");
    let routes = |api: usize| stack.apis[api].routes.iter().map(Route::key).collect::<Vec<_>>();
    assert_eq!(
        (routes(0), routes(1)),
        (vec!["GET /health".into()], vec!["POST /tenants".into(), "GET /health".into()])
    );
}

#[test]
fn a_nested_template_has_parameters_and_globals_of_its_own() {
    let stack = Templates::new().stack();
    let onboard = function(&stack, "OnboardFunction");
    assert_eq!(onboard.environment, BTreeMap::from([("SYSTEM".into(), "shop".into())]));
    assert_eq!((onboard.timeout, &*onboard.binary), (Duration::from_secs(7), "onboard"));
    assert_eq!(onboard.role_arn, "arn:aws:iam::123456789012:role/shop-Operators-OnboardFunctionRole");
    assert_eq!(function(&stack, "CheckFunction").environment["OF"], "root");
    let cors = stack.apis[1].cors.as_ref().unwrap();
    assert_eq!(cors.allow_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn a_parent_has_its_nested_stacks_arns_and_outputs() {
    let stack = Templates::new().stack();
    let environment = &function(&stack, "HealthFunction").environment;
    assert_eq!(environment["PLACE"], "shop-Operators-Deep shop-leaf");
    let arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-Operators/";
    assert!(environment["STACK"].starts_with(arn), "{}", environment["STACK"]);
    let queue = "arn:aws:sqs:eu-west-1:123456789012:shop-Audit-AuditQueue".to_owned();
    let operators = "https://operatorsapi.example".to_owned();
    let outputs = BTreeMap::from([("Operators".to_owned(), operators), ("Queue".to_owned(), queue)]);
    assert_eq!(stack.outputs, outputs);
}

/// A boundary, an authorizer, a rule's target and a queue that feeds a function, each of another stack.
#[test]
fn resources_refer_to_those_of_other_stacks() {
    let stack = Templates::new().stack();
    let role = stack.roles.iter().find(|role| role.logical_id == "OnboardFunctionRole").unwrap();
    assert_eq!(role.policies.boundary.as_ref().unwrap().name(), "Limit");
    assert_eq!(stack.apis[1].authorizers["Token"].function, "CheckFunction");
    assert!(function(&stack, "CheckFunction").policy.is_some(), "API Gateway may invoke the authorizer");
    let queue = stack.queues.iter().find(|queue| queue.logical_id == "AuditQueue").unwrap();
    assert!(stack.rules[0].sends_to(&queue.arn));
    assert_eq!(
        (&stack.queue_sources[0].queue_arn, &*stack.queue_sources[0].function),
        (&queue.arn, "OnboardFunction")
    );
}

#[test]
fn what_has_no_effect_is_reported_of_nested_stacks_too() {
    let notes = Templates::new().stack().without_effect;
    for (logical_id, property) in
        [("Operators", "Tags"), ("Operators", "TimeoutInMinutes"), ("Operators", "Description")]
    {
        let is_reported = |note: &&WithoutEffect| note.logical_id == logical_id && note.property == property;
        assert_eq!(notes.iter().filter(is_reported).count(), 1, "{logical_id} {property}");
    }
}

#[test]
fn a_profile_may_name_a_policy_of_a_nested_template() {
    let metadata = "Metadata: {LocalProfiles: {operator: {Policies: [OperatorPolicy]}}}\nResources:";
    let templates = Templates::with("template.yaml", "Resources:", metadata);
    let policy = "Resources:\n  OperatorPolicy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: \"execute-api:Invoke\", Resource: \"*\"}}";
    let text = std::fs::read_to_string(templates.path("stacks/operators.yaml")).unwrap();
    templates.write("stacks/operators.yaml", &text.replacen("Resources:", policy, 1));
    let stack = templates.stack();
    let [profile] = &stack.profiles[..] else { panic!("{:?}", stack.profiles) };
    assert_eq!(profile.name, "operator");
}
