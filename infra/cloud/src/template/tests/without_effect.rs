//! Properties that may be set and change nothing.

use super::*;

#[test]
fn what_lambda_does_about_recursive_loops_is_read_and_reported() {
    for (find, replace, allows) in [
        ("MemorySize: 512", "RecursiveLoop: Allow", true),
        ("MemorySize: 512", "RecursiveLoop: Terminate", false),
        ("    Timeout: 10", "    RecursiveLoop: Allow", true),
    ] {
        let text = base_with(find, replace);
        let stack = parse_base(&text, &[]).unwrap_or_else(|refusals| panic!("{refusals}"));
        let is_reported = |note: &crate::model::WithoutEffect| {
            note.logical_id == "BuyFunction" && note.property == "RecursiveLoop" && !note.reason.is_empty()
        };
        assert!(stack.without_effect.iter().any(is_reported), "{replace}");
        let buy = stack.functions.iter().find(|function| function.logical_id == "BuyFunction").unwrap();
        assert_eq!(buy.allows_recursive_loop, allows, "{replace}");
    }
}
