use std::process::ExitCode;

use content::{FindParameters, PostView};
use platform::http::{
    Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::get("/posts/{id}", TenantMember::ANY)
    .or_answering(StatusCode::MOVED_PERMANENTLY)
    .refusing(&[ProblemType::NotFound])
    .costing(&[
        Cost::of(1.5, 0.0),
        Cost::when("by its slug", 2.5, 0.0),
        Cost::when("at a version", 2.5, 0.0),
    ]);

fn main() -> ExitCode {
    serve(ROUTE, get_post)
}

async fn get_post(call: Call<FindParameters, NoBody>) -> Result<Reply<PostView>, Problem> {
    content::find(&call).await
}
