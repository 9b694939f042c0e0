use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

const PRICES: &str = "read=0.125 write=0.625 gigabyte-second=13.3334 invocation=0.20 request=1.00";

fn prices() -> Prices {
    PRICES.parse().unwrap()
}

/// Each amount beside its price for a million, so that what the list says comes out.
#[test]
fn a_million_costs_what_the_list_says() {
    let million = 1_000_000;
    for (usage, micro_dollars) in [
        (Usage::default(), 0),
        (Usage { read_milliunits: 1_000 * million, ..Usage::default() }, 125_000),
        (Usage { write_milliunits: 1_000 * million, ..Usage::default() }, 625_000),
        (Usage { micro_invocations: million * million, ..Usage::default() }, 200_000),
        (Usage { requests: million, ..Usage::default() }, million),
        // A million seconds of a gigabyte; the time of functions alone costs nothing.
        (Usage { megabyte_us: 1_024 * million * million, ..Usage::default() }, 13_333_400),
        (Usage { function_us: million * million, errors: million, ..Usage::default() }, 0),
        // Half of a unit: 0.0625 millionths of a dollar. Eight of them are half of a millionth.
        (Usage { read_milliunits: 500, ..Usage::default() }, 0),
        (Usage { read_milliunits: 8 * 500, ..Usage::default() }, 1),
        (Usage { read_milliunits: 8 * 500 - 1, ..Usage::default() }, 0),
        // An order: 4 writes, 1.5 reads, 7 ms of 256 MB, 2 invocations, 1 request.
        (
            Usage {
                requests: 1,
                read_milliunits: 1_500,
                write_milliunits: 4_000,
                megabyte_us: 256 * 7_000,
                micro_invocations: 2 * million,
                ..Usage::default()
            },
            4, // 1 + 0.1875 + 2.5 + 0.0233 + 0.4 = 4.11
        ),
    ] {
        assert_eq!(prices().cost(&usage).micro_dollars(), micro_dollars, "{usage:?}");
    }
}

#[test]
fn a_price_is_read_whole_or_not_at_all() {
    for broken in ["", ".", "1.", ".5", "-1", "1e3", "0.1234567", "1,5", "1 000", "1000000000"] {
        assert!(broken.parse::<Price>().is_err(), "{broken}");
    }
    assert_eq!("0.5".parse::<Price>(), "0.500000".parse());
    assert_eq!("7".parse::<Price>(), "7.0".parse());
    for broken in [
        "",
        "read=1",
        &PRICES.replace("write", "rite"),
        &format!("{PRICES} more=1"),
        &PRICES.replace("0.625", ""),
    ] {
        assert!(broken.parse::<Prices>().is_err(), "{broken}");
    }
}

#[test]
fn an_hour_is_of_utc_and_sorts_as_its_text() {
    let at: Timestamp = "2026-11-28T03:59:59.999Z".parse().unwrap();
    let hour = Hour::of(at);
    assert_eq!((hour.to_string().as_str(), hour.day()), ("2026-11-28T03", Day::of(at)));
    assert_eq!(hour.to_string().parse(), Ok(hour));
    for broken in ["2026-11-28", "2026-11-28T24", "2026-11-28T3", "2026-13-01T03", "x"] {
        assert!(broken.parse::<Hour>().is_err(), "{broken}");
    }
}

#[test]
fn a_span_has_one_to_thirty_one_days() {
    let date = |text: &str| text.parse::<Day>().unwrap();
    assert_eq!(date("2026-03-01").before(1), date("2026-02-28"));
    for broken in ["20261128", "2026-11-28T00:00:00", "2026-2-1", "2026-02-30", "-2026-02-01", ""] {
        assert!(broken.parse::<Day>().is_err(), "{broken}");
    }
    let span = |first, last| Span::new(date(first), date(last));
    assert!(span("2026-11-28", "2026-11-28").is_ok());
    assert!(span("2026-10-29", "2026-11-28").is_ok());
    assert!(span("2026-10-28", "2026-11-28").is_err());
    assert!(span("2026-11-28", "2026-11-27").is_err());
}

fn usage() -> impl Strategy<Value = Usage> {
    let count = 0..1_000_000_000_u64;
    (count.clone(), count.clone(), count.clone(), count).prop_map(|(requests, read, write, time)| Usage {
        requests,
        read_milliunits: read,
        write_milliunits: write,
        megabyte_us: time,
        ..Usage::default()
    })
}

proptest! {
    #[test]
    fn what_is_added_up_costs_what_its_parts_cost(parts in prop::collection::vec(usage(), 0..10)) {
        let sum: Usage = parts.iter().copied().sum();
        let each: u64 = parts.iter().map(|part| prices().cost(part).micro_dollars()).sum();
        // Each part is rounded by half of a millionth at most.
        prop_assert!(prices().cost(&sum).micro_dollars().abs_diff(each) <= parts.len() as u64 / 2 + 1);
    }

    #[test]
    fn no_text_panics(text in ".{0,80}") {
        let _ = (text.parse::<Price>(), text.parse::<Prices>(), text.parse::<Hour>());
    }
}

fn days(now: &str) -> Vec<String> {
    days_to_close(now.parse().unwrap()).map(|day| day.to_string()).collect()
}

#[test]
fn a_day_is_closed_an_hour_and_a_half_after_its_end_and_a_week_back() {
    let week =
        ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
    assert_eq!(days("2026-11-28T01:30:00Z"), week);
    assert_eq!(days("2026-11-29T01:29:59.999Z"), week, "the 28th is not over for long enough");
    assert_eq!(days("2026-11-29T01:30:00Z").last().unwrap(), "2026-11-28");
    assert_eq!(days("2026-03-01T12:00:00Z").last().unwrap(), "2026-02-28");
}

#[test]
fn each_day_has_a_version_and_each_tenant_and_day_an_id_that_sorts_by_the_day_s_end() {
    let (acme, globex) = ("ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e");
    let of = |tenant: &str, day: &str| closing_id(tenant.parse().unwrap(), day.parse().unwrap());
    let version = |day: &str| day.parse::<Day>().unwrap().version().number();
    assert_eq!((version("1970-01-02"), version("2026-11-28")), (1, 20_785));
    assert_eq!(version("2026-11-29"), version("2026-11-28") + 1);
    let id = of(acme, "2026-11-28");
    assert_eq!(id, of(acme, "2026-11-28"));
    let end: Timestamp = "2026-11-29T00:00:00Z".parse().unwrap();
    assert_eq!(id.uuid().as_u128() >> 80, u128::try_from(end.as_millisecond()).unwrap());
    for other in [of(globex, "2026-11-28"), of(acme, "2026-11-29")] {
        assert_ne!(id, other);
    }
}

#[test]
fn a_closed_day_says_what_was_used_and_what_it_costs() {
    let usage = Usage {
        requests: 3,
        errors: 1,
        read_milliunits: 1_500,
        write_milliunits: 4_000,
        function_us: 7_999,
        megabyte_us: 256 * 7_999,
        micro_invocations: 2_000_000,
    };
    let day = "2026-11-28".parse().unwrap();
    let closed = close(day, "pro".to_owned().try_into().unwrap(), &usage, &prices());
    let expected = serde_json::json!({
        "day": "2026-11-28", "tier": "pro", "requests": 3, "errors": 1, "readMilliunits": 1500,
        "writeMilliunits": 4000, "functionMs": 7, "megabyteMs": 2047, "microInvocations": 2_000_000,
        "cost": { "microDollars": prices().cost(&usage).micro_dollars() },
    });
    assert_eq!(serde_json::to_value(closed).unwrap(), expected);
}
