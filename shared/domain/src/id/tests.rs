use proptest::prelude::*;
use uuid::Uuid;

use super::{OrderId, TenantId};

const DIGITS: &str = "0190a5b2c3d47e5f8a9b0c1d2e3f4a5b";

proptest! {
    #[test]
    fn every_id_reads_back_from_its_text_and_its_json(bits: u128) {
        let id = OrderId::from_uuid(Uuid::from_u128(bits));
        prop_assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(serde_json::from_str::<OrderId>(&json).unwrap(), id);
    }

    #[test]
    fn text_is_an_id_only_in_its_one_spelling(text in "(ord_|ten_|)[0-9a-fA-F-]{30,36}") {
        let digits = text.strip_prefix("ord_").unwrap_or_default();
        let exact = digits.len() == 32 && digits.chars().all(|digit| "0123456789abcdef".contains(digit));
        prop_assert_eq!(text.parse::<OrderId>().is_ok(), exact);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String) {
        let _ = text.parse::<OrderId>();
    }

    #[test]
    fn ids_sort_as_their_text_does(left: u128, right: u128) {
        let (left, right) = (OrderId::from_uuid(Uuid::from_u128(left)), OrderId::from_uuid(Uuid::from_u128(right)));
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }
}

#[test]
fn other_spellings_of_a_uuid_are_refused() {
    let upper = DIGITS.to_uppercase();
    for text in [
        String::new(),
        "ord_".to_owned(),
        DIGITS.to_owned(),
        format!("ord_{upper}"),
        format!("ORD_{DIGITS}"),
        format!("ten_{DIGITS}"),
        format!("ord_{DIGITS}0"),
        format!(" ord_{DIGITS}"),
        format!("ord_{}", &DIGITS[1..]),
        "ord_0190a5b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b".to_owned(),
        format!("ord_{}é", &DIGITS[2..]),
    ] {
        assert!(text.parse::<OrderId>().is_err(), "{text:?}");
    }
}

#[test]
fn any_wrong_json_is_answered_with_the_rule() {
    for json in ["5", "null", "true", "1.5", "{}", "[]", "{\"a\": [1]}", "\"ord_1\""] {
        let error = serde_json::from_str::<OrderId>(json).unwrap_err().to_string();
        assert!(error.starts_with("must be an id like ord_…"), "{json}: {error}");
    }
}

#[test]
fn debug_shows_the_text() {
    let id: TenantId = format!("ten_{DIGITS}").parse().unwrap();
    assert_eq!(format!("{id:?}"), format!("ten_{DIGITS}"));
}
