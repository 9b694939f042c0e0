//! Prices, and costs by them. No floating-point number stands for money.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Usage;
use crate::InvalidValue;

/// A price in dollars for a million, with at most six decimals: as list prices are, and so a whole number of
/// picodollars for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price(u64);

/// What one of each costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// A read unit of DynamoDB.
    pub read: Price,
    pub write: Price,
    /// A second of a function with a gigabyte of memory.
    pub gigabyte_second: Price,
    /// An invocation of a function.
    pub invocation: Price,
    /// A request to the gateway.
    pub request: Price,
}

/// An amount of dollars, in whole millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Millionths of a dollar.
    micro_dollars: u64,
}

const DECIMALS: usize = 6;
const MILLION: u128 = 1_000_000;
const BILLION: u128 = 1_000 * MILLION;
/// A gigabyte-second in megabyte-microseconds.
const GIGABYTE_SECOND: u128 = 1_024 * MILLION;

impl Prices {
    /// Rounded once, to the nearest millionth of a dollar. The sum of rounded costs may differ from the cost of a sum.
    pub fn cost(&self, usage: &Usage) -> Cost {
        let part = |count: u64, Price(price): Price| u128::from(count) * u128::from(price);
        let units = part(usage.read_milliunits, self.read) + part(usage.write_milliunits, self.write);
        // In picodollars, times a gigabyte-second, which is a multiple of all other denominators.
        let exact = units * (GIGABYTE_SECOND / 1_000)
            + part(usage.megabyte_us, self.gigabyte_second)
            + part(usage.micro_invocations, self.invocation) * (GIGABYTE_SECOND / MILLION)
            + part(usage.requests, self.request) * GIGABYTE_SECOND;
        let micro_dollar = MILLION * GIGABYTE_SECOND;
        Cost { micro_dollars: u64::try_from((exact + micro_dollar / 2) / micro_dollar).unwrap_or(u64::MAX) }
    }
}

impl Cost {
    pub const fn micro_dollars(self) -> u64 {
        self.micro_dollars
    }
}

impl FromStr for Price {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Price, InvalidValue> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let padded = format!("{whole}{decimals:0<DECIMALS$}");
        let price = padded.parse().ok().filter(|price| u128::from(*price) < BILLION * MILLION);
        match is_number(whole) && is_number(decimals) && decimals.len() <= DECIMALS {
            true => price.map(Price).ok_or(RULE),
            false => Err(RULE),
        }
    }
}

const RULE: InvalidValue = InvalidValue::new("must be dollars for a million, with at most six decimals");

/// As in `read=0.125 write=0.625 gigabyte-second=13.3334 invocation=0.20 request=1.00`, in this order.
impl FromStr for Prices {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Prices, InvalidValue> {
        let mut entries = text.split_whitespace();
        let mut next = |name: &str| {
            let entry = entries.next().and_then(|entry| entry.split_once('='));
            let price = entry.filter(|(named, _)| *named == name).map(|(_, price)| price);
            price.ok_or_else(|| InvalidValue::from(format!("must name the price of {name}")))?.parse()
        };
        let prices = Prices {
            read: next("read")?,
            write: next("write")?,
            gigabyte_second: next("gigabyte-second")?,
            invocation: next("invocation")?,
            request: next("request")?,
        };
        match entries.next() {
            None => Ok(prices),
            Some(more) => Err(format!("must not end with {more}").into()),
        }
    }
}
