use fancy_regex::Regex;
use proptest::prelude::*;

use super::{
    CancelReason, EMAIL, Email, NAME, PERSON, Password, PersonName, ProductName, Rule, SLUG, Slug, TenantName,
};

fn rule<T: TryFrom<String, Error = crate::InvalidValue>>(text: &str) -> Option<String> {
    T::try_from(text.to_owned()).err().map(|rule| rule.to_string())
}

/// The slug's rule in another formulation: `[a-z][a-z0-9-]{1,38}[a-z0-9]` without `--`.
fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    let letter = |byte: &u8| byte.is_ascii_lowercase();
    let end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match bytes {
        [first, middle @ .., last] => {
            letter(first)
                && end(last)
                && (1..=38).contains(&middle.len())
                && middle.iter().all(|byte| end(byte) || *byte == b'-')
                && !text.contains("--")
        }
        _ => false,
    }
}

/// Whether the parser's `form` and the patterns of the schema both accept or both refuse the text.
pub(super) fn patterns_agree(rule: &Rule, text: &str) -> bool {
    let is_matched = rule.patterns.iter().all(|pattern| Regex::new(pattern).unwrap().is_match(text).unwrap());
    is_matched == (rule.form)(text).is_ok()
}

proptest! {
    #[test]
    fn the_schema_of_a_text_agrees_with_its_parser(
        name in "[\\PC\u{0}\u{1f}\u{85}\u{a0}\u{fdcf}-\u{fdf0}\u{fffd}-\u{ffff} \n]{1,9}",
        slug in "[a-zA0 -]{3,9}|[a-z][a-z0-9]{0,3}(--?[a-z0-9]{0,3}){0,3}",
        person in "[a-z.@:/ é．。'-]{1,12}",
        email in "[a-zA-Z.!é \"@]{0,9}@[a-z.-]{0,12}|[a-z.]{60,70}@[a-z]{1,3}\\.[a-z]{0,66}",
    ) {
        for (rule, text) in [(&NAME, name.clone()), (&PERSON, name), (&PERSON, person), (&SLUG, slug), (&EMAIL, email)] {
            prop_assert!(text.is_empty() || patterns_agree(rule, &text), "{:?}", text);
        }
    }

    #[test]
    fn slugs_are_exactly_the_rule(text in "[a-zA0-9_ é-]{0,5}[a-z0-9-]{0,38}") {
        prop_assert_eq!(rule::<Slug>(&text).is_none(), is_slug(&text), "{}", text);
    }

    #[test]
    fn slugs_of_the_rule_are_taken(text in "[a-z]([a-z0-9]|-[a-z0-9]){1,19}[a-z0-9]") {
        prop_assert_eq!(rule::<Slug>(&text).is_none(), is_slug(&text), "{}", text);
    }

    #[test]
    fn ordinary_addresses_are_taken_in_lower_case(
        text in "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\\.[A-Za-z0-9+_-]{1,9}){0,3}@[a-zA-Z0-9]{1,9}(-[a-z0-9]{1,5})?(\\.[A-Za-z]{2,9}){1,3}"
    ) {
        let email = Email::try_from(text.clone()).unwrap();
        prop_assert_eq!(email.as_str(), text.to_lowercase());
    }

    #[test]
    fn what_is_taken_is_one_safe_line(text in "\\PC*|[ -~\n\r]{0,40}@[ -~]{0,20}\\.[ -~]{0,9}") {
        if let Ok(email) = Email::try_from(text) {
            prop_assert!(email.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(!email.as_str().contains([',', ';', '<', '>', '"', '(', ')', '\\', ':']));
            prop_assert_eq!(email.as_str().matches('@').count(), 1);
            prop_assert_eq!(Email::try_from(email.as_str().to_owned()).unwrap(), email);
        }
    }

    #[test]
    fn names_read_back_from_json(text in "\\PC{1,120}") {
        let json = serde_json::to_string(&text).unwrap();
        match TenantName::try_from(text) {
            Ok(name) => {
                prop_assert_eq!(serde_json::from_str::<TenantName>(&json).unwrap(), name.clone());
                prop_assert_eq!(serde_json::to_string(&name).unwrap(), json);
            }
            Err(rule) => {
                let error = serde_json::from_str::<TenantName>(&json).unwrap_err().to_string();
                prop_assert!(error.starts_with(&rule.to_string()), "{}", error);
            }
        }
    }
}

#[test]
fn names_are_one_trimmed_line_of_1_to_100_characters() {
    let length = Some("must be 1 to 100 characters long".to_owned());
    let trimmed = Some("must not begin or end with white space".to_owned());
    assert_eq!(rule::<ProductName>(""), length);
    assert_eq!(rule::<ProductName>(&"é".repeat(101)), length);
    assert_eq!(rule::<ProductName>(&"é".repeat(100)), None);
    assert_eq!(rule::<PersonName>(" Ada"), trimmed);
    assert_eq!(rule::<PersonName>("Ada\u{a0}"), trimmed);
    assert_eq!(rule::<PersonName>("Ada\nBcc: x"), Some("must not contain control characters".to_owned()));
    assert_eq!(rule::<PersonName>("Ada King, Countess of Lovelace"), None);
}

#[test]
fn a_person_s_name_is_no_address() {
    for text in [
        "J. R. R. Tolkien",
        "J.R.R. Tolkien",
        "Ada King, M.D.",
        "Dr. Ada",
        "Raj s/o Kumar",
        "St.-Pierre",
        "Ada.",
        "山田。",
    ] {
        assert_eq!(rule::<PersonName>(text), None, "{text}");
    }
    for text in [
        "evil.example",
        "Win at www.evil.example now",
        "https://localhost",
        "mailto:/x",
        "x.co",
        "t.me/eve",
        "evil．example",
        "evil。例え",
        "пример.рф",
        "ada@localhost",
        "192.168.1.1",
    ] {
        let refused = Some("must not look like an address, with @, :/ or a dot within a word".to_owned());
        assert_eq!(rule::<PersonName>(text), refused, "{text}");
        let stored: Result<PersonName, _> = PersonName::stored(serde_json::Value::from(text));
        assert_eq!(stored.unwrap().as_str(), text);
    }
}

#[test]
fn noncharacters_are_refused_in_every_name_and_reason() {
    for code in [0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x10fffe, 0x10ffff] {
        let text = format!("Desk {} lamp", char::from_u32(code).unwrap());
        let expected = Some("must not contain noncharacters, such as U+FFFE and U+FFFF".to_owned());
        assert_eq!(rule::<ProductName>(&text), expected, "{code:x}");
        assert_eq!(rule::<CancelReason>(&text), expected, "{code:x}");
    }
    for code in [0xfdcf, 0xfdf0, 0xfffd, 0x1fffd, 0x20000, 0x1f600] {
        let text = format!("Desk {} lamp", char::from_u32(code).unwrap());
        assert_eq!(rule::<ProductName>(&text), None, "{code:x}");
    }
}

#[test]
fn addresses_that_mail_systems_refuse_are_refused() {
    let long_local = format!("{}@example.com", "a".repeat(65));
    let long_label = format!("a@{}.com", "b".repeat(64));
    for text in [
        "plain",
        "@example.com",
        "abc@",
        "a@b",
        "a@b@example.com",
        "a b@example.com",
        "a@exam ple.com",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "a@.example.com",
        "a@example.com.",
        "a@example..com",
        "a@-example.com",
        "a@example-.com",
        "é@example.com",
        "a@exämple.com",
        "\"a\"@example.com",
        "a@[127.0.0.1]",
        " a@example.com",
        "a@example.com\n",
        &long_local,
        &long_label,
    ] {
        assert_eq!(
            rule::<Email>(text),
            Some("must be an e-mail address like name@example.com".to_owned()),
            "{text:?}"
        );
    }
}

#[test]
fn addresses_end_at_254_characters() {
    let labels =
        |count: usize| format!("a@{}{}", "b".repeat(60), format!(".{}", "c".repeat(59)).repeat(count));
    let longest = format!("{}.{}", labels(3), "d".repeat(11));
    assert_eq!((longest.len(), rule::<Email>(&longest)), (254, None));
    assert_eq!(rule::<Email>(&format!("{longest}d")), Some("must be 3 to 254 characters long".to_owned()));
}

#[test]
fn passwords_are_12_to_128_characters_of_any_kind() {
    let length = Some("must be 12 to 128 characters long".to_owned());
    assert_eq!(rule::<Password>("elevenchars"), length);
    assert_eq!(rule::<Password>(&"x".repeat(129)), length);
    assert_eq!(rule::<Password>(" twelve chars"), None);
    let password: Password = serde_json::from_str("\"correct horse battery\"").unwrap();
    assert_eq!(password.expose(), "correct horse battery");
}

#[test]
fn debug_hides_people_and_secrets() {
    let name = PersonName::try_from("Ada Lovelace".to_owned()).unwrap();
    let email = Email::try_from("ada@example.com".to_owned()).unwrap();
    let password = Password::try_from("correct horse battery".to_owned()).unwrap();
    assert_eq!(format!("{name:?} {email:?} {password:?}"), "PersonName(…) Email(…) Password(…)");
}

#[test]
fn other_json_types_are_answered_with_the_rule() {
    for json in ["5", "-1", "1e99", "null", "true", "{\"a\": {}}", "[[]]"] {
        let error = serde_json::from_str::<Email>(json).unwrap_err().to_string();
        assert!(error.starts_with("must be a string"), "{json}: {error}");
    }
}
