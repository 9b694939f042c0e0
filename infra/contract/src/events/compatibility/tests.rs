use serde_json::{Value, json};

use super::differences;

/// The schema of an object with one member.
fn with(member: Value) -> Value {
    json!({ "type": "object", "properties": { "it": member } })
}

fn compare(old: &Value, new: &Value) -> String {
    differences(old, new).join(", ")
}

#[test]
fn what_consumers_can_read_is_compatible() {
    let text = json!({ "type": "string", "pattern": "^a$" });
    for (case, old, new) in [
        ("an added pattern", json!({ "type": "string" }), text.clone()),
        (
            "wording",
            text.clone(),
            json!({ "type": "string", "pattern": "^a$", "description": "A", "examples": ["a"] }),
        ),
        ("a removed value", json!({ "enum": ["a", "b"] }), json!({ "enum": ["a"] })),
        ("one value of several", json!({ "type": "string", "enum": ["a", "b"] }), json!({ "const": "b" })),
        ("a narrowed range", json!({ "minimum": 0, "maximum": 9 }), json!({ "minimum": 1, "maximum": 8 })),
        ("narrowed lengths", json!({ "minLength": 1 }), json!({ "minLength": 2, "maxLength": 9 })),
        (
            "fewer items",
            json!({ "maxItems": 9 }),
            json!({ "maxItems": 8, "minItems": 1, "uniqueItems": true }),
        ),
        ("no null", json!({ "type": ["string", "null"] }), json!({ "type": "string" })),
        ("whole numbers", json!({ "type": "number" }), json!({ "type": "integer" })),
        ("anything known", json!(true), text.clone()),
        ("the same alternatives", json!({ "anyOf": [text, true] }), json!({ "anyOf": [true, text] })),
        ("another part of all", json!({ "allOf": [text] }), json!({ "allOf": [text, { "minLength": 1 }] })),
        (
            "narrower items",
            json!({ "items": { "type": ["integer", "null"] } }),
            json!({ "items": { "type": "integer" } }),
        ),
        (
            "the same unknown keyword",
            json!({ "not": text, "title": "A" }),
            json!({ "not": text, "title": "B" }),
        ),
    ] {
        assert_eq!(compare(&with(old), &with(new)), "", "{case}");
    }
}

