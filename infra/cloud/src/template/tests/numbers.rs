//! Numbers that parameters give.

use super::*;

const MEMORY: &str = "      MemorySize: 512\n";

fn reserved(given: &[(&str, &str)]) -> Result<Option<u32>, Refusals> {
    let text = base_with(MEMORY, "      ReservedConcurrentExecutions: !Ref Logins\n").replacen(
        "Parameters:\n",
        "Parameters:\n  Logins: {Type: Number}\n",
        1,
    );
    let stack = parse_base(&text, given)?;
    let buy = stack.functions.into_iter().find(|function| function.logical_id == "BuyFunction");
    Ok(buy.unwrap().reserved_concurrency)
}

#[test]
fn a_number_without_a_default_reserves_concurrency() {
    for (text, number) in [("0", 0), ("7", 7), ("1000", 1000)] {
        assert_eq!(reserved(&[("Logins", text)]).unwrap(), Some(number));
    }
}

#[test]
fn a_number_that_is_none_or_that_lambda_does_not_take_is_refused_once() {
    for (given, problem) in [
        (None, "Logins: the parameter has no value and no default."),
        (Some(""), "Logins: the value \"\" is not a number."),
        (Some("many"), "Logins: the value \"many\" is not a number."),
        (Some("inf"), "Logins: the value \"inf\" is not a number."),
        (Some("1.5"), "BuyFunction: ReservedConcurrentExecutions is not a number that is allowed."),
        (Some("-1"), "BuyFunction: ReservedConcurrentExecutions is not a number that is allowed."),
        (Some("1001"), "BuyFunction: ReservedConcurrentExecutions is not a number that is allowed."),
    ] {
        let given: Vec<(&str, &str)> = given.iter().map(|text| ("Logins", *text)).collect();
        let refusals = reserved(&given).unwrap_err();
        assert_eq!(refusals.refusals.len(), 1, "{refusals}");
        assert!(refusals.to_string().contains(problem), "{refusals}");
    }
}
