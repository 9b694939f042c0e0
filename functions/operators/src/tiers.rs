//! What is sold: the tiers.

use domain::money::Money;
use domain::operator::Action;
use domain::text::TierName;
use domain::tier::{Features, Limits, ProductQuota, RequestLimit, Terms, Tiers, UserQuota};
use domain::{Version, Versioned};
use platform::http::{Conditional, NoBody, NoParameters, OperatorCall, Problem, Reply};
use platform::table::OperatorRegistry;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{TierParameters, TierRequest};

/// All tiers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tiers")]
pub struct TiersView {
    tiers: Vec<TierView>,
    /// Of all of them together. Those that no operator has changed have version 0.
    version: Version,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tier")]
struct TierView {
    name: TierName,
    requests: RequestLimit,
    users: UserQuota,
    products: ProductQuota,
    features: Features,
    /// In a month.
    price: Money,
}

pub async fn show_tiers(
    registry: &OperatorRegistry,
    _: &OperatorCall<NoParameters, NoBody>,
) -> Result<Reply<TiersView>, Problem> {
    Ok(reply(&registry.tiers().await?))
}

/// Replaces the tier that the path names, or adds it. It is in force for each tenant within a minute.
pub async fn replace_tier(
    registry: &OperatorRegistry,
    call: &OperatorCall<TierParameters, TierRequest, Conditional>,
) -> Result<Reply<TiersView>, Problem> {
    let (name, terms) = (call.parameters.name.clone(), call.body.terms());
    let known = call.expect(registry.tiers().await?)?;
    let decided = known.decide(|tiers| tiers.replace(name.clone(), terms.clone(), call.stamp()));
    let decided = decided.map_err(|refusal| Problem::conflict(refusal.to_string()))?;
    let command = call.command(Action::ReplaceTier { tier: name, terms }, None)?;
    registry.commit_tiers(&decided, &command).await?;
    Ok(reply(&decided.next))
}

fn reply(Versioned { value: tiers, version }: &Versioned<Tiers>) -> Reply<TiersView> {
    let tiers = tiers.iter().map(|(name, terms)| TierView::new(name.clone(), terms.clone()));
    Reply::new(TiersView { tiers: tiers.collect(), version: *version }).version(*version)
}

impl TierView {
    fn new(name: TierName, terms: Terms) -> Self {
        let Terms { limits: Limits { requests, users, products }, features, price } = terms;
        Self { name, requests, users, products, features, price }
    }
}
