//! The settings of event sources that are not references.

use super::*;

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
