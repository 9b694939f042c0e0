use std::cell::Cell;

use http::HeaderValue;
use serde_json::Value;

use super::*;

thread_local! {
    static READ: Cell<usize> = const { Cell::new(0) };
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Body {
    #[allow(dead_code)]
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Line {
    #[allow(dead_code)]
    #[serde(deserialize_with = "counted")]
    quantity: domain::money::Quantity,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)]
struct Person {
    name: domain::text::PersonName,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "domain::text::Email")]
    email: Option<domain::text::Email>,
    role: domain::role::OlderRole,
    home: Option<Home>,
    #[serde(default)]
    limits: std::collections::BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Home {
    street: domain::text::PersonName,
    number: Option<u8>,
    town: domain::text::PersonName,
}

fn counted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<domain::money::Quantity, D::Error> {
    READ.with(|read| read.set(read.get() + 1));
    domain::money::Quantity::deserialize(deserializer)
}

fn headers() -> HeaderMap {
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    [(CONTENT_TYPE, json)].into_iter().collect()
}

fn errors<B: Input>(text: &[u8]) -> (u16, Vec<Value>) {
    let Err(problem) = body::<B>(&headers(), text, false, BODY_LIMIT) else { panic!("was read") };
    let document: Value = serde_json::from_str(&problem.document("")).unwrap();
    (problem.status(), document["errors"].as_array().cloned().unwrap_or_default())
}

