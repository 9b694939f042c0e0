use std::process::ExitCode;

use domain::id::{OrderId, ProductId};
use domain::order::{Command, Lines};
use domain::user::Role;
use orders::{LineRequest, priced};
use platform::http::{Call, NoParameters, Problem, Reply, Route, serve};
use platform::new_id;
use platform::stores::decide_order;
use platform::tenancy::TenantMember;
use platform::views::OrderView;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::post("/orders", TenantMember(Role::Member));

fn main() -> ExitCode {
    serve(ROUTE, place_order)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    lines: Vec<LineRequest>,
}

async fn place_order(call: Call<NoParameters, NewOrder>) -> Result<Reply<OrderView>, Problem> {
    let requests = &call.body.lines[..call.body.lines.len().min(Lines::MOST + 1)];
    let ids: Vec<ProductId> = requests.iter().map(|line| line.product_id).collect();
    let lines = priced(requests, &call.store.products().get_all(&ids).await?)?;
    let order = new_id(OrderId::from_uuid);
    let place = Command::Place { order, customer: call.caller.user(), lines, at: call.now() };
    let decision = decide_order(None, place)?;
    let reply = Reply::new(OrderView::from(&decision.next))
        .at(format!("/orders/{order}"))
        .version(decision.next.version);
    call.store.orders().append(&decision, &call.command(&reply)?).await?;
    Ok(reply)
}
