use super::{Part, split};
use crate::context::{Context, Keys};

/// What a text becomes, with `null` for a variable without a value.
fn substituted(text: &str, request: &Context) -> String {
    let principal = Context::new().with("aws:PrincipalTag/Team", "yellow");
    let keys = Keys { principal: &principal, request };
    let parts = split(text).unwrap().into_iter().map(|part| match part {
        Part::Text(text) | Part::Character(text) => text.to_owned(),
        Part::Variable(variable) => variable.value(&keys).unwrap_or("null").to_owned(),
    });
    parts.collect()
}

/// AWS: IAM policy elements: Variables and tags,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn a_variable_stands_for_the_value_of_its_key() {
    let request = Context::new().with("s3:prefix", "${aws:username}*").with("aws:RequestTag/Empty", "");
    let cases = [
        ("plain $ and } and {", "plain $ and } and {"),
        ("T#${aws:PrincipalTag/Team}#*", "T#yellow#*"),
        ("${AWS:principaltag/TEAM}", "yellow"),
        ("${aws:PrincipalTag/Team}${aws:PrincipalTag/Team}", "yellowyellow"),
        // One round of substitution.
        ("${s3:prefix}", "${aws:username}*"),
        ("${aws:username}", "null"),
        ("${aws:RequestTag/Empty}", "null"),
        ("${aws:PrincipalTag/Team, 'company-wide'}", "yellow"),
        ("${aws:PrincipalTag/Unit, 'company-wide'}", "company-wide"),
        ("${aws:RequestTag/Empty, 'company-wide'}", "company-wide"),
        ("${aws:PrincipalTag/Unit,'a, b'}", "a, b"),
        ("${aws:PrincipalTag/Unit, ''}", ""),
        ("${*}${?}${$}{x}", "*?${x}"),
    ];
    for (text, expected) in cases {
        assert_eq!(substituted(text, &request), expected, "{text}");
    }
}

/// AWS: Single-valued vs. multivalued context keys,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn a_key_with_several_values_is_no_variable() {
    let request = Context::new().with_all("s3:prefix", ["a", "b"]).with_all("s3:delimiter", [""; 0]);
    assert_eq!(substituted("${s3:prefix}", &request), "null");
    assert_eq!(substituted("${s3:delimiter}", &request), "null");
    for key in ["aws:TagKeys", "dynamodb:LeadingKeys", "AWS:CalledVia"] {
        assert!(split(&format!("${{{key}}}")).is_err(), "{key}");
    }
}

#[test]
fn what_is_no_variable_is_refused() {
    let texts = [
        "${",
        "${aws:username",
        "${}",
        "${username}",
        "${aws:}",
        "${aws:unknown}",
        "${aws:PrincipalTag/}",
        "${aws:username, default}",
        "${aws:username, 'default}",
        "${aws:username,}",
        "${aws:username, 'it's'}",
        "${a${aws:username}}",
        "${**}",
    ];
    for text in texts {
        assert!(split(text).is_err(), "{text}");
    }
}
