//! Tenants: the customers of the platform, whose data is kept apart.

use std::convert::Infallible;

use crate::event::{Event, TenantOnboarded, TenantRenamed};
use crate::id::TenantId;
use crate::rule::{named, whole};
use crate::text::{Slug, TenantName};
use crate::user::User;
use crate::{Decision, Stamp};

named! {
    pub enum Tier {
        Free => "free",
        Standard => "standard",
        Premium => "premium",
    }
}

whole!(
    /// The most requests of a tenant in a window of ten seconds.
    RequestLimit, 1..=1_000_000
);

impl Tier {
    pub const fn request_limit(self) -> RequestLimit {
        match self {
            Tier::Free => RequestLimit(500),
            Tier::Standard => RequestLimit(5_000),
            Tier::Premium => RequestLimit(50_000),
        }
    }
}

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
    pub tier: Tier,
    pub status: TenantStatus,
}

#[derive(Debug, Clone)]
pub enum Command {
    Rename { name: TenantName },
}

pub type TenantDecision = Decision<TenantProfile>;

impl TenantProfile {
    /// Decides the onboarding. The event carries the first admin's name and address, so that its consumers
    /// need no further read.
    pub fn onboard(self, admin: &User, stamp: Stamp) -> TenantDecision {
        let event = TenantOnboarded {
            name: self.name.clone(),
            slug: self.slug.clone(),
            tier: self.tier,
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
        }
    }
}
