use proptest::prelude::*;

use super::*;
use crate::InvalidValue;

type Asked = Specification<String>;

/// Leaves are the terms as they were read; there is no field `nope`.
fn read(text: &str) -> Result<Asked, String> {
    let leaf = |term: Term<'_>| match term {
        Term { field: "nope", .. } => Err(InvalidValue::new("must not ask for nope")),
        Term { field, comparison, operand } => {
            let operand = match operand {
                Operand::Nothing => "nothing".to_owned(),
                Operand::Text(text) => format!("{text:?}"),
            };
            Ok(Asked::leaf(format!("{field} {comparison:?} {operand}")))
        }
    };
    parse(text, &leaf).map_err(|error| error.to_string())
}

/// The specification with all of its parentheses.
fn shown(specification: &Asked) -> String {
    let joined =
        |parts: &[Asked], by: &str| format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(by));
    match specification.node() {
        Node::Leaf(leaf) => leaf.clone(),
        Node::All(parts) => joined(parts, " and "),
        Node::Any(parts) => joined(parts, " or "),
        Node::Not(part) => format!("not {}", shown(part)),
    }
}

#[test]
fn a_filter_is_read_as_ghost_reads_it() {
    for (text, expected) in [
        ("status:active", r#"status Is "active""#),
        ("status:-active", r#"not status Is "active""#),
        ("at:null", "at Is nothing"),
        ("at:-null", "not at Is nothing"),
        ("at:'null'", r#"at Is "null""#),
        ("a:1+b:2", r#"(a Is "1" and b Is "2")"#),
        ("a:1 b:2", r#"(a Is "1" and b Is "2")"#),
        (" a:1 + b:2 , c:3 ", r#"((a Is "1" and b Is "2") or c Is "3")"#),
        ("a:1,b:2+c:3", r#"(a Is "1" or (b Is "2" and c Is "3"))"#),
        ("(a:1,b:2)+c:3", r#"((a Is "1" or b Is "2") and c Is "3")"#),
        ("a:1+b:2+c:3", r#"(a Is "1" and b Is "2" and c Is "3")"#),
        ("role:[a,b]", r#"(role Is "a" or role Is "b")"#),
        ("role:-[a,'b c']", r#"not (role Is "a" or role Is "b c")"#),
        ("at:>=2026-01-01T00:00:00Z", r#"at Ordered(AtLeast) "2026-01-01T00:00:00Z""#),
        (
            "at:>'x'+at:<y+at:<=z",
            r#"(at Ordered(Above) "x" and at Ordered(Below) "y" and at Ordered(AtMost) "z")"#,
        ),
        ("name:~'O\\'Hara \\\\ Co'", r#"name Contains "O'Hara \\ Co""#),
        ("email:~^ada@", r#"email BeginsWith "ada@""#),
        ("name:-~ada", r#"not name Contains "ada""#),
    ] {
        assert_eq!(read(text).map(|read| shown(&read)), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_filter_is_refused_with_its_place() {
    for (text, error) in [
        ("", "must have a field with `:` and a value at character 1"),
        ("status", "must have a field with `:` and a value at character 7"),
        ("é:1", "must have a field with `:` and a value at character 1"),
        ("a:1+", "must have a field with `:` and a value at character 5"),
        ("(a:1", "must have `+`, `,` or `)` at character 5"),
        ("a:1)", "must have `+`, `,` or the end at character 4"),
        ("a:[1", "must have `,` or `]` at character 5"),
        ("a:'é", "must have `'` at character 5"),
        ("a:'\\x'", "must have `'` or `\\` behind `\\` at character 6"),
        ("a:1'2'", "must have `+`, `,` or the end at character 4"),
        ("nope:1", "must not ask for nope"),
    ] {
        assert_eq!(read(text), Err(error.to_owned()), "{text}");
    }
    for text in ["a:", "a:+", "a:->1", "a:>>1", "a:[]", "a:\"1\""] {
        let error = read(text).unwrap_err();
        assert!(error.starts_with("must have a value, in '…'"), "{text}: {error}");
    }
}

#[test]
fn a_filter_has_bounds() {
    let nested = |depth| format!("{}a:1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(shown(&read(&nested(NESTED_MOST)).unwrap()), "a Is \"1\"");
    let deep = "must not have groups more than 5 deep in each other";
    for too_deep in [NESTED_MOST + 1, 900] {
        assert_eq!(read(&nested(too_deep)).unwrap_err(), deep);
    }
    assert_eq!(read(&format!("{}a:1", "(a:1)+".repeat(MOST_LEAVES - 1))).map(|_| ()), Ok(()), "side by side");
    for sign in ["+", ","] {
        let leaves = |number| vec!["a:1"; number].join(sign);
        assert!(read(&leaves(MOST_LEAVES)).is_ok());
        let many = "must not compare with more than 20 values";
        assert_eq!(read(&leaves(MOST_LEAVES + 1)).unwrap_err(), many);
        assert_eq!(read(&format!("a:[{}]", "1,".repeat(20) + "1")).unwrap_err(), many);
    }
    let long = |length| format!("a:{}", "1".repeat(length - 2));
    assert!(read(&long(LONGEST)).is_ok());
    assert_eq!(read(&long(10_000)).unwrap_err(), "must be at most 2000 bytes long");
}

fn any_specification() -> impl Strategy<Value = Specification<u8>> {
    let leaf = (0..8_u8).prop_map(Specification::leaf);
    leaf.prop_recursive(5, 20, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| !one),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one & other),
            (inner.clone(), inner).prop_map(|(one, other)| one | other),
        ]
    })
}

proptest! {
    #[test]
    fn and_or_and_not_are_those_of_logic(
        one in any_specification(), other in any_specification(), bits in any::<u8>()
    ) {
        let holds = |specification: &Specification<u8>| specification.holds(&|leaf| bits & (1 << leaf) != 0);
        let (first, second) = (holds(&one), holds(&other));
        prop_assert_eq!(holds(&(one.clone() & other.clone())), first && second);
        prop_assert_eq!(holds(&(one.clone() | other)), first || second);
        prop_assert_eq!(holds(&!one), !first);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[a:'\\\\()+,\\[\\]~^<>=é -]{0,40}") {
        let _ = read(&text);
    }
}
