use std::process::ExitCode;

use domain::permission::Permission;
use identity::{InvitationsView, NewInvitations, Outcome, invite_all, show_outcomes};
use platform::http::{
    Call, Cost, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve_rereading,
};

const ROUTE: Route<TenantMember> =
    Route::post("/invitations", TenantMember::holding(Permission::UsersManage))
        .of_identities()
        .answering(StatusCode::OK)
        .costing(&[
            Cost::when("of one", 2.0, 19.0),
            Cost::when("of two", 4.0, 38.0),
            Cost::when("of one, with a key", 3.0, 20.0),
        ]);

fn main() -> ExitCode {
    serve_rereading(ROUTE, invite_users, show_again)
}

async fn invite_users(call: Call<NoParameters, NewInvitations>) -> Result<Reply<InvitationsView>, Problem> {
    invite_all(&call).await
}

async fn show_again(
    call: Call<NoParameters, NewInvitations>,
    outcomes: Vec<Outcome>,
) -> Result<Reply<InvitationsView>, Problem> {
    Ok(show_outcomes(&call, &outcomes))
}
