//! Tenants: the customers of the platform, whose data is kept apart.

use std::convert::Infallible;

use crate::event::{Event, TenantOnboarded, TenantRenamed, TenantTermsChanged};
use crate::id::TenantId;
use crate::rule::named;
use crate::text::{Slug, TenantName, TierName};
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
    pub status: TenantStatus,
    pub overrides: Overrides,
}

#[derive(Debug, Clone)]
pub enum Command {
    Rename { name: TenantName },
    ChangeTerms(TermsChange),
}

pub type TenantDecision = Decision<TenantProfile>;

impl TenantProfile {
    /// Decides the onboarding. The event carries the first admin's name and address, so that its consumers
    /// need no further read.
    pub fn onboard(self, admin: &User, stamp: Stamp) -> TenantDecision {
        let event = TenantOnboarded {
            name: self.name.clone(),
            slug: self.slug.clone(),
            tier: self.tier.clone(),
            admin: admin.id,
            admin_name: admin.name.clone(),
            admin_email: admin.email.clone(),
        };
        Decision { stamp, events: vec![Event::TenantOnboarded(event)], next: self }
    }

    /// Decides a command. None is refused so far.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<TenantDecision, Infallible> {
        match command {
            Command::Rename { name } => {
                let event = Event::TenantRenamed(TenantRenamed { name: name.clone() });
                Ok(Decision { stamp, events: vec![event], next: TenantProfile { name, ..self.clone() } })
            }
            Command::ChangeTerms(change) => {
                let (tier, overrides) = change.of(&self.tier, &self.overrides);
                let event = TenantTermsChanged { tier: tier.clone(), overrides: overrides.clone() };
                let next = TenantProfile { tier, overrides, ..self.clone() };
                Ok(Decision { stamp, events: vec![Event::TenantTermsChanged(event)], next })
            }
        }
    }
}
