//! Schedules of EventBridge: `rate(…)` and `cron(…)`, in UTC.
//!
//! AWS: Setting a schedule pattern for scheduled rules in Amazon EventBridge,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ScheduleError(String);

#[derive(Debug, Clone)]
pub(crate) enum ScheduleExpression {
    Rate(SignedDuration),
    Cron(Box<jiff_cron::Schedule>),
}

impl ScheduleExpression {
    /// # Errors
    ///
    /// What EventBridge refuses, and of cron `L`, `W`, `#` and years after 2100.
    pub(crate) fn parse(text: &str) -> Result<ScheduleExpression, ScheduleError> {
        let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(rate) = inside("rate") {
            return parse_rate(rate).map(ScheduleExpression::Rate);
        }
        match inside("cron") {
            Some(cron) => parse_cron(cron).map(|cron| ScheduleExpression::Cron(Box::new(cron))),
            None => Err(ScheduleError(format!("{text} is neither rate(…) nor cron(…)"))),
        }
    }

    /// The first time after this one, which for a rate is the last run.
    pub(crate) fn next_after(&self, last: Timestamp) -> Option<Timestamp> {
        match self {
            ScheduleExpression::Rate(period) => last.checked_add(*period).ok(),
            ScheduleExpression::Cron(cron) => {
                let mut times = cron.after(last.to_zoned(TimeZone::UTC));
                times.next().map(|time| time.timestamp())
            }
        }
    }

    /// The latest time that is after the last run and not after now.
    pub(crate) fn due(&self, last: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let first = self.next_after(last).filter(|first| *first <= now)?;
        match self {
            ScheduleExpression::Rate(period) => {
                let since = now.duration_since(first).as_millis();
                let whole = since - since.checked_rem(period.as_millis())?;
                first.checked_add(SignedDuration::from_millis(i64::try_from(whole).ok()?)).ok()
            }
            ScheduleExpression::Cron(cron) => {
                // The iterator goes back from this second, which it leaves out.
                let next_second = Timestamp::from_second(now.as_second() + 1).ok()?;
                let mut times = cron.after(next_second.to_zoned(TimeZone::UTC));
                times.next_back().map(|time| time.timestamp())
            }
        }
    }
}

fn parse_rate(text: &str) -> Result<SignedDuration, ScheduleError> {
    let invalid = || {
        ScheduleError(format!(
            "rate({text}) is not a number and minute(s), hour(s) or day(s), singular after 1"
        ))
    };
    let (number, unit) = text.split_once(' ').ok_or_else(invalid)?;
    let number: i32 = number.parse().ok().filter(|number| *number > 0).ok_or_else(invalid)?;
    let singular = unit.strip_suffix('s').unwrap_or(unit);
    if (number == 1) != (singular == unit) {
        return Err(invalid());
    }
    let hours = match singular {
        "minute" => return Ok(SignedDuration::from_mins(number.into())),
        "hour" => 1,
        "day" => 24,
        _ => return Err(invalid()),
    };
    Ok(SignedDuration::from_hours(i64::from(number) * hours))
}

