use std::process::ExitCode;

use platform::http::{Cost, NoBody, Operator, OperatorCall, Problem, Reply, Route, serve_operators};
use platform::table::UsageLedger;
use usage::{DayParameters, RankingView};

const ROUTE: Route<Operator> = Route::get("/usage", Operator).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, UsageLedger::of_function, list_usage)
}

async fn list_usage(
    ledger: &'static UsageLedger,
    call: OperatorCall<DayParameters, NoBody>,
) -> Result<Reply<RankingView>, Problem> {
    Ok(Reply::new(usage::of_day(ledger, &call).await?))
}
