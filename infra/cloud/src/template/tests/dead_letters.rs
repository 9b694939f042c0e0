//! Rules with dead-letter queues, and the policies that let them send there.

use super::*;

const RULE: &str = "      Targets:\n        - Id: queue\n          Arn: !GetAtt Queue.Arn\n";
const POLICY: &str = "Condition: {ArnEquals: {aws:SourceArn: !GetAtt Rule.Arn}}";

/// The base template with a dead-letter queue behind its rule, a policy that lets every rule of a
/// bus send to both queues, and the rule made after the policy.
fn with_dead_letters(bus: &str) -> String {
    let dead_letters = format!("{RULE}          DeadLetterConfig: {{Arn: !GetAtt DeadLetters.Arn}}\n");
    let pattern = format!("arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{bus}/*");
    base_with("AWS::Events::Rule\n", "AWS::Events::Rule\n    DependsOn: [QueuePolicy]\n")
        .replace(RULE, &dead_letters)
        .replace("Queues: [!Ref Queue]", "Queues: [!Ref Queue, !Ref DeadLetters]")
        .replace("Resource: !GetAtt Queue.Arn", "Resource: [!GetAtt Queue.Arn, !GetAtt DeadLetters.Arn]")
        .replace(POLICY, &format!("Condition: {{ArnLike: {{aws:SourceArn: !Sub \"{pattern}\"}}}}"))
}

fn problems(text: &str) -> Vec<String> {
    let refusals = parse_base(text, &[]).unwrap_err().refusals;
    refusals.into_iter().map(|refusal| refusal.problem).collect()
}

#[test]
fn a_policy_for_every_rule_of_the_bus_covers_the_target_and_its_dead_letters() {
    let stack = parse_base(&with_dead_letters("${Bus}"), &[]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(stack.rules[0].targets.len(), 1, "the dead-letter queue is no target");
    for (logical_id, property) in [("Rule", "Targets.DeadLetterConfig"), ("Rule", "DependsOn")] {
        let is_reported =
            |note: &crate::model::WithoutEffect| note.logical_id == logical_id && note.property == property;
        assert!(stack.without_effect.iter().any(is_reported), "{property}");
    }
}

fn not_allowed(queue: &str) -> String {
    let arn = format!("arn:aws:sqs:eu-west-1:123456789012:shop-{queue}");
    format!(
        "this rule may not send to {queue}: no policy of {arn} allows sqs:SendMessage to events.amazonaws.com."
    )
}

#[test]
fn another_bus_does_not_do() {
    assert_eq!(problems(&with_dead_letters("other")), [not_allowed("Queue"), not_allowed("DeadLetters"),]);
}

#[test]
fn the_dead_letters_need_a_permission_of_their_own() {
    let complete = with_dead_letters("${Bus}");
    for (find, replace) in [
        ("[!GetAtt Queue.Arn, !GetAtt DeadLetters.Arn]", "[!GetAtt Queue.Arn]"),
        ("[!Ref Queue, !Ref DeadLetters]", "[!Ref Queue]"),
    ] {
        let text = complete.replace(find, replace);
        assert_eq!(problems(&text), [not_allowed("DeadLetters")], "{replace}");
    }
}

#[test]
fn dead_letters_end_in_a_queue_of_the_template() {
    let text =
        with_dead_letters("${Bus}").replace("{Arn: !GetAtt DeadLetters.Arn}", "{Arn: !GetAtt Bus.Arn}");
    let bus = "arn:aws:events:eu-west-1:123456789012:event-bus/shop-bus";
    assert_eq!(
        problems(&text),
        [format!("Targets.DeadLetterConfig.Arn {bus} is not a queue of the template.")]
    );
}

#[test]
fn a_resource_depends_on_resources_that_exist() {
    let text = with_dead_letters("${Bus}").replace("DependsOn: [QueuePolicy]", "DependsOn: [QueuePolice]");
    assert_eq!(problems(&text), ["DependsOn names no resource of the template."]);
}
