//! The settings of event sources that are not references.

use super::*;

#[test]
fn a_source_reads_from_the_start_on_unless_the_template_disables_it() {
    let enabled = |text: &str| {
        let stack = parse_base(text, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
        (stack.stream_sources[0].enabled, stack.queue_sources[0].enabled)
    };
    assert_eq!(enabled(BASE), (true, true));
    let stream = "StartingPosition: TRIM_HORIZON";
    let queue = "Queue: !GetAtt Queue.Arn\n  Table:";
    let disabled = base_with(stream, &format!("{stream}\n            Enabled: false"));
    assert_eq!(enabled(&disabled), (false, true));
    let disabled = base_with(queue, "Queue: !GetAtt Queue.Arn\n            Enabled: false\n  Table:");
    assert_eq!(enabled(&disabled), (true, false));
}

#[test]
fn a_queue_source_has_the_concurrency_that_the_template_gives_it() {
    let concurrency = |text: &str| {
        let stack = parse_base(text, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
        stack.queue_sources[0].maximum_concurrency
    };
    assert_eq!(concurrency(BASE), None);
    for most in [2, 1000] {
        let scaled = format!(
            "Queue: !GetAtt Queue.Arn\n            ScalingConfig: {{MaximumConcurrency: {most}}}\n  Table:"
        );
        let text = base_with("Queue: !GetAtt Queue.Arn\n  Table:", &scaled);
        assert_eq!(concurrency(&text), Some(most));
    }
}
