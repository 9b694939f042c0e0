use std::process::ExitCode;

use domain::id::UserId;
use domain::user::{Role, User};
use identity::NewUser;
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, serve};
use platform::stores::{LoadedUser, Version};
use platform::tenancy::TenantMember;
use platform::views::UserView;
use platform::{new_id, passwords};

const ROUTE: Route<TenantMember> = Route::post("/users", TenantMember(Role::Admin)).with_secret().costing(&[
    Cost::when("of a member", 0.0, 6.0),
    Cost::when("of an admin", 0.0, 8.0),
    Cost::when("with a key", 1.0, 8.0),
]);

fn main() -> ExitCode {
    serve(ROUTE, register_user)
}

async fn register_user(call: Call<NoParameters, NewUser>) -> Result<Reply<UserView>, Problem> {
    let NewUser { name, email, role, password } = &call.body;
    let id = new_id(UserId::from_uuid);
    let user = User::register(id, name.clone(), email.clone(), *role, call.now());
    let hash = passwords::hash(password).map_err(Problem::internal)?;
    let new = LoadedUser { user: user.clone(), version: Version::FIRST };
    let reply = Reply::new(UserView::new(new, call.caller.tenant()))
        .at(format!("/users/{id}"))
        .version(Version::FIRST);
    call.store.users().register(&user, &hash, &call.command(&reply)?).await?;
    Ok(reply)
}
