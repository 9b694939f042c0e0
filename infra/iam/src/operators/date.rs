//! Dates and times, in the forms that policies use.

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    /// Since 1970, without leap seconds.
    seconds: i64,
    nanoseconds: u32,
}

const REASON: &str = "is neither a date of ISO 8601 nor seconds since 1970";

impl Date {
    /// Reads a profile of ISO 8601 that the W3C describes (<https://www.w3.org/TR/NOTE-datetime>), or seconds since 1970.
    /// Four digits could be both a year and seconds, so they are neither.
    pub(crate) fn parse(text: &str) -> Result<Date, &'static str> {
        if text.len() != 4 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds = text.parse().map_err(|_| REASON)?;
            return Ok(Date { seconds, nanoseconds: 0 });
        }
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let days = days(date, time.is_some())?;
        let (in_day, nanoseconds) = time.map(time_of_day).transpose()?.unwrap_or((0, 0));
        Ok(Date { seconds: days * 86_400 + in_day, nanoseconds })
    }
}

/// Days since 1970 of `YYYY-MM` or `YYYY-MM-DD`; with a time, the day is needed.
fn days(text: &str, needs_day: bool) -> Result<i64, &'static str> {
    let mut parts = text.split('-');
    let year = digits(parts.next().unwrap_or_default(), 4)?;
    let month = digits(parts.next().ok_or(REASON)?, 2)?;
    let day = match parts.next() {
        Some(day) => digits(day, 2)?,
        None if needs_day => return Err(REASON),
        None => 1,
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(REASON),
    };
    if parts.next().is_some() || !(1..=longest).contains(&day) {
        return Err(REASON);
    }
    // Counts years from March, so that the day that leap years add comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_month = (153 * month + 2) / 5;
    Ok(before_year + before_month + day - 1 - 719_468)
}

/// Seconds and nanoseconds of `hh:mm`, `hh:mm:ss` or `hh:mm:ss.s`, with its zone.
fn time_of_day(text: &str) -> Result<(i64, u32), &'static str> {
    let start = text.find(['Z', '+', '-']).ok_or(REASON)?;
    let (clock, zone) = text.split_at(start);
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let (minutes, seconds) = match clock.rsplit_once(':') {
        Some((minutes, seconds)) if minutes.contains(':') => (minutes, Some(seconds)),
        _ => (clock, None),
    };
    let in_minutes = hours_and_minutes(minutes)?;
    let seconds = match seconds {
        Some(seconds) => digits(seconds, 2).and_then(|seconds| below(seconds, 60))?,
        None if fraction.is_some() => return Err(REASON),
        None => 0,
    };
    let offset = match zone.as_bytes() {
        b"Z" => 0,
        [b'+', ..] => hours_and_minutes(&zone[1..])?,
        [b'-', ..] => -hours_and_minutes(&zone[1..])?,
        _ => return Err(REASON),
    };
    Ok(((in_minutes - offset) * 60 + seconds, fraction.map(nanoseconds).transpose()?.unwrap_or(0)))
}

/// Minutes of `hh:mm`.
fn hours_and_minutes(text: &str) -> Result<i64, &'static str> {
    let (hours, minutes) = text.split_once(':').ok_or(REASON)?;
    Ok(below(digits(hours, 2)?, 24)? * 60 + below(digits(minutes, 2)?, 60)?)
}

fn nanoseconds(digits: &str) -> Result<u32, &'static str> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(REASON);
    }
    let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Ok(padded.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

fn digits(text: &str, count: usize) -> Result<i64, &'static str> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().ok_or(REASON)
}

fn below(number: i64, limit: i64) -> Result<i64, &'static str> {
    (number < limit).then_some(number).ok_or(REASON)
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_are_points_in_time() {
        let cases = [
            ("1970-01-01T00:00:00Z", "0"),
            ("1970-01-01", "0"),
            ("1969-12-31T23:00-01:00", "0"),
            ("2000-03-01", "951868800"),
            ("2000-02-29T23:59:59Z", "951868799"),
            ("2020-04", "1585699200"),
            ("2020-04-01T02:30:00+02:30", "1585699200"),
            ("2020-01-01T00:00:01.000Z", "1577836801"),
            ("2026-11-21T12:34Z", "1795264440"),
        ];
        for (text, seconds) in cases {
            assert_eq!(Date::parse(text), Date::parse(seconds), "{text}");
        }
        assert!(Date::parse("2020-01-01T00:00:00.25Z") < Date::parse("2020-01-01T00:00:00.3Z"));
        assert!(Date::parse("2020-01-01T00:00:00Z") < Date::parse("2020-01-01T00:00:00.1Z"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let texts = [
            "",
            "2020",
            "2020-13",
            "2020-02-30",
            "1900-02-29",
            "2020-1-1",
            "2020-01T00:00Z",
            "2020-01-01T00:00:00",
            "2020-01-01T24:00Z",
            "2020-01-01T00:60Z",
            "2020-01-01T00:00.5Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00z",
            "2020-01-01 00:00:00Z",
            "-5",
            "2020-01-01T00Z",
            "99999999999999999999",
        ];
        for text in texts {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
