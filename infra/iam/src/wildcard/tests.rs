use proptest::prelude::*;

use super::{Case, Pattern, Piece, Reach};
use crate::context::{Context, Keys};

fn is_matched(pattern: &Pattern, text: &str, case: Case) -> bool {
    let principal = Context::new().with("aws:PrincipalTag/Star", "a*").with("aws:PrincipalTag/Colon", "a:b");
    let request = Context::new();
    pattern.matches(text, case, &Keys { principal: &principal, request: &request })
}

/// The definition: every way to spread a text over the pieces, tried in turn.
fn is_matched_naively(pieces: &[Piece], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let stays = |taken: &str, reach: Reach| reach == Reach::Whole || !taken.contains(':');
    match first {
        Piece::Text(wanted) => {
            text.strip_prefix(&**wanted).is_some_and(|after| is_matched_naively(rest, after))
        }
        Piece::One(reach) => {
            let length = text.chars().next().map_or(0, char::len_utf8);
            length > 0 && stays(&text[..length], *reach) && is_matched_naively(rest, &text[length..])
        }
        Piece::Any(reach) => {
            let ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
            ends.into_iter().any(|end| stays(&text[..end], *reach) && is_matched_naively(rest, &text[end..]))
        }
        Piece::Variable(..) => unreachable!("patterns of this test have none"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn wildcards_agree_with_a_naive_matcher(pattern in "[ab:?*é]{0,12}", text in "[ab:é]{0,12}") {
        let pattern = Pattern::like(&pattern).unwrap();
        prop_assert_eq!(is_matched(&pattern, &text, Case::Sensitive), is_matched_naively(&pattern.pieces, &text));
    }

    #[test]
    fn parts_of_arns_agree_with_a_naive_matcher(
        pattern in "(arn|[a?*]{1,2})(:[a?*]{0,3}){5,7}",
        resource in "arn:aws:s3(:[a?*]{0,3}){0,5}:?\\*",
        text in "(arn:aws:s3|[a]{0,2}:a?:a?)(:[a]{0,2}){3,5}",
    ) {
        let arn = Pattern::arn(&pattern).unwrap();
        prop_assert_eq!(is_matched(&arn, &text, Case::Sensitive), is_matched_naively(&arn.pieces, &text));
        if let Ok(resource) = Pattern::resource(&resource) {
            let naively = is_matched_naively(&resource.pieces, &text);
            prop_assert_eq!(is_matched(&resource, &text, Case::Sensitive), naively);
        }
    }

    #[test]
    fn no_text_and_no_pattern_panics(pattern in "\\PC{0,20}", text in "\\PC{0,20}") {
        for read in [Pattern::like, Pattern::literal, Pattern::arn, Pattern::action, Pattern::resource] {
            if let Ok(pattern) = read(&pattern) {
                is_matched(&pattern, &text, Case::Sensitive);
                is_matched(&pattern, &text, Case::Ignored);
            }
        }
    }
}

/// AWS: IAM JSON policy elements: Condition operators, String condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
#[test]
fn a_star_is_any_text_and_a_question_mark_one_character() {
    let cases = [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "a:b/c", true),
        ("?", "", false),
        ("?", "é", true),
        ("a?c", "a:c", true),
        ("a*c", "abbc", true),
        ("a*c", "abbcd", false),
        ("*ab*ab", "abab", true),
        ("*ab*ab", "aab", false),
        ("T#*#directory*", "T#ten_1#directory", true),
        ("T#*#directory*", "T#ten_1#director", false),
        ("A", "a", false),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(
            is_matched(&Pattern::like(pattern).unwrap(), text, Case::Sensitive),
            expected,
            "{pattern} {text}"
        );
    }
    assert!(is_matched(&Pattern::like("a?C*").unwrap(), "AbcD", Case::Ignored));
    assert!(!is_matched(&Pattern::literal("a*").unwrap(), "ab", Case::Sensitive));
    assert!(is_matched(&Pattern::literal("a*").unwrap(), "a*", Case::Sensitive));
}

/// AWS: IAM policy elements: Variables and tags, Special characters,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars>
#[test]
fn wildcards_in_the_value_of_a_variable_are_literal() {
    let pattern = Pattern::like("T#${aws:PrincipalTag/Star}#*").unwrap();
    for (text, expected) in [("T#a*#orders", true), ("T#ab#orders", false), ("T#a#orders", false)] {
        assert_eq!(is_matched(&pattern, text, Case::Sensitive), expected, "{text}");
    }
    let special = Pattern::like("${*}*${?}").unwrap();
    for (text, expected) in [("*ab?", true), ("*?", true), ("ab?", false), ("*ab", false)] {
        assert_eq!(is_matched(&special, text, Case::Sensitive), expected, "{text}");
    }
}

/// AWS: IAM JSON policy elements: Condition operators, ARN condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
/// The first two cases are the example of that page, with `StringLike` and with `ArnLike`.
#[test]
fn the_parts_of_an_arn_are_compared_one_by_one() {
    let long = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
    let short = "arn:aws:someservice:*:111122223333:finance/*";
    assert!(is_matched(&Pattern::like(short).unwrap(), long, Case::Sensitive));
    let cases = [
        (short, long, false),
        (short, "arn:aws:someservice:us-east-2:111122223333:finance/a", true),
        (short, "arn:aws:someservice::111122223333:finance/a:b", true),
        ("arn:*:*:*:*:*", "arn:aws:s3:::a:b", true),
        ("arn:aws:s3:::?", "arn:aws:s3::::", true),
        ("arn:aws:s3:?::a", "arn:aws:s3::::a", false),
        ("arn:aws:s3:::a${aws:PrincipalTag/Colon}", "arn:aws:s3:::aa:b", true),
        ("arn:aws:s3::${aws:PrincipalTag/Colon}:c", "arn:aws:s3::a:b:c", false),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(
            is_matched(&Pattern::arn(pattern).unwrap(), text, Case::Sensitive),
            expected,
            "{pattern} {text}"
        );
    }
}

/// AWS: IAM JSON policy elements: Resource, Using wildcards in resource ARNs,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards>
/// The first eleven cases are the examples of that page.
#[test]
fn a_star_at_the_end_of_a_part_of_a_resource_crosses_colons() {
    let bucket = "arn:aws:s3:::bucket/*/test/*";
    let cases = [
        (bucket, "arn:aws:s3:::bucket/1/test/object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1/2/test/object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1/2/test/3/object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1/2/3/test/4/object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1///test///object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1/test/.jpg", true),
        (bucket, "arn:aws:s3:::bucket//test/object.jpg", true),
        (bucket, "arn:aws:s3:::bucket/1/test/", true),
        (bucket, "arn:aws:s3:::bucket/1-test/object.jpg", false),
        (bucket, "arn:aws:s3:::bucket/test/object.jpg", false),
        (bucket, "arn:aws:s3:::bucket/1/2/test.jpg", false),
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:123456789012:queue", true),
        ("arn:aws:dynamodb:*:table/orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders", true),
        ("arn:aws:dynamodb:eu-*:table/orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders", true),
        ("arn:aws:dynamodb:eu*1:1:table/a", "arn:aws:dynamodb:eu-west:1:1:table/a", false),
        ("arn:aws:logs:*:*:log-group:a*b:*", "arn:aws:logs:eu-west-1:1:log-group:a:b:c", true),
        ("arn:*:s3:::a", "arn:aws-cn:s3:::a", true),
        ("*", "anything", true),
    ];
    for (pattern, text, expected) in cases {
        let pattern = Pattern::resource(pattern).unwrap();
        assert_eq!(is_matched(&pattern, text, Case::Sensitive), expected, "{pattern:?} {text}");
    }
}

#[test]
fn patterns_that_no_document_describes_are_refused() {
    let resources = [
        "",
        "table",
        "arn",
        "arn:aws",
        "arn:aws:s3",
        "arn:aws:s3*",
        "arn:aws:*",
        "arn:aws:*:::a",
        "arn:aws:sqs:eu",
        "arn:aws::::a",
        "arn:aws:dynamodb:eu*1:table/a",
        "a*",
        "arn:aws:s3:::${",
        "arn:aws:s3::${aws:PrincipalAccount}:a",
        "${aws:PrincipalTag/Arn}",
    ];
    for text in resources {
        assert!(Pattern::resource(text).is_err(), "{text}");
    }
    for text in
        ["", "*", "arn:aws:s3", "arn:aws:s3:::", "queue", "${aws:username}:a", "a:b:c:d:${aws:username}"]
    {
        assert_eq!(Pattern::arn(text).is_err(), text != "arn:aws:s3:::", "{text}");
    }
    for text in [
        "",
        "GetItem",
        ":GetItem",
        "dynamodb:",
        "*:GetItem",
        "dynamodb:Get Item",
        "a:b:c",
        "s3:${aws:username}",
    ] {
        assert!(Pattern::action(text).is_err(), "{text}");
    }
}

#[test]
fn a_pattern_that_is_one_variable_is_compared_as_a_whole() {
    let pattern = Pattern::arn("${aws:PrincipalTag/Colon}").unwrap();
    assert!(is_matched(&pattern, "a:b", Case::Sensitive));
    assert!(!is_matched(&pattern, "a", Case::Sensitive));
}

/// What lasts exponentially long with recursion is done at once.
#[test]
fn many_stars_do_not_hang() {
    let pattern = Pattern::like(&format!("{}b", "*a".repeat(60))).unwrap();
    assert!(!is_matched(&pattern, &"a".repeat(2000), Case::Sensitive));
    assert!(!is_matched(&pattern, &"a".repeat(2000), Case::Ignored));
    let pattern = Pattern::like(&format!("{}b", "*a?".repeat(60))).unwrap();
    assert!(!is_matched(&pattern, &"a".repeat(2000), Case::Sensitive));
}
