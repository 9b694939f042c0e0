//! What the endpoints of orders share: how a request's lines become an order's, and which orders a caller sees.

use std::collections::HashMap;

use domain::id::{OrderId, ProductId};
use domain::money::Quantity;
use domain::order::{Line, Lines, LinesError};
use domain::product::Product;
use platform::http::{Call, Problem};
use platform::stores::LoadedOrder;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderParameters {
    pub id: OrderId,
}

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

/// Lines at the catalog's names and prices.
pub fn priced(requests: &LineRequests, catalog: &HashMap<ProductId, Product>) -> Result<Lines, Problem> {
    let lines = requests.0.iter().enumerate().map(|(index, request)| {
        let product = catalog.get(&request.product_id).ok_or_else(|| {
            Problem::invalid(format!("/lines/{index}/productId"), "must be a product of the catalog")
        })?;
        Line::new(product.id, product.name.clone(), product.price, request.quantity)
            .map_err(|rule| Problem::invalid(format!("/lines/{index}/quantity"), rule))
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

/// The order, if it is one that the caller may see: of others the caller learns nothing.
pub async fn visible_order<B>(call: &Call<OrderParameters, B>) -> Result<LoadedOrder, Problem> {
    let loaded = call.store.orders().load(call.parameters.id).await?;
    loaded
        .filter(|loaded| loaded.order.is_open_to(call.caller.user(), call.caller.role()))
        .ok_or_else(|| Problem::not_found("order"))
}
