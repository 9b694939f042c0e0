use std::process::ExitCode;

use domain::permission::Permission;
use identity::{NewUser, show_again};
use platform::accounts::UserView;
use platform::http::{
    Call, Cost, NoParameters, Problem, ProblemType, Reply, Route, TenantMember, serve_rereading,
};

const ROUTE: Route<TenantMember> = Route::post("/users", TenantMember::holding(Permission::UsersManage))
    .of_identities()
    .with_secret()
    .refusing(&[ProblemType::QuotaReached])
    .costing(&[
        Cost::when("of a member", 2.0, 15.0),
        Cost::when("of an admin", 2.0, 17.0),
        Cost::when("with a key", 3.0, 17.0),
    ]);

fn main() -> ExitCode {
    serve_rereading(ROUTE, register_user, show_again)
}

async fn register_user(call: Call<NoParameters, NewUser>) -> Result<Reply<UserView>, Problem> {
    identity::register(&call).await
}
