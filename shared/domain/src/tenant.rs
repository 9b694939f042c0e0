//! Tenants: the customers of the platform, whose data is kept apart.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{
    Event, RegistrationChanged, TenantOnboarded, TenantRenamed, TenantResumed, TenantSuspended,
    TenantTermsChanged,
};
use crate::id::TenantId;
use crate::plugin::Plugins;
use crate::registration::Registration;
use crate::rule::named;
use crate::text::{Slug, SuspensionReason, TenantName, TierName};
use crate::tier::{Overrides, TermsChange};
use crate::user::User;
use crate::{Decision, Stamp};

named! {
    /// The users of a suspended tenant can neither sign in nor refresh their sessions, and their access tokens are
    /// refused.
    pub enum TenantStatus {
        Active => "active",
        Suspended => "suspended",
    }
}

/// The state of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantProfile {
    pub id: TenantId,
    pub name: TenantName,
    pub slug: Slug,
    pub tier: TierName,
    /// Of a suspended tenant.
    pub suspension: Option<Suspension>,
    pub overrides: Overrides,
    pub registration: Registration,
    pub plugins: Plugins,
}

/// Why a tenant is suspended, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Suspension {
    pub reason: SuspensionReason,
    pub since: Timestamp,
}

#[derive(Debug, Clone)]
pub enum Command {
    Rename { name: TenantName },
    SetRegistration { registration: Registration },
    ChangeTerms(TermsChange),
    Suspend { reason: SuspensionReason },
    Resume,
}

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TenantRefusal {
    #[error("The tenant is suspended already; resume it first to suspend it for another reason.")]
    Suspended,
    #[error("The tenant is not suspended.")]
    Active,
}

pub type TenantDecision = Decision<TenantProfile>;

impl TenantProfile {
    /// Decides the onboarding. The event names the first admin by the id alone: who that is stands with the user.
    pub fn onboard(self, admin: &User, stamp: Stamp) -> TenantDecision {
        let event = TenantOnboarded {
            name: self.name.clone(),
            slug: self.slug.clone(),
            tier: self.tier.clone(),
            admin: admin.id,
        };
        Decision { stamp, events: vec![Event::TenantOnboarded(event)], next: self }
    }

    pub fn status(&self) -> TenantStatus {
        match self.suspension {
            None => TenantStatus::Active,
            Some(_) => TenantStatus::Suspended,
        }
    }

    pub fn is_suspended(&self) -> bool {
        self.status() == TenantStatus::Suspended
    }

    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<TenantDecision, TenantRefusal> {
        let (event, next) = match command {
            Command::Rename { name } => {
                let event = TenantRenamed { name: name.clone() };
                (Event::TenantRenamed(event), TenantProfile { name, ..self.clone() })
            }
            Command::SetRegistration { registration } => {
                let event = RegistrationChanged { registration: registration.clone() };
                (Event::RegistrationChanged(event), TenantProfile { registration, ..self.clone() })
            }
            Command::ChangeTerms(change) => {
                let (tier, overrides) = change.of(&self.tier, &self.overrides);
                let event = TenantTermsChanged { tier: tier.clone(), overrides: overrides.clone() };
                (Event::TenantTermsChanged(event), TenantProfile { tier, overrides, ..self.clone() })
            }
            Command::Suspend { .. } if self.is_suspended() => return Err(TenantRefusal::Suspended),
            Command::Suspend { reason } => {
                let event = TenantSuspended { reason: reason.clone() };
                let suspension = Some(Suspension { reason, since: stamp.at });
                (Event::TenantSuspended(event), TenantProfile { suspension, ..self.clone() })
            }
            Command::Resume if !self.is_suspended() => return Err(TenantRefusal::Active),
            Command::Resume => {
                let event = Event::TenantResumed(TenantResumed {});
                (event, TenantProfile { suspension: None, ..self.clone() })
            }
        };
        Ok(Decision { stamp, events: vec![event], next })
    }
}
