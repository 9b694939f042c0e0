use std::process::ExitCode;

use content::{LARGEST_BODY, NewPost, PostView};
use domain::id::PostId;
use domain::permission::Permission;
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve_rereading};

const ROUTE: Route<TenantMember> =
    Route::post("/posts", TenantMember::holding_either(Permission::PostsWrite, Permission::PostsManage))
        .taking(LARGEST_BODY)
        .costing(&[
            Cost::of(0.5, 4.0),
            Cost::when("with a tag", 1.0, 4.0),
            Cost::when("with a key", 1.5, 6.0),
            Cost::when("whose slug is taken", 10.0, 4.0),
        ]);

fn main() -> ExitCode {
    serve_rereading(ROUTE, create_post, show_again)
}

async fn create_post(call: Call<NoParameters, NewPost>) -> Result<Reply<PostView>, Problem> {
    content::create(&call).await
}

async fn show_again(call: Call<NoParameters, NewPost>, id: PostId) -> Result<Reply<PostView>, Problem> {
    content::show(&call, id).await
}
