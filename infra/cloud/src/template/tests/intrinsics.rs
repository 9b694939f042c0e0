use super::*;

fn variables(find: &str, replace: &str) -> BTreeMap<String, String> {
    let stack = parse_base(&base_with(find, replace), &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    stack.functions.into_iter().find(|function| function.logical_id == "BuyFunction").unwrap().environment
}

fn value_of(expression: &str) -> String {
    variables("TABLE: !Ref Table", &format!("TABLE: {expression}"))["TABLE"].clone()
}

#[test]
fn globals_merge_key_by_key_and_the_function_wins() {
    let variables = variables("SHARED: own", "SHARED: own");
    assert_eq!((variables["SHARED"].as_str(), variables["SENDER"].as_str()), ("own", "shop@example.com"));
}

#[test]
fn both_forms_of_every_intrinsic_give_the_same() {
    for (short, long) in [
        ("!Ref Queue", "{Ref: Queue}"),
        ("!GetAtt Table.Arn", "{\"Fn::GetAtt\": [Table, Arn]}"),
        ("!Sub \"${Bus}-${Sender}\"", "{\"Fn::Sub\": [\"${Bus}-${Who}\", {Who: !Ref Sender}]}"),
        (
            "!Join [\",\", !Ref Origins]",
            "{\"Fn::Join\": [\",\", [\"https://a.example\", \"https://b.example\"]]}",
        ),
    ] {
        assert_eq!(value_of(short), value_of(long), "{short}");
    }
}

#[test]
fn intrinsics_give_what_the_cloud_would() {
    assert_eq!(value_of("!Ref Bus"), "shop-bus");
    assert_eq!(
        value_of("!GetAtt BuyFunctionRole.Arn"),
        "arn:aws:iam::123456789012:role/shop-BuyFunctionRole"
    );
    assert_eq!(
        value_of("!Sub \"${AWS::StackName} ${AWS::AccountId} ${AWS::Partition} ${AWS::URLSuffix}\""),
        "shop 123456789012 aws amazonaws.com"
    );
    assert_eq!(value_of("!Join [\"-\", [a, !Ref Sender]]"), "a-shop@example.com");
    let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-Queue?arn=arn:aws:sqs:eu-west-1:123456789012:shop-Queue&literal=${kept}&region=eu-west-1";
    assert_eq!(variables("SHARED: own", "SHARED: own")["URL"], url);
}

#[test]
fn no_value_removes_the_property() {
    assert!(!variables("TABLE: !Ref Table", "TABLE: !Ref AWS::NoValue").contains_key("TABLE"));
}

#[test]
fn a_key_s_id_depends_on_stack_and_logical_id_alone() {
    let key_of = |stack: &str| {
        parse(BASE, "template.yaml", stack, &BTreeMap::new()).unwrap().signing_keys[0].key_id.clone()
    };
    assert_eq!(key_of("shop"), key_of("shop"));
    assert_ne!(key_of("shop"), key_of("other"));
}

#[test]
fn scalars_of_an_event_pattern_keep_their_types() {
    let stack = parse_base(BASE, &[]).unwrap();
    assert_eq!(
        stack.rules[0].pattern,
        serde_json::json!({"source": ["shop"], "detail": {"count": [1, "1", true]}})
    );
}

#[test]
fn a_list_parameter_is_split_and_trimmed() {
    let stack = parse_base(BASE, &[]).unwrap();
    assert_eq!(
        stack.apis[0].cors.as_ref().unwrap().allow_origins,
        ["https://a.example", "https://b.example"]
    );
}
