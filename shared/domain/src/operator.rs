//! Operators: who runs the platform for its tenants. They are principals of AWS IAM, and no users of a tenant.

mod action;

use std::fmt;

use crate::rule::{InvalidValue, read_text, schema};

pub use action::Action;

/// IAM's names and paths allow for 614 characters.
const LONGEST: usize = 640;
const RULE: InvalidValue = InvalidValue::new(
    "must be the ARN of an IAM user, an assumed role, a federated user or an account's root",
);

/// The ARN of the principal that has signed an operator's request, in visible ASCII characters.
///
/// It may hold a person's name, so `Debug` does not show it. Forms:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct OperatorPrincipal(String);

impl OperatorPrincipal {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OperatorPrincipal {
    type Error = InvalidValue;

    fn try_from(arn: String) -> Result<Self, InvalidValue> {
        match arn.len() <= LONGEST
            && arn.bytes().all(|byte| byte.is_ascii_graphic())
            && names_a_principal(&arn)
        {
            true => Ok(Self(arn)),
            false => Err(RULE),
        }
    }
}

fn names_a_principal(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, service, "", account, resource] = parts[..] else { return false };
    let is_partition = partition.starts_with("aws") && partition.bytes().all(is_of_a_partition);
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let is_principal = match (service, resource.split_once('/')) {
        ("iam", None) => resource == "root",
        ("iam", Some(("user", name))) | ("sts", Some(("federated-user", name))) => is_name(name),
        ("sts", Some(("assumed-role", session))) => {
            session.split_once('/').is_some_and(|(role, name)| is_name(role) && is_name(name))
        }
        _ => false,
    };
    is_partition && is_account && is_principal
}

fn is_of_a_partition(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte == b'-'
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('/') && !text.ends_with('/')
}

impl fmt::Debug for OperatorPrincipal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OperatorPrincipal(…)")
    }
}

impl<'de> serde::Deserialize<'de> for OperatorPrincipal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, "must be a string")
    }
}

schema!(
    OperatorPrincipal,
    schemars::json_schema!({
        "type": "string",
        "maxLength": LONGEST,
        "pattern": "^arn:aws[a-z-]*:(iam::[0-9]{12}:(root|user/)|sts::[0-9]{12}:(assumed-role|federated-user)/)[!-~]*$",
        "examples": ["arn:aws:sts::123456789012:assumed-role/operators/ada"],
    })
);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arn: &str) -> Result<OperatorPrincipal, InvalidValue> {
        OperatorPrincipal::try_from(arn.to_owned())
    }

    #[test]
    fn each_kind_of_principal_is_read_as_it_is_written() {
        for arn in [
            "arn:aws:iam::123456789012:root",
            "arn:aws:iam::123456789012:user/ada",
            "arn:aws-us-gov:iam::123456789012:user/platform/operators/ada@terrace.example",
            "arn:aws-cn:sts::123456789012:assumed-role/operators/ada",
            "arn:aws:sts::123456789012:federated-user/ada",
        ] {
            let principal = read(arn).unwrap();
            assert_eq!(principal.as_str(), arn);
            assert_eq!(serde_json::to_value(&principal).unwrap(), arn);
            assert_eq!(format!("{principal:?}"), "OperatorPrincipal(…)");
        }
    }

    #[test]
    fn what_is_no_principal_s_arn_is_refused() {
        let long = format!("arn:aws:iam::123456789012:user/{}", "a".repeat(LONGEST));
        for refused in [
            "",
            "ada",
            "arn:aws:iam::123456789012",
            "arn:aws:iam::12345678901:user/ada",
            "arn:aws:iam::12345678901x:user/ada",
            "arn:aws:iam:eu-west-1:123456789012:user/ada",
            "arn:aws:iam::123456789012:user/",
            "arn:aws:iam::123456789012:user/ada lovelace",
            "arn:aws:iam::123456789012:user/adä",
            "arn:aws:iam::123456789012:role/operators",
            "arn:aws:iam::123456789012:rooted",
            "arn:aws:sts::123456789012:root",
            "arn:aws:sts::123456789012:user/ada",
            "arn:aws:sts::123456789012:assumed-role/operators",
            "arn:aws:sts::123456789012:assumed-role/operators/",
            "arn:aws:sts::123456789012:assumed-role//ada",
            "arn:Aws:iam::123456789012:root",
            "arn:other:iam::123456789012:root",
            "urn:aws:iam::123456789012:root",
            long.as_str(),
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}
