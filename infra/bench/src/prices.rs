//! What AWS charges in us-east-1, in dollars for a million: list prices, without free tiers and discounts for volume, as
//! they were on 2026-11-27.

/// <https://aws.amazon.com/api-gateway/pricing>: a request to an HTTP API, up to 512 KB. Authorizers are not charged.
pub(crate) const HTTP_REQUEST: f64 = 1.00;
/// <https://aws.amazon.com/lambda/pricing>
pub(crate) const INVOCATION: f64 = 0.20;
/// The same page: a GB-second on arm64.
pub(crate) const GB_SECOND: f64 = 13.3334;
/// <https://aws.amazon.com/dynamodb/pricing/on-demand>, since November 2024. Streams that Lambda reads are free.
pub(crate) const READ_UNIT: f64 = 0.125;
pub(crate) const WRITE_UNIT: f64 = 0.625;
/// <https://aws.amazon.com/eventbridge/pricing>: a custom event, up to 64 KB. Delivery within an account is free.
pub(crate) const EVENT: f64 = 1.00;
/// <https://aws.amazon.com/sqs/pricing>: a request to a standard queue, of up to ten messages and 64 KB.
pub(crate) const QUEUE_REQUEST: f64 = 0.40;
/// <https://aws.amazon.com/ses/pricing>
const MAIL: f64 = 100.0;
/// <https://aws.amazon.com/kms/pricing>: a request with an asymmetric key that is not RSA 2048.
const KEY_REQUEST: f64 = 15.0;

/// The price of a call beside the units that it consumes. STS is free.
pub(crate) fn of_call(action: &str) -> f64 {
    match action {
        "PutEvents" => EVENT,
        "SendMessage" => QUEUE_REQUEST,
        "SendEmail" => MAIL,
        "Sign" | "GetPublicKey" => KEY_REQUEST,
        _ => 0.0,
    }
}

/// An invocation of a function. Each millisecond that has begun is charged.
pub(crate) fn of_invocation(memory_mb: u32, milliseconds: f64) -> f64 {
    INVOCATION + of_time(memory_mb, milliseconds.ceil())
}

/// A part of an invocation's time.
pub(crate) fn of_time(memory_mb: u32, milliseconds: f64) -> f64 {
    f64::from(memory_mb) / 1024.0 * milliseconds / 1e3 * GB_SECOND
}

pub(crate) fn of_units(read: f64, write: f64) -> f64 {
    read * READ_UNIT + write * WRITE_UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_begun_millisecond_is_charged_whole() {
        let close = |price: f64, expected: f64| (price - expected).abs() < 1e-9;
        assert!(close(of_invocation(256, 0.2), 0.2 + 0.25 * 0.001 * 13.3334));
        assert!(close(of_invocation(1024, 1000.0), 0.2 + 13.3334));
        assert!(close(of_units(0.5, 2.0), 0.0625 + 1.25));
    }
}
