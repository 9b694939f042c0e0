//! Requests about many things, each of which is changed or refused by itself.

use domain::Version;
use schemars::JsonSchema;
use serde::Serialize;

use crate::http::{Call, PROBLEMS, Precondition, Problem, Reply};

/// What has become of each thing, in the order of the request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BulkResultOf{I}")]
pub struct BulkResult<I> {
    items: Vec<BulkItem<I>>,
}

/// The version that the thing has now, or why it was not changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BulkItemOf{I}")]
struct BulkItem<I> {
    id: I,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ItemProblem")]
    problem: Option<ItemProblem>,
}

/// Why a thing was refused, as a request about it alone would be.
#[derive(Debug, Serialize, JsonSchema)]
struct ItemProblem {
    /// The type of the problem: the path of the page of this API that explains it.
    r#type: String,
    status: u16,
    detail: String,
}

impl<P, B, C: Precondition> Call<P, B, C> {
    /// The reply that tells what has become of each thing. If the request has an idempotency key, its receipt is
    /// committed here, behind all changes: a request that is repeated after a failure in between tells of what it finds.
    ///
    /// Fails with a problem that is not one of a single thing.
    pub async fn bulk_reply<I: Serialize>(
        &self,
        outcomes: impl IntoIterator<Item = (I, Result<Version, Problem>)>,
    ) -> Result<Reply<BulkResult<I>>, Problem> {
        let items = outcomes.into_iter().map(|(id, outcome)| item(id, outcome)).collect::<Result<_, _>>()?;
        let reply = Reply::new(BulkResult { items });
        if let Some(receipt) = self.store.receipt_of(&self.command(&reply)?)? {
            self.store.commit(vec![receipt]).await?;
        }
        Ok(reply)
    }
}

fn item<I>(id: I, outcome: Result<Version, Problem>) -> Result<BulkItem<I>, Problem> {
    Ok(match outcome {
        Ok(version) => BulkItem { id, version: Some(version), problem: None },
        Err(problem) => BulkItem { id, version: None, problem: Some(item_problem(problem)?) },
    })
}

/// Fails with the problem if it is one of the whole request: a part of the backend does not answer, or the tenant has
/// made too many requests.
fn item_problem(problem: Problem) -> Result<ItemProblem, Problem> {
    match problem.status() {
        403 | 404 | 409 | 422 => Ok(ItemProblem {
            r#type: format!("{PROBLEMS}{}", problem.kind().explain().slug),
            status: problem.status(),
            detail: problem.detail().to_owned(),
        }),
        _ => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_an_item_s_and_a_failure_is_the_whole_request_s() {
        let item = item_problem(Problem::not_found("post")).unwrap();
        assert_eq!((item.r#type.as_str(), item.status), ("/problems/not-found", 404));
        assert_eq!(item.detail, "There is no such post.");
        for whole in
            [Problem::unavailable("no answer"), Problem::internal("a defect"), Problem::too_many_links(7)]
        {
            assert!(item_problem(whole).is_err());
        }
    }
}
