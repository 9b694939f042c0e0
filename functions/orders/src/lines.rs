//! Prices the lines of a request by the catalog.

use std::collections::HashMap;

use domain::id::ProductId;
use domain::order::{Line, Lines, LinesError};
use domain::product::Product;
use platform::http::Problem;

use crate::LineRequest;
use crate::requests::LineRequests;

impl LineRequest {
    /// The line at the catalog's name and price. `at` is the JSON pointer to this request in the body.
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

/// The lines at the catalog's names and prices.
pub(crate) fn priced(
    requests: &LineRequests,
    catalog: &HashMap<ProductId, Product>,
) -> Result<Lines, Problem> {
    let lines =
        requests.0.iter().enumerate().map(|(index, request)| {
            request.priced(catalog.get(&request.product_id), &format!("/lines/{index}"))
        });
    Lines::try_from(Problem::collect(lines)?).map_err(|error| Problem::invalid(field(error), error))
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
