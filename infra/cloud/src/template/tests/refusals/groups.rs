//! Groups of a rule's messages.

use super::*;
use crate::model::MessageGroup;

const TARGET: &str = "          Arn: !GetAtt Queue.Arn\n  QueuePolicy";

fn with_group(group: &str) -> String {
    format!(
        "          Arn: !GetAtt Queue.Arn\n          SqsParameters: {{MessageGroupId: '{group}'}}\n  QueuePolicy"
    )
}

#[test]
fn a_group_is_a_text_or_leads_to_one() {
    let group = |text: &str| {
        let text = base_with(TARGET, &with_group(text));
        parse_base(&text, &[]).unwrap_or_else(|refusals| panic!("{refusals}")).rules[0].targets[0]
            .group
            .clone()
    };
    let field =
        |path: &[&str]| Some(MessageGroup::Field(path.iter().map(|&field| field.to_owned()).collect()));
    assert_eq!(group("$.detail.tenant"), field(&["detail", "tenant"]));
    assert_eq!(group("$.detail-type"), field(&["detail-type"]));
    assert_eq!(group("everything"), Some(MessageGroup::Same("everything".to_owned())));
    assert_eq!(parse_base(BASE, &[]).unwrap().rules[0].targets[0].group, None);
}

#[test]
fn groups_that_are_not_read_here() {
    let long = "x".repeat(101);
    for group in ["$", "$.", "$.detail..tenant", "$.detail[0]", "$detail", "two words", "", long.as_str()] {
        let problem = format!("MessageGroupId {} is not supported.", group);
        assert_refused(&[(TARGET, &with_group(group), "Rule", &problem, "$.detail.tenant")]);
    }
}
