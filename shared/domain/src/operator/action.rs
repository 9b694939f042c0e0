//! What operators do, as their audit names it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Kinds;
use crate::id::UserId;
use crate::text::{Slug, TierName};
use crate::tier::{Overrides, Terms};

/// What an operator has done. It is kept for longer than the tenant that it was done to, so it holds neither personal
/// data nor free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[schemars(rename = "OperatorAction")]
pub enum Action {
    OnboardTenant {
        slug: Slug,
        tier: TierName,
    },
    /// What the tenant has after the change.
    ChangeTerms {
        tier: TierName,
        overrides: Overrides,
    },
    ReplaceTier {
        tier: TierName,
        terms: Terms,
    },
    SuspendTenant,
    ResumeTenant,
    /// The new admin.
    AddAdmin {
        user: UserId,
    },
    /// Who was invited to become the owner.
    ReplaceOwner {
        user: UserId,
    },
}

impl Kinds for Action {
    const KINDS: &'static [&'static str] = &[
        "onboardTenant",
        "changeTerms",
        "replaceTier",
        "suspendTenant",
        "resumeTenant",
        "addAdmin",
        "replaceOwner",
    ];
    const NOUN: &'static str = "OperatorAction";
}
