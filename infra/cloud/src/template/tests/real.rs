//! The repository's own template.

use std::time::Duration;

use super::*;
use crate::model::MessageGroup;

fn given() -> BTreeMap<String, String> {
    BTreeMap::from([
        ("MailSender".to_owned(), "mail@example.com".to_owned()),
        ("SignInConcurrency".to_owned(), "10".to_owned()),
    ])
}

fn path() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"))
}

fn stack() -> Stack {
    load(path(), "terrace", &given()).unwrap_or_else(|refusals| panic!("{refusals}"))
}

/// The text of a template and of those that it names.
fn texts(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let nested = text.lines().filter_map(|line| line.trim().strip_prefix("TemplateURL: "));
    let nested: String = nested.map(|url| texts(&path.parent().unwrap().join(url))).collect();
    text + &nested
}

#[test]
fn every_resource_of_a_kind_is_in_the_model() {
    let text = texts(path());
    let count = |kind: &str| text.lines().filter(|line| line.trim() == format!("Type: {kind}")).count();
    let stack = stack();
    assert_eq!(stack.functions.len(), count("AWS::Serverless::Function"));
    assert_eq!(stack.tables.len(), count("AWS::DynamoDB::Table"));
    assert_eq!(stack.queues.len(), count("AWS::SQS::Queue"));
    assert_eq!(stack.rules.len(), count("AWS::Events::Rule"));
    let sources = stack.queue_sources.len() + stack.stream_sources.len();
    assert_eq!(sources, count("AWS::Lambda::EventSourceMapping"));
    // That of developers is there for who asks for it.
    assert_eq!(stack.roles.len(), count("AWS::Serverless::Function") + count("AWS::IAM::Role") - 1);
    let routes: usize = stack.apis.iter().map(|api| api.routes.len()).sum();
    assert_eq!(routes, text.matches("Type: HttpApi").count());
}

#[test]
fn developers_have_a_role_for_who_asks() {
    let mut given = given();
    given.insert("DeveloperAccess".to_owned(), "true".to_owned());
    let stack = load(path(), "terrace", &given).unwrap_or_else(|refusals| panic!("{refusals}"));
    let profiles = |stack: &Stack| stack.profiles.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(profiles(&stack), ["operator", "operator-read", "developer"]);
    assert_eq!(profiles(&self::stack()), ["operator", "operator-read"]);
    let role = stack.roles.iter().find(|role| role.logical_id == "DeveloperRole").unwrap();
    assert_eq!(role.arn, "arn:aws:iam::123456789012:role/terrace/tenant/terrace-DeveloperRole");
}

#[test]
fn the_data_has_its_version() {
    assert_eq!(stack().data_version, 4);
}

#[test]
fn a_function_has_its_globals_its_role_and_its_parameters() {
    let stack = stack();
    let function =
        stack.functions.iter().find(|function| function.logical_id == "OnboardTenantFunction").unwrap();
    assert_eq!(function.binary, "onboard_tenant");
    assert_eq!((function.memory_mb, function.timeout), (1769, Duration::from_secs(10)));
    assert_eq!(
        function.role_arn,
        "arn:aws:iam::123456789012:role/terrace/function/terrace-Operators-OnboardTenantFunctionRole"
    );
    let role = "arn:aws:iam::123456789012:role/terrace/tenant/terrace-OnboardingDataRole";
    assert_eq!(function.environment["TENANT_ROLE_ARN"], role);
    assert_eq!(function.environment["TENANT_TABLE"], "terrace-TenantTable");
    assert_eq!(function.environment["REGISTRY_TABLE"], "terrace-RegistryTable");
}

#[test]
fn routes_have_the_default_authorizer_or_none() {
    let api = stack().apis.remove(0);
    let authorizer = |method: &str, path: &str| {
        api.routes
            .iter()
            .find(|route| route.method == method && route.path == path)
            .unwrap()
            .authorizer
            .clone()
    };
    assert_eq!(authorizer("GET", "/me").lambda(), Some("Read"));
    assert_eq!(authorizer("POST", "/orders").lambda(), Some("Write"));
    assert_eq!(authorizer("POST", "/sessions"), crate::model::RouteAuthorizer::None);
    let read = &api.authorizers["Read"];
    assert_eq!(
        (read.function.as_str(), read.reauthorize_every),
        ("AuthorizeReadFunction", Duration::from_secs(55))
    );
    assert_eq!(read.identity_headers, ["authorization"]);
    assert_eq!(api.cors.unwrap().allow_origins, ["*"]);
}

#[test]
fn events_find_their_queues() {
    let stack = stack();
    let rule = stack.rules.iter().find(|rule| rule.logical_id == "NotifyRule").unwrap();
    assert_eq!(rule.bus_arn, "arn:aws:events:eu-west-1:123456789012:event-bus/terrace");
    assert_eq!(rule.arn, "arn:aws:events:eu-west-1:123456789012:rule/terrace/terrace-NotifyRule");
    assert_eq!(
        rule.pattern["detail-type"],
        serde_json::json!([
            "order.confirmed",
            "order.cancelled",
            "tenant.onboarded",
            "user.registered",
            "user.passwordChanged",
            "user.emailChanged"
        ])
    );
    let tenant = MessageGroup::Field(vec!["detail".to_owned(), "tenant".to_owned()]);
    for target in stack.rules.iter().flat_map(|rule| &rule.targets) {
        assert_eq!(target.group.as_ref(), Some(&tenant), "{}", target.queue_arn);
    }
    let queue = stack.queues.iter().find(|queue| rule.sends_to(&queue.arn)).unwrap();
    assert_eq!(queue.url, "https://sqs.eu-west-1.amazonaws.com/123456789012/terrace-NotifyQueue");
    assert_eq!(queue.redrive.as_ref().unwrap().max_receive_count, 20);
    let relay = &stack.stream_sources[0];
    assert_eq!(
        (relay.function.as_str(), relay.batch_size, relay.bisect_on_error),
        ("RelayEventsFunction", 100, true)
    );
    assert_eq!(relay.filters[0]["eventName"], serde_json::json!(["INSERT"]));
    assert!(relay.max_retries.is_none() && relay.report_item_failures);
}

#[test]
fn properties_without_effect_are_reported_with_their_reason() {
    let stack = stack();
    let reported = |id: &str, property: &str| {
        stack
            .without_effect
            .iter()
            .any(|note| note.logical_id == id && note.property == property && !note.reason.is_empty())
    };
    assert!(reported("TenantTable", "PointInTimeRecoverySpecification"));
    assert!(!reported("AuthorizeReadFunction", "Policies"));
    assert!(reported("AuthorizeReadFunction", "MemorySize"));
    assert!(reported("NotifyRule", "Targets.Id"));
    assert!(reported("FunctionLogs", "RetentionInDays"));
    assert!(!reported("TenantTable", "KeySchema"));
}

#[test]
fn a_missing_parameter_is_the_only_thing_said() {
    let mut given = given();
    given.remove("MailSender");
    let refusals = load(path(), "terrace", &given).unwrap_err();
    assert_eq!(refusals.refusals.len(), 1, "{refusals}");
    assert!(
        refusals.to_string().contains("MailSender: the parameter has no value and no default."),
        "{refusals}"
    );
    assert!(refusals.to_string().contains("--parameter MailSender=<value>"), "{refusals}");
}