fn fields<B: Input>(text: &str) -> Vec<String> {
    let (status, errors) = errors::<B>(text.as_bytes());
    assert_eq!(status, 422, "{text}");
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_broken_rule_is_reported_with_its_field() {
    for (body, status, field) in [
        (&br#"{"lines":[{"quantity":1},{"quantity":0}]}"#[..], 422, "/lines/1/quantity"),
        (br#"{"lines":[{"quantity":-1}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[{"quantity":"1"}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[{"quantity":1.5}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[{"quantity":99999999999999999999}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[{"quantity":1,"x":2}]}"#, 422, "/lines/0/x"),
        (br#"{"lines":[{"quantity":1,"quantity":2}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[{}]}"#, 422, "/lines/0/quantity"),
        (br#"{"lines":[],"lines":[]}"#, 422, "/lines"),
        (br#"{"lines":7}"#, 422, "/lines"),
        (br#"{"lines":[{"quantity":1e400}]}"#, 422, "/lines/0/quantity"),
        (br#"{}"#, 422, "/lines"),
        (br#"[]"#, 422, ""),
        (br#"[[]]"#, 422, ""),
        (br#"{"lines":[[1]]}"#, 422, "/lines/0"),
        (br#"{"lines":[]"#, 400, ""),
        (br#"{"lines":[]} {}"#, 400, ""),
        (b"{\"lines\":\"\xff\"}", 400, ""),
        (b"", 400, ""),
    ] {
        let (was, errors) = errors::<Body>(body);
        let what = String::from_utf8_lossy(body);
        assert_eq!((was, errors.len()), (status, usize::from(status == 422)), "{what}");
        assert!(errors.iter().all(|error| error["field"] == field), "{what}: {errors:?}");
    }
}

#[test]
fn all_broken_fields_are_reported_in_the_order_of_the_document() {
    for (body, expected) in [
        (r#"{}"#, &["/name", "/role"][..]),
        (r#"{"role":7,"email":null,"name":""}"#, &["/role", "/email", "/name"]),
        (r#"{"x":1,"email":"ada"}"#, &["/x", "/email", "/name", "/role"]),
        (r#"{"a/b~c":1,"role":"no"}"#, &["/a~1b~0c", "/role", "/name"]),
        (
            r#"{"name":"Ada","role":"member","home":{"number":-1}}"#,
            &["/home/number", "/home/street", "/home/town"],
        ),
        (
            r#"{"home":{"town":"","x":0,"street":[]},"name":"Ada"}"#,
            &["/home/town", "/home/x", "/home/street", "/role"],
        ),
        (
            r#"{"home":7,"limits":{"a":256,"b":1,"c":-1}}"#,
            &["/home", "/limits/a", "/limits/c", "/name", "/role"],
        ),
        // Repeated: one that is right, one that is broken, one that is unknown, and one of a map, which may be.
        (r#"{"name":"Ada","name":"Bob","name":"","role":"admin"}"#, &["/name"]),
        (r#"{"name":"","name":"Ada","x":1,"role":"no","x":2}"#, &["/name", "/x", "/role"]),
        (r#"{"limits":{"a":1,"a":2},"name":"Ada"}"#, &["/role"]),
        // What lies in a value of a wrong type is not looked at.
        (r#"{"name":{"a":1,"a":2},"role":[1,{"b":7}]}"#, &["/name", "/role"]),
    ] {
        assert_eq!(fields::<Person>(body), expected, "{body}");
    }
}

#[test]
fn a_rule_of_the_whole_is_told_once_its_parts_are_right() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(try_from = "Vec<domain::money::Quantity>")]
    struct Two;

    impl TryFrom<Vec<domain::money::Quantity>> for Two {
        type Error = &'static str;

        fn try_from(both: Vec<domain::money::Quantity>) -> Result<Self, Self::Error> {
            if both.len() == 2 { Ok(Self) } else { Err("must be two") }
        }
    }

    assert_eq!(fields::<Two>("[0,1,0]"), ["/0", "/2"]);
    assert_eq!(errors::<Two>(b"[1]").1, [serde_json::json!({ "field": "", "rule": "must be two" })]);
}

#[test]
fn half_a_character_is_not_json_wherever_it_is() {
    for body in [r#"{"name":"","role":"\ud800"}"#, r#"{"name":"","\ud800":1}"#, r#"{"role":"\udc00"}"#] {
        assert_eq!(errors::<Person>(body.as_bytes()).0, 400, "{body}");
    }
}

#[test]
fn the_detail_names_the_first_and_counts_the_others() {
    let detail = |text: &[u8]| {
        let problem = body::<Person>(&headers(), text, false, BODY_LIMIT).unwrap_err();
        serde_json::from_str::<Value>(&problem.document("")).unwrap()["detail"].clone()
    };
    assert_eq!(detail(br#"{"role":"admin"}"#), "/name: is required");
    assert_eq!(detail(br#"{"x":1}"#), "/x: is not a known field; and 2 more");
}

/// Parameters, key, precondition and body are read by themselves.
#[test]
fn two_problems_are_one_with_the_fields_of_both_and_fields_come_first() {
    let [one, other] =
        [("/a", "is odd"), ("/b", "is even")].map(|(field, rule)| Problem::invalid(field, rule));
    let of_no_field = Problem::unsupported_media_type();
    let said = |first: &Problem, second: &Problem| {
        let both = Problem::both::<(), ()>(Err(first.clone()), Err(second.clone())).unwrap_err();
        (both.status(), both.detail().to_owned())
    };
    assert_eq!(said(&one, &other), (422, "/a: is odd; and 1 more".to_owned()));
    for mixed in [said(&one, &of_no_field), said(&of_no_field, &one)] {
        assert_eq!(mixed, (422, "/a: is odd".to_owned()));
    }
    assert_eq!(said(&Problem::precondition_required(), &of_no_field).0, 415);
}

/// Of 10,000 lines, each is read once by itself, at most twice more as a part of what is around it, and its quantity
/// once by itself.
#[test]
fn many_lines_are_tried_in_linear_time_and_at_most_a_hundred_are_named() {
    let reads = |line: &str, last: &str| {
        let lines = vec![line; 9_999].join(",");
        READ.with(|read| read.set(0));
        let fields = fields::<Body>(&format!(r#"{{"lines":[{lines},{last}]}}"#));
        (fields, READ.with(Cell::get))
    };
    let (broken, read) = reads(r#"{"quantity":0}"#, "7");
    assert_eq!((broken.len(), broken[99].as_str()), (100, "/lines/99/quantity"));
    assert!(read <= 1_000, "{read}");
    let (broken, read) = reads(r#"{"quantity":1}"#, r#"{"quantity":0}"#);
    assert_eq!(broken, ["/lines/9999/quantity"]);
    assert!(read <= 40_000, "{read}");
}

#[test]
fn a_large_body_and_another_media_type_are_refused() {
    assert_eq!(errors::<Body>(&vec![b' '; BODY_LIMIT + 1]).0, 413);
    let problem = body::<Body>(&HeaderMap::new(), b"lines=1", false, BODY_LIMIT).unwrap_err();
    assert_eq!(problem.status(), 415);
}

#[test]
fn parameters_come_once_and_are_known() {
    let read = |names: &[&str]| {
        let pairs: Vec<_> = names.iter().map(|name| ((*name).to_owned(), "1".to_owned())).collect();
        parameters::<NoParameters>(&pairs).map(drop).map_err(|problem| problem.document(""))
    };
    assert_eq!(read(&[]), Ok(()));
    let refused = read(&["x", "y", "x"]).unwrap_err();
    let refused: Value = serde_json::from_str(&refused).unwrap();
    let unknown = |field: &str| serde_json::json!({ "field": field, "rule": "is not a known field" });
    assert_eq!(refused["errors"], serde_json::json!([unknown("/x"), unknown("/y")]));
}
