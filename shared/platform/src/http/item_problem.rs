//! Refusals of single things, in requests that are about many.

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::{PROBLEMS, Problem};

/// Why a thing was refused, as a request about it alone would be.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ItemProblem {
    /// The type of the problem: the path of the page of this API that explains it.
    r#type: String,
    status: u16,
    detail: String,
}

impl Problem {
    /// The problem as that of one thing among others. Fails with the problem if it is one of the whole request: a part of
    /// the backend does not answer, or the tenant has made too many requests.
    pub fn of_item(self) -> Result<ItemProblem, Self> {
        match self.status() {
            403 | 404 | 409 | 422 => Ok(ItemProblem {
                r#type: format!("{PROBLEMS}{}", self.kind().explain().slug),
                status: self.status(),
                detail: self.detail().to_owned(),
            }),
            _ => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_an_item_s_and_a_failure_is_the_whole_request_s() {
        let item = Problem::not_found("post").of_item().unwrap();
        assert_eq!((item.r#type.as_str(), item.status), ("/problems/not-found", 404));
        assert_eq!(item.detail, "There is no such post.");
        for whole in
            [Problem::unavailable("no answer"), Problem::internal("a defect"), Problem::too_many_links(7)]
        {
            assert!(whole.of_item().is_err());
        }
    }
}
