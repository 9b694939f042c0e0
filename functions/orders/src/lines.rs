//! How a request's lines become an order's.

use std::collections::HashMap;

use domain::id::ProductId;
use domain::money::Quantity;
use domain::order::{Line, Lines, LinesError};
use domain::product::Product;
use platform::http::Problem;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LineRequest {
    pub product_id: ProductId,
    pub quantity: Quantity,
}

/// As many lines as an order may have: known before anything is read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<LineRequest>")]
pub struct LineRequests(Vec<LineRequest>);

impl TryFrom<Vec<LineRequest>> for LineRequests {
    type Error = LinesError;

    fn try_from(lines: Vec<LineRequest>) -> Result<Self, LinesError> {
        match lines.len() {
            1..=Lines::MOST => Ok(Self(lines)),
            _ => Err(LinesError::Count),
        }
    }
}

impl LineRequests {
    pub fn products(&self) -> Vec<ProductId> {
        self.0.iter().map(|line| line.product_id).collect()
    }
}

impl LineRequest {
    /// At the catalog's name and price. `at` is where the request stands in the body.
    pub fn priced(&self, product: Option<&Product>, at: &str) -> Result<Line, Problem> {
        let refused = |rule: &str| Problem::invalid(format!("{at}/productId"), rule);
        let product = product.ok_or_else(|| refused("must be a product of the catalog"))?;
        if !product.is_active() {
            return Err(refused("must be a product that is not retired"));
        }
        Line::new(product.id, product.name.clone(), product.price, self.quantity)
            .map_err(|rule| Problem::invalid(format!("{at}/quantity"), rule))
    }
}

/// Lines at the catalog's names and prices.
pub fn priced(requests: &LineRequests, catalog: &HashMap<ProductId, Product>) -> Result<Lines, Problem> {
    let lines =
        requests.0.iter().enumerate().map(|(index, request)| {
            request.priced(catalog.get(&request.product_id), &format!("/lines/{index}"))
        });
    Lines::try_from(lines.collect::<Result<Vec<_>, _>>()?)
        .map_err(|error| Problem::invalid(field(error), error))
}

fn field(error: LinesError) -> String {
    match error {
        LinesError::RepeatedProduct { index } => format!("/lines/{index}/productId"),
        LinesError::MixedCurrencies { index } | LinesError::TotalTooLarge { index } => {
            format!("/lines/{index}")
        }
        LinesError::Count => "/lines".to_owned(),
    }
}
