use super::line;
use crate::order::{Line, Lines, LinesError};

fn refusal(lines: Vec<Line>) -> LinesError {
    Lines::try_from(lines).unwrap_err()
}

#[test]
fn an_order_has_1_to_200_lines() {
    let lines = |count: u128| (0..count).map(|product| line(product, 1, "EUR", 1)).collect::<Vec<_>>();
    assert_eq!(refusal(lines(0)), LinesError::Count);
    assert_eq!(refusal(lines(201)), LinesError::Count);
    assert_eq!(Lines::try_from(lines(200)).unwrap().total().amount().get(), 200);
    assert_eq!(LinesError::Count.to_string(), "must have 1 to 200 lines");
}

#[test]
fn a_product_stands_on_one_line() {
    let lines = vec![line(1, 5, "EUR", 1), line(2, 5, "EUR", 1), line(1, 5, "EUR", 1)];
    assert_eq!(refusal(lines), LinesError::RepeatedProduct { index: 2 });
}

#[test]
fn an_order_has_one_currency() {
    let lines = vec![line(1, 5, "EUR", 1), line(2, 5, "USD", 1)];
    assert_eq!(refusal(lines), LinesError::MixedCurrencies { index: 1 });
}

#[test]
fn the_total_has_a_limit() {
    let lines = vec![line(1, 1_000_000_000_000, "EUR", 1), line(2, 0, "EUR", 1), line(3, 1, "EUR", 1)];
    assert_eq!(refusal(lines), LinesError::TotalTooLarge { index: 2 });
}

#[test]
fn a_line_knows_its_total() {
    let line = line(1, 1250, "EUR", 3);
    assert_eq!(line.total().amount().get(), 3750);
    assert!(
        Line::new(line.product(), line.name().clone(), line.unit_price(), crate::money::Quantity::MOST)
            .is_ok()
    );
}

#[test]
fn a_line_whose_total_is_too_large_is_refused() {
    let most = line(1, 1_000_000_000_000, "EUR", 1);
    let doubled =
        Line::new(most.product(), most.name().clone(), most.unit_price(), crate::money::Quantity::MOST);
    assert_eq!(doubled.unwrap_err().to_string(), "must come to at most 1000000000000 minor units");
}
