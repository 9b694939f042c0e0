use std::process::ExitCode;

use domain::order::Command;
use domain::permission::Permission;
use futures::join;
use orders::{LineRequest, OrderParameters, OrderView, change, known_order};
use platform::http::{
    Call, Conditional, Cost, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember, Conditional> = Route::post(
    "/orders/{id}/lines",
    TenantMember::holding_either(Permission::OrdersPlace, Permission::OrdersManage),
)
.answering(StatusCode::OK)
.conditional()
.refusing(&[ProblemType::NotFound])
.costing(&[Cost::of(2.0, 1.0), Cost::when("with a key", 3.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, add_line)
}

async fn add_line(
    call: Call<OrderParameters, LineRequest, Conditional>,
) -> Result<Reply<OrderView>, Problem> {
    let order = known_order(&call, call.parameters.id);
    let (known, product) = join!(order, catalog::find(&call.store, call.body.product_id));
    // Whichever is read first, what is wrong with the order is answered first.
    let known = known?;
    let line = call.body.priced(product?.as_ref(), "")?;
    change(&call, known, Command::AddLine { line }).await
}
