//! Integers and decimal fractions.

use std::cmp::Ordering;

/// A number without rounding: what a policy says is compared with what a request says, digit by digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    is_negative: bool,
    /// Digits before the point, without zeros in front.
    whole: Box<str>,
    /// Digits after the point, without zeros at the end.
    fraction: Box<str>,
}

impl Number {
    pub(crate) fn parse(text: &str) -> Result<Number, &'static str> {
        const REASON: &str = "is not a number";
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(REASON),
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(REASON);
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_zero = whole.is_empty() && fraction.is_empty();
        Ok(Number { is_negative: is_negative && !is_zero, whole: whole.into(), fraction: fraction.into() })
    }

    fn cmp_size(&self, other: &Number) -> Ordering {
        let by_length = self.whole.len().cmp(&other.whole.len());
        by_length.then_with(|| self.whole.cmp(&other.whole)).then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_size(other),
            (true, true) => other.cmp_size(self),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_are_compared_without_rounding() {
        let ascending = ["-10", "-9.5", "-9", "0", "0.09", "0.1", "9", "9.99", "10", "9007199254740993"];
        for pair in ascending.windows(2) {
            let [less, more] = [pair[0], pair[1]].map(|text| Number::parse(text).unwrap());
            assert!(less < more, "{pair:?}");
        }
        for (one, other) in [("010", "10"), ("1.50", "1.5"), ("-0", "0"), ("+3", "3"), ("2.0", "2")] {
            assert_eq!(Number::parse(one), Number::parse(other));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "NaN", "inf", "0x1", "1,5", " 1", "${aws:username}"] {
            assert!(Number::parse(text).is_err(), "{text}");
        }
    }
}
