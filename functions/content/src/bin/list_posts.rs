use std::process::ExitCode;

use content::{ListParameters, PostPage};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/posts", TenantMember::ANY).costing(&[
    Cost::of(1.0, 0.0),
    Cost::when("by creation", 1.0, 0.0),
    Cost::when("with a status", 1.0, 0.0),
    Cost::when("of an author", 1.0, 0.0),
    Cost::when("with a tag and a total", 1.5, 0.0),
]);

fn main() -> ExitCode {
    serve(ROUTE, list_posts)
}

async fn list_posts(call: Call<ListParameters, NoBody>) -> Result<Reply<PostPage>, Problem> {
    Ok(Reply::new(content::list(&call).await?))
}
