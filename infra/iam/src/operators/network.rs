//! Ranges of IP addresses.

use std::net::IpAddr;

/// A range in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    base: IpAddr,
    prefix: u8,
}

impl Network {
    /// An address of IPv4 alone is a range of one. The documents give the same default, `/32`, to IPv6, where it
    /// would be a range of 2^96: such an address needs its prefix written out.
    pub(crate) fn parse(text: &str) -> Result<Network, &'static str> {
        const REASON: &str = "is no range of IP addresses in CIDR notation";
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let base: IpAddr = address.parse().map_err(|_| REASON)?;
        let longest = if base.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| REASON)?
            }
            Some(_) => return Err(REASON),
            None if base.is_ipv4() => longest,
            None => return Err("is an address of IPv6 without the length of its prefix"),
        };
        if prefix > longest {
            return Err(REASON);
        }
        Ok(Network { base, prefix })
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                (base.to_bits() ^ address.to_bits()) & mask == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                (base.to_bits() ^ address.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_range_contains_the_addresses_that_share_its_prefix() {
        let cases = [
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("0.0.0.0/0", "198.51.100.1", true),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", true),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false),
            ("::/0", "203.0.113.7", false),
        ];
        for (range, address, expected) in cases {
            let network = Network::parse(range).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{range} {address}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "203.0.113.0/33", "203.0.113", "203.0.113.0/+8", "2001:db8::", "2001:db8::/129", "*"]
        {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }
}