#[test]
fn members_may_be_added_and_must_stay() {
    let old = json!({ "required": ["a"], "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } } });
    for (expected, new) in [
        (
            "",
            json!({ "required": ["a", "b"], "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } } }),
        ),
        (
            "",
            json!({ "required": ["a", "c"], "properties": {
            "a": { "type": "integer" }, "b": { "type": "integer" }, "c": { "type": "string" },
        } }),
        ),
        ("/b is gone", json!({ "required": ["a"], "properties": { "a": { "type": "integer" } } })),
        ("/a is gone", json!({ "properties": { "b": { "type": "integer" } } })),
        (
            "/a is no longer required",
            json!({ "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } } }),
        ),
        ("/a is gone, /b is gone", json!({ "required": ["a"] })),
        (
            "/a may be of any type",
            json!({ "required": ["a"], "properties": { "a": true, "b": { "type": "integer" } } }),
        ),
    ] {
        assert_eq!(compare(&old, &new), expected, "{new}");
    }
}

#[test]
fn what_consumers_do_not_know_is_incompatible() {
    for (expected, old, new) in [
        ("/it may be of type integer", json!({ "type": "string" }), json!({ "type": "integer" })),
        ("/it may be of type null", json!({ "type": "string" }), json!({ "type": ["string", "null"] })),
        ("/it may be of type number", json!({ "type": "integer" }), json!({ "type": "number" })),
        ("/it may be of any type", json!({ "type": "string" }), json!({ "maxLength": 3 })),
        ("/it may be \"c\"", json!({ "enum": ["a", "b"] }), json!({ "enum": ["a", "c"] })),
        ("/it may be \"b\"", json!({ "const": "a" }), json!({ "const": "b" })),
        ("/it may have other values", json!({ "const": "a" }), json!({ "type": "string" })),
        ("/it has no pattern any more", json!({ "pattern": "^a$" }), json!({})),
        ("/it has another pattern", json!({ "pattern": "^a$" }), json!({ "pattern": "^b$" })),
        ("/it has another format", json!({ "format": "date" }), json!({ "format": "date-time" })),
        ("/it has no format any more", json!({ "format": "date" }), json!({})),
        ("/it has a wider minimum", json!({ "minimum": 1 }), json!({ "minimum": 0 })),
        ("/it has no minimum any more", json!({ "minimum": 1 }), json!({ "exclusiveMinimum": 1 })),
        ("/it has a wider maximum", json!({ "maximum": 1 }), json!({ "maximum": 2 })),
        ("/it has a wider maximum", json!({ "maximum": u64::MAX - 1 }), json!({ "maximum": u64::MAX })),
        ("/it has a wider minLength", json!({ "minLength": 3 }), json!({ "minLength": 1 })),
        ("/it has a wider maxLength", json!({ "maxLength": 3 }), json!({ "maxLength": 4 })),
        ("/it has a wider minItems", json!({ "minItems": 1 }), json!({ "minItems": 0 })),
        ("/it has no maxItems any more", json!({ "maxItems": 3 }), json!({})),
        ("/it may have an item twice", json!({ "uniqueItems": true }), json!({})),
        (
            "/it/* may be of type null",
            json!({ "items": { "type": "integer" } }),
            json!({ "items": { "type": ["integer", "null"] } }),
        ),
        ("/it/* may be of any type", json!({ "items": { "type": "integer" } }), json!({})),
    ] {
        assert_eq!(compare(&with(old.clone()), &with(new.clone())), expected, "{old} {new}");
    }
}

#[test]
fn what_cannot_be_decided_is_incompatible() {
    let nothing = json!({ "type": "null" });
    let integer = json!({ "type": "integer" });
    for (keyword, old, new) in [
        ("anyOf", json!({ "anyOf": [integer, nothing] }), json!({ "anyOf": [integer] })),
        ("oneOf", json!({ "oneOf": [integer] }), json!({ "oneOf": [integer, nothing] })),
        ("oneOf", json!({ "oneOf": [integer] }), json!({})),
        ("allOf", json!({ "allOf": [integer, { "minimum": 1 }] }), json!({ "allOf": [integer] })),
        ("not", json!({ "not": integer }), json!({ "not": nothing })),
        ("not", json!({}), json!({ "not": nothing })),
        ("default", json!({ "default": 1 }), json!({ "default": 2 })),
        (
            "patternProperties",
            json!({ "patternProperties": { "^a": integer } }),
            json!({ "patternProperties": {} }),
        ),
        ("prefixItems", json!({ "prefixItems": [integer] }), json!({ "prefixItems": [nothing] })),
    ] {
        let expected = format!("/it has another {keyword}, which cannot be judged");
        assert_eq!(compare(&with(old.clone()), &with(new.clone())), expected, "{old} {new}");
    }
}

#[test]
fn members_that_are_not_named_have_the_old_form() {
    let integer = json!({ "type": "integer" });
    let map = |others: &Value| json!({ "type": "object", "additionalProperties": others });
    for (expected, old, new) in [
        ("", map(&integer), map(&json!({ "type": "integer", "minimum": 0 }))),
        ("/* may be of type null", map(&integer), map(&json!({ "type": ["integer", "null"] }))),
        ("/* may be of any type", map(&integer), map(&json!(true))),
        ("/* was ruled out", map(&json!(false)), json!({ "type": "object" })),
        ("", json!({ "type": "object" }), map(&json!(false))),
        (
            "/a may be of type string",
            map(&integer),
            json!({ "type": "object", "additionalProperties": integer, "properties": { "a": { "type": "string" } } }),
        ),
    ] {
        assert_eq!(compare(&old, &new), expected, "{old} {new}");
    }
}

#[test]
fn references_are_followed_on_both_sides() {
    let named = |name: &str, definition: Value| {
        let mut schema = with(json!({ "$ref": format!("#/$defs/{name}"), "description": name }));
        schema["$defs"] = json!({ name: definition });
        schema
    };
    let id = json!({ "type": "string", "pattern": "^ord_$" });
    for (expected, old, new) in [
        ("", named("Id", id.clone()), named("OrderId", id.clone())),
        ("", named("Id", id.clone()), with(id.clone())),
        ("", with(id.clone()), named("Id", json!({ "type": "string", "pattern": "^ord_$", "minLength": 1 }))),
        ("/it has no pattern any more", named("Id", id.clone()), named("Id", json!({ "type": "string" }))),
        (
            "/it has another anyOf, which cannot be judged",
            named("Id", json!({ "anyOf": [id, true] })),
            with(id.clone()),
        ),
        ("/it has a $ref that leads nowhere", with(json!({ "$ref": "#/$defs/Id" })), with(id.clone())),
        ("/it has a $ref that leads nowhere", named("Id", json!({ "$ref": "#/$defs/Id" })), with(id.clone())),
    ] {
        assert_eq!(compare(&old, &new), expected, "{old} {new}");
    }
}

#[test]
fn alternatives_are_compared_behind_their_references() {
    let nullable = |amount: Value| {
        json!({
            "properties": { "it": { "anyOf": [{ "$ref": "#/$defs/Money" }, { "type": "null" }] } },
            "$defs": { "Money": { "description": amount.to_string(), "properties": { "amount": amount } } },
        })
    };
    let old = nullable(json!({ "type": "integer" }));
    assert_eq!(compare(&old, &nullable(json!({ "type": "integer", "title": "Cents" }))), "");
    let new = nullable(json!({ "type": "number" }));
    assert_eq!(compare(&old, &new), "/it has another anyOf, which cannot be judged");
}

#[test]
fn a_keyword_on_both_sides_of_a_reference_cannot_be_judged() {
    let both = |least: u64| {
        json!({
            "properties": { "it": { "$ref": "#/$defs/Number", "minimum": least } },
            "$defs": { "Number": { "type": "integer", "minimum": 5 } },
        })
    };
    assert_eq!(compare(&both(1), &both(1)), "");
    assert_eq!(compare(&both(5), &both(5)), "");
    assert_eq!(compare(&both(1), &both(2)), "/it has minimum beside and behind $ref, which cannot be judged");
}

#[test]
fn recursive_schemas_are_compared_once() {
    let tree = |kind: &str| {
        json!({
            "$ref": "#/$defs/Tree",
            "$defs": { "Tree": { "properties": {
                "id": { "type": kind }, "parts": { "items": { "$ref": "#/$defs/Tree" } },
            } } },
        })
    };
    assert_eq!(compare(&tree("string"), &tree("string")), "");
    let expected = "/id may be of type integer, /parts/*/id may be of type integer";
    assert_eq!(compare(&tree("string"), &tree("integer")), expected);
}
