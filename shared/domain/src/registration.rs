//! Who may register as a user of a tenant without an invitation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{InvalidValue, named};
use crate::text::{Email, EmailDomain};

named! {
    pub enum RegistrationMode {
        /// Nobody.
        Closed => "closed",
        /// Whoever has an address of one of the tenant's domains.
        Domains => "domains",
        /// Whoever has an address.
        Open => "open",
    }
}

/// The domains whose addresses are admitted: at least one, and not many. Those below them are others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<EmailDomain>")]
pub struct EmailDomains(#[schemars(length(min = 1, max = EmailDomains::MOST))] Vec<EmailDomain>);

impl EmailDomains {
    pub const MOST: usize = 20;
}

impl TryFrom<Vec<EmailDomain>> for EmailDomains {
    type Error = InvalidValue;

    fn try_from(domains: Vec<EmailDomain>) -> Result<EmailDomains, InvalidValue> {
        match domains.len() {
            1..=EmailDomains::MOST => Ok(EmailDomains(domains)),
            _ => Err(format!("must be 1 to {} domains", EmailDomains::MOST).into()),
        }
    }
}

/// Who may register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RegistrationForm", into = "RegistrationForm")]
pub enum Registration {
    #[default]
    Closed,
    Domains(EmailDomains),
    Open,
}

/// The same, as it is sent, shown and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "Registration",
    extend("examples" = [{ "mode": "domains", "domains": ["acme.example"] }])
)]
pub struct RegistrationForm {
    pub mode: RegistrationMode,
    /// Of this mode alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<EmailDomains>,
}

/// Why an address is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationRefusal {
    #[error("Nobody registers here without an invitation; ask an admin of the tenant for one.")]
    Closed,
    #[error(
        "must be an address of a domain that the tenant admits; ask an admin of the tenant for an invitation"
    )]
    OtherDomain,
}

impl Registration {
    pub fn admits(&self, email: &Email) -> Result<(), RegistrationRefusal> {
        match self {
            Registration::Closed => Err(RegistrationRefusal::Closed),
            Registration::Domains(EmailDomains(domains)) => {
                match domains.iter().any(|domain| domain.as_str() == email.domain()) {
                    true => Ok(()),
                    false => Err(RegistrationRefusal::OtherDomain),
                }
            }
            Registration::Open => Ok(()),
        }
    }
}

impl TryFrom<RegistrationForm> for Registration {
    type Error = InvalidValue;

    fn try_from(RegistrationForm { mode, domains }: RegistrationForm) -> Result<Registration, InvalidValue> {
        match (mode, domains) {
            (RegistrationMode::Closed, None) => Ok(Registration::Closed),
            (RegistrationMode::Open, None) => Ok(Registration::Open),
            (RegistrationMode::Domains, Some(domains)) => Ok(Registration::Domains(domains)),
            _ => Err(InvalidValue::new("must be there for the mode domains, and for no other")),
        }
    }
}

impl From<Registration> for RegistrationForm {
    fn from(registration: Registration) -> RegistrationForm {
        let (mode, domains) = match registration {
            Registration::Closed => (RegistrationMode::Closed, None),
            Registration::Domains(domains) => (RegistrationMode::Domains, Some(domains)),
            Registration::Open => (RegistrationMode::Open, None),
        };
        RegistrationForm { mode, domains }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn email(text: &str) -> Email {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn an_address_is_admitted_by_its_whole_domain() {
        let acme: Registration =
            serde_json::from_value(json!({ "mode": "domains", "domains": ["Acme.example", "acme.test"] }))
                .unwrap();
        for good in ["ada@acme.example", "ADA@ACME.TEST"] {
            assert_eq!(acme.admits(&email(good)), Ok(()), "{good}");
        }
        for other in [
            "ada@evil-acme.example",
            "ada@eu.acme.example",
            "ada@acme.example.evil",
            "acme.example@x.example",
        ] {
            assert_eq!(acme.admits(&email(other)), Err(RegistrationRefusal::OtherDomain), "{other}");
        }
        assert_eq!(Registration::Open.admits(&email("eve@evil.example")), Ok(()));
        assert_eq!(
            Registration::default().admits(&email("ada@acme.example")),
            Err(RegistrationRefusal::Closed)
        );
    }

    #[test]
    fn domains_belong_to_their_mode() {
        let read = |json| serde_json::from_value::<Registration>(json).ok();
        for good in [
            json!({ "mode": "closed" }),
            json!({ "mode": "open" }),
            json!({ "mode": "domains", "domains": ["a.example"] }),
        ] {
            assert_eq!(serde_json::to_value(read(good.clone()).unwrap()).unwrap(), good);
        }
        let many = vec!["a.example"; EmailDomains::MOST + 1];
        for bad in [
            json!({ "mode": "domains" }),
            json!({ "mode": "domains", "domains": [] }),
            json!({ "mode": "domains", "domains": many }),
            json!({ "mode": "domains", "domains": ["example"] }),
            json!({ "mode": "open", "domains": ["a.example"] }),
            json!({ "mode": "public" }),
        ] {
            assert_eq!(read(bad.clone()), None, "{bad}");
        }
    }
}