fn parse_cron(text: &str) -> Result<jiff_cron::Schedule, ScheduleError> {
    let refused = |problem: &str| Err(ScheduleError(format!("cron({text}): {problem}")));
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minutes, hours, day_of_month, month, day_of_week, year] = fields.as_slice() else {
        return refused("it has not six fields: minutes, hours, day of month, month, day of week, year");
    };
    if [minutes, hours, month, year].iter().any(|field| field.contains('?'))
        || (*day_of_month == "?") == (*day_of_week == "?")
    {
        return refused("one of day of month and day of week is ?, and no other field");
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    if text.contains('#') || words.any(|word| word.len() != 3) {
        return refused("L, W and # are not read here, and names have three letters");
    }
    jiff_cron::Schedule::from_str(&format!("0 {text}")).or_else(|error| refused(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn next(expression: &str, last: &str) -> Timestamp {
        ScheduleExpression::parse(expression).unwrap().next_after(at(last)).unwrap()
    }

    /// The examples of AWS's page, after the first of January 2026, which is a Thursday.
    #[test]
    fn cron_is_read_as_eventbridge_reads_it() {
        for (expression, expected) in [
            ("cron(0 10 * * ? *)", "2026-01-01T10:00:00Z"),
            ("cron(15 12 * * ? *)", "2026-01-01T12:15:00Z"),
            ("cron(0 18 ? * MON-FRI *)", "2026-01-01T18:00:00Z"),
            ("cron(0 8 1 * ? *)", "2026-01-01T08:00:00Z"),
            ("cron(0/15 * * * ? *)", "2026-01-01T00:15:00Z"),
            ("cron(0/10 * ? * MON-FRI *)", "2026-01-01T00:10:00Z"),
            ("cron(0/5 8-17 ? * MON-FRI *)", "2026-01-01T08:00:00Z"),
            ("cron(1/10 * * * ? *)", "2026-01-01T00:01:00Z"),
            // Sunday is 1.
            ("cron(0 0 ? * 1 *)", "2026-01-04T00:00:00Z"),
            ("cron(0 0 ? * 7 *)", "2026-01-03T00:00:00Z"),
            ("cron(30 4 29 FEB ? *)", "2028-02-29T04:30:00Z"),
            ("cron(0 0 31 * ? 2027)", "2027-01-31T00:00:00Z"),
        ] {
            assert_eq!(next(expression, "2026-01-01T00:00:30Z"), at(expected), "{expression}");
        }
        assert_eq!(next("cron(0 10 * * ? *)", "2026-01-01T10:00:00Z"), at("2026-01-02T10:00:00Z"));
        let past = ScheduleExpression::parse("cron(0 0 1 1 ? 2020)").unwrap();
        assert_eq!(past.next_after(at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn rates_count_from_the_last_run() {
        for (expression, expected) in [
            ("rate(1 minute)", "2026-01-01T00:01:30Z"),
            ("rate(5 minutes)", "2026-01-01T00:05:30Z"),
            ("rate(1 hour)", "2026-01-01T01:00:30Z"),
            ("rate(7 days)", "2026-01-08T00:00:30Z"),
        ] {
            assert_eq!(next(expression, "2026-01-01T00:00:30Z"), at(expected), "{expression}");
        }
    }

    #[test]
    fn of_several_times_that_have_come_the_last_is_due() {
        for (expression, now, expected) in [
            ("rate(1 minute)", "2026-01-01T00:00:59Z", None),
            ("rate(1 minute)", "2026-01-01T00:01:00Z", Some("2026-01-01T00:01:00Z")),
            ("rate(1 minute)", "2026-01-01T00:09:59.5Z", Some("2026-01-01T00:09:00Z")),
            ("cron(0 10 * * ? *)", "2026-01-01T09:59:59Z", None),
            ("cron(0 10 * * ? *)", "2026-01-01T10:00:00Z", Some("2026-01-01T10:00:00Z")),
            ("cron(0 10 * * ? *)", "2026-01-01T10:00:00.5Z", Some("2026-01-01T10:00:00Z")),
            ("cron(0 10 * * ? *)", "2026-03-05T09:59:59.9Z", Some("2026-03-04T10:00:00Z")),
            ("cron(0 10 * * ? *)", "2026-03-05T10:00:00Z", Some("2026-03-05T10:00:00Z")),
        ] {
            let schedule = ScheduleExpression::parse(expression).unwrap();
            let due = schedule.due(at("2026-01-01T00:00:00Z"), at(now));
            assert_eq!(due, expected.map(at), "{expression} {now}");
        }
    }

    #[test]
    fn what_eventbridge_refuses_or_is_not_read_here() {
        for expression in [
            "",
            "5 minutes",
            "at(2026-01-01T00:00:00)",
            "rate(5)",
            "rate(0 minutes)",
            "rate(1 minutes)",
            "rate(5 minute)",
            "rate(-1 minute)",
            "rate(5 seconds)",
            "rate(1.5 hours)",
            "cron(0 10 * * ?)",
            "cron(0 0 10 * * ? *)",
            "cron(0 10 * * * *)",
            "cron(0 10 ? * ? *)",
            "cron(? 10 * * ? *)",
            "cron(60 10 * * ? *)",
            "cron(0 10 ? * 0 *)",
            "cron(0 10 L * ? *)",
            "cron(0 10 3W * ? *)",
            "cron(0 10 ? * 6L *)",
            "cron(0 10 ? * 3#2 *)",
            "cron(0 10 ? * MONDAY *)",
            "cron(0 10 1 * ? 2150)",
        ] {
            assert!(ScheduleExpression::parse(expression).is_err(), "{expression}");
        }
    }
}
