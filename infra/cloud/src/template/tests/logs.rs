//! Log groups and the functions that get their lines.

use super::*;

#[test]
fn a_subscription_has_its_group_pattern_and_function() {
    let stack = parse_base(BASE, &[]).unwrap();
    let [subscription] = stack.log_subscriptions.as_slice() else { panic!("{:?}", stack.log_subscriptions) };
    assert_eq!((&*subscription.logical_id, &*subscription.name), ("LinesToCheck", "shop-LinesToCheck"));
    assert_eq!((&*subscription.log_group, &*subscription.function), ("shop/lines", "CheckFunction"));
    assert_eq!(subscription.pattern, "{ $.kind = \"buy\" }");
    let named = base_with(
        "      LogGroupName: !Ref Lines\n",
        "      LogGroupName: !Ref Lines\n      FilterName: bought\n",
    );
    assert_eq!(parse_base(&named, &[]).unwrap().log_subscriptions[0].name, "bought");
}

#[test]
fn a_function_logs_into_its_own_group_unless_it_names_another() {
    let stack = parse_base(BASE, &[]).unwrap();
    let group = |id: &str| {
        stack.functions.iter().find(|function| function.logical_id == id).unwrap().log_group.clone()
    };
    assert_eq!(group("BuyFunction"), "shop/lines");
    assert_eq!(group("CheckFunction"), "/aws/lambda/shop-CheckFunction");
    assert_eq!(stack.log_groups[0].arn, "arn:aws:logs:eu-west-1:123456789012:log-group:shop/lines:*");
}

/// In AWS, anybody may write the permission so that it holds for more than one log group.
#[test]
fn a_permission_may_name_more_than_the_group() {
    let source = "SourceArn: !GetAtt Lines.Arn";
    for wider in [
        "SourceArn: !Sub 'arn:aws:logs:*:${AWS::AccountId}:log-group:shop/*'",
        "SourceAccount: !Ref AWS::AccountId",
    ] {
        parse_base(&base_with(source, wider), &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    }
    let by_arn = base_with("FunctionName: !Ref CheckFunction", "FunctionName: !GetAtt CheckFunction.Arn");
    parse_base(&by_arn, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
}
