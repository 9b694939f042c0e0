use std::process::ExitCode;

use domain::id::OrderId;
use domain::order::Command;
use domain::user::Role;
use orders::{LineRequests, priced};
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, serve};
use platform::new_id;
use platform::stores::decide_order;
use platform::tenancy::TenantMember;
use platform::views::OrderView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::post("/orders", TenantMember(Role::Member))
    .costing(&[Cost::when("of one product", 1.0, 1.0), Cost::when("with a key", 2.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, place_order)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    lines: LineRequests,
}

async fn place_order(call: Call<NoParameters, NewOrder>) -> Result<Reply<OrderView>, Problem> {
    let requests = &call.body.lines;
    let catalog = call.store.products().get_all(&requests.products()).await?;
    let lines = priced(requests, &catalog)?;
    let order = new_id(OrderId::from_uuid);
    let place = |at| Command::Place { order, customer: call.caller.user(), lines, at };
    let decision = decide_order(None, call.now(), place)?;
    let reply = Reply::new(OrderView::from(&decision.next))
        .at(format!("/orders/{order}"))
        .version(decision.next.version);
    call.store.orders().append(&decision, call.command(&reply)?).await?;
    Ok(reply)
}
