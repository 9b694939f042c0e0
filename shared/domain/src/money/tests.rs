use proptest::prelude::*;

use super::currency::CODES;
use super::{Amount, Currency, Money, Quantity};

const AMOUNT: &str = "must be a whole number from 0 to 1000000000000";
const QUANTITY: &str = "must be a whole number from 1 to 10000";

fn money(amount: u64, currency: &str) -> Money {
    Money::new(Amount::try_from(amount).unwrap(), currency.parse().unwrap())
}

fn refusal<T: serde::de::DeserializeOwned>(json: &str) -> String {
    match serde_json::from_str::<T>(json) {
        Ok(_) => format!("{json} was taken"),
        Err(error) => error.to_string(),
    }
}

proptest! {
    #[test]
    fn products_and_sums_are_right_or_refused(
        left in 0..=Amount::MOST.get(),
        right in 0..=Amount::MOST.get(),
        quantity in 1..=10_000_u64,
    ) {
        let (left_money, right_money) = (money(left, "EUR"), money(right, "EUR"));
        let amount = |result: Result<Money, _>| result.ok().map(|money| u128::from(money.amount().get()));
        let within = |exact: u128| (exact <= u128::from(Amount::MOST.get())).then_some(exact);
        let times = left_money.times(Quantity::try_from(quantity).unwrap());
        prop_assert_eq!(amount(times), within(u128::from(left) * u128::from(quantity)));
        prop_assert_eq!(amount(left_money.plus(right_money)), within(u128::from(left) + u128::from(right)));
    }

    #[test]
    fn numbers_are_exactly_within_the_limits(number: u64) {
        prop_assert_eq!(Amount::try_from(number).is_ok(), number <= 1_000_000_000_000);
        prop_assert_eq!(Quantity::try_from(number).is_ok(), (1..=10_000).contains(&number));
    }

    #[test]
    fn money_reads_back_from_json(amount in 0..=Amount::MOST.get(), code in proptest::sample::select(CODES)) {
        let money = money(amount, code);
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(&json, &format!("{{\"amount\":{amount},\"currency\":\"{code}\"}}"));
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn three_letters_are_a_currency_only_in_the_list(text in "[A-Za-z]{0,4}") {
        prop_assert_eq!(text.parse::<Currency>().is_ok(), CODES.contains(&text.as_str()));
    }
}

#[test]
fn codes_are_in_order_and_once() {
    assert!(CODES.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn limits_hold() {
    assert_eq!((Quantity::LEAST.get(), Quantity::MOST.get()), (1, 10_000));
    assert!(Amount::try_from(1_000_000_000_001).is_err() && Quantity::try_from(0).is_err());
    assert_eq!(money(1, "EUR").plus(money(1, "USD")).unwrap_err().to_string(), "must be in one currency");
    assert_eq!(
        money(1_000_000_000_000, "EUR").plus(money(1, "EUR")).unwrap_err().to_string(),
        "must come to at most 1000000000000 minor units"
    );
}

#[test]
fn wrong_numbers_are_answered_with_the_rule() {
    for json in [
        "-1",
        "1.5",
        "1.0",
        "1e3",
        "\"5\"",
        "null",
        "true",
        "[1]",
        "{}",
        "10000000000000",
        "99999999999999999999999",
    ] {
        assert!(refusal::<Amount>(json).starts_with(AMOUNT), "{}", refusal::<Amount>(json));
        assert!(refusal::<Quantity>(json).starts_with(QUANTITY), "{}", refusal::<Quantity>(json));
    }
}

#[test]
fn money_in_another_shape_is_refused() {
    for (json, rule) in [
        (r#"{"amount":1,"currency":"EUR","tip":1}"#, "unknown field `tip`"),
        (r#"{"amount":1,"amount":1,"currency":"EUR"}"#, "duplicate field `amount`"),
        (r#"{"amount":1}"#, "missing field `currency`"),
        (r#"{"amount":-1,"currency":"EUR"}"#, AMOUNT),
        (r#"{"amount":1,"currency":"eur"}"#, "must be an ISO 4217 currency code like EUR"),
        (r#"{"amount":1,"currency":7}"#, "must be an ISO 4217 currency code like EUR"),
        ("5", "invalid type: integer `5`, expected an object with amount and currency"),
    ] {
        let refusal = refusal::<Money>(json);
        assert!(refusal.starts_with(rule), "{json}: {refusal}");
    }
}
