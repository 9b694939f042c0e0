use serde_json::json;

use super::*;

fn matches(pattern: &str, event: Value) -> bool {
    LogPattern::parse(pattern).unwrap().matches(&event.to_string())
}

#[test]
fn texts_are_compared_with_wildcards() {
    for (pattern, expected) in [
        ("{ $.a.b = \"x y\" }", true),
        ("{ $.a.b = \"x\" }", false),
        ("{ $.a.b = \"x*\" }", true),
        ("{ $.a.b = \"*y\" }", true),
        ("{ $.a.b = \"x* *y\" }", true),
        ("{ $.a.b = \"x*z*y\" }", false),
        ("{ $.a.b = \"x yx*\" }", false),
        ("{ $.a.b = \"x y*y\" }", false),
        ("{ $.a.b != \"x*\" }", false),
        ("{ $.a.b != \"y*\" }", true),
        ("{ $.ip = 10.0.* }", true),
        ("{ $.ip != 10.0.* }", false),
        ("{ $.list[1].c = z }", true),
        ("{ $.list[0].c = z }", false),
        ("{ $.quoted = \"say \\\"so\\\"\" }", true),
        ("{ $.n = \"*\" }", true),
        // Neither an object nor what is missing has a text.
        ("{ $.a = \"*\" }", false),
        ("{ $.missing = \"*\" }", false),
        ("{ $.missing != \"x\" }", false),
    ] {
        let event = json!({
            "a": {"b": "x y"}, "ip": "10.0.0.7", "list": [{"c": "y"}, {"c": "z"}], "quoted": "say \"so\"", "n": 5,
        });
        assert_eq!(matches(pattern, event), expected, "{pattern}");
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    for (operator, expected) in [
        ("=", [false, true, false]),
        ("!=", [true, false, true]),
        ("<", [true, false, false]),
        ("<=", [true, true, false]),
        (">", [false, false, true]),
        (">=", [false, true, true]),
    ] {
        let held = [4.5, 5.0, 1e3].map(|n| matches(&format!("{{ $.n {operator} 5 }}"), json!({ "n": n })));
        assert_eq!(held, expected, "{operator}");
    }
    assert!(matches("{$.n>-1e-3}", json!({"n": 0})));
    assert!(!matches("{ $.n > 4 }", json!({"n": "5"})));
}

#[test]
fn booleans_nulls_and_what_is_missing() {
    let event = || json!({"yes": true, "no": false, "null": null, "text": "true"});
    for (pattern, expected) in [
        ("{ $.yes IS TRUE }", true),
        ("{ $.no IS TRUE }", false),
        ("{ $.no IS FALSE }", true),
        ("{ $.text IS TRUE }", false),
        ("{ $.null IS NULL }", true),
        ("{ $.missing IS NULL }", false),
        ("{ $.missing NOT EXISTS }", true),
        ("{ $.null NOT EXISTS }", false),
    ] {
        assert_eq!(matches(pattern, event()), expected, "{pattern}");
    }
}

#[test]
fn and_binds_closer_than_or_and_parentheses_closer_than_both() {
    let event = || json!({"a": 1, "b": 0});
    assert!(matches("{ $.a = 1 || $.a = 1 && $.b = 1 }", event()));
    assert!(!matches("{ ($.a = 1 || $.a = 1) && $.b = 1 }", event()));
    assert!(matches("{($.a=1)&&(($.b=1)||($.b=0))}", event()));
}

#[test]
fn lines_that_are_not_json_match_the_empty_pattern_alone() {
    let missing = LogPattern::parse("{ $.a NOT EXISTS }").unwrap();
    let everything = LogPattern::parse("").unwrap();
    for line in ["START RequestId: 1", "{broken", "", "7"] {
        assert!(!missing.matches(line), "{line}");
        assert!(everything.matches(line), "{line}");
    }
}

#[test]
fn other_patterns_are_refused() {
    for pattern in [
        "ERROR",
        "\"access denied\"",
        "?a ?b",
        "[ip, user]",
        "%regex%",
        "{ $.a = %regex% }",
        "{ $.a }",
        "{ $ = 1 }",
        "{ a = 1 }",
        "{ $.a = }",
        "{ $.a = \"x }",
        "{ $.a < \"x\" }",
        "{ $.a == 1 }",
        "{ $.a[*] = 1 }",
        "{ $.a IS 1 }",
        "{ $.a IS TRUEST }",
        "{ ($.a = 1 }",
        "{ $.a = 1 && }",
        "{ $.a = 1 } x",
        "{ $.a = 1 $.b = 1 }",
        "{}",
    ] {
        assert!(LogPattern::parse(pattern).is_err(), "{pattern}");
    }
    let exists = LogPattern::parse("{ $.a EXISTS }").unwrap_err().to_string();
    assert!(exists.contains("= \"*\""), "{exists}");
}
