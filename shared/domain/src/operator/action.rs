//! What operators do, as their audit names it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Kinds;

use crate::text::{Slug, TierName};

/// What an operator has done. It is kept for longer than the tenant that it was done to, so it holds neither personal
/// data nor free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[schemars(rename = "OperatorAction")]
pub enum Action {
    OnboardTenant { slug: Slug, tier: TierName },
    SuspendTenant,
    ResumeTenant,
}

impl Kinds for Action {
    const KINDS: &'static [&'static str] = &["onboardTenant", "suspendTenant", "resumeTenant"];
    const NOUN: &'static str = "OperatorAction";
}
