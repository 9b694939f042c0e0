//! Functions that EventBridge calls by the clock.

use super::*;
use crate::model::WithoutEffect;

#[test]
fn a_schedule_is_a_rule_with_the_names_that_sam_gives_it() {
    let stack = parse_base(BASE, &[]).unwrap();
    let [nightly] = stack.schedules.as_slice() else { panic!("{:?}", stack.schedules) };
    assert_eq!((&*nightly.logical_id, &*nightly.function), ("BuyFunctionNightly", "BuyFunction"));
    assert_eq!(nightly.arn, "arn:aws:events:eu-west-1:123456789012:rule/shop-BuyFunctionNightly");
    assert_eq!((&*nightly.expression, nightly.enabled, &nightly.input), ("cron(0 3 * * ? *)", true, &None));

    let properties =
        "{Schedule: rate(1 day), Name: nightly, Enabled: false, Description: x, Input: '{\"a\":1}'}";
    let stack = parse_base(&base_with("{Schedule: cron(0 3 * * ? *)}", properties), &[]).unwrap();
    let nightly = &stack.schedules[0];
    assert_eq!(nightly.arn, "arn:aws:events:eu-west-1:123456789012:rule/nightly");
    assert_eq!((nightly.enabled, nightly.input.as_deref()), (false, Some("{\"a\":1}")));
    let noted = |note: &WithoutEffect| note.logical_id == "BuyFunction" && note.property == "Description";
    assert!(stack.without_effect.iter().any(noted));
}
