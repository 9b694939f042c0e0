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
    let queue = "FunctionName: !Ref BuyFunction";
    let disabled = base_with(stream, &format!("{stream}\n      Enabled: false"));
    assert_eq!(enabled(&disabled), (false, true));
    let disabled = base_with(queue, &format!("{queue}\n      Enabled: false"));
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
        let scaled = format!("BuyFunction\n      ScalingConfig: {{MaximumConcurrency: {most}}}\n  Feed:");
        let text = base_with("BuyFunction\n  Feed:", &scaled);
        assert_eq!(concurrency(&text), Some(most));
    }
}

#[test]
fn a_source_names_its_function_by_name_or_arn() {
    let stack = parse_base(BASE, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
    let (stream, queue) = (&stack.stream_sources[0], &stack.queue_sources[0]);
    assert_eq!((&*stream.function, &*stream.logical_id), ("BuyFunction", "Changes"));
    assert_eq!((&*queue.function, &*queue.logical_id), ("BuyFunction", "Messages"));
    assert_eq!(Some(&stream.stream_arn), stack.tables[0].stream_arn.as_ref());
    assert_eq!(queue.queue_arn, "arn:aws:sqs:eu-west-1:123456789012:shop-Queue");
    assert_eq!((stream.batch_size, queue.batch_size), (100, 10));
}
