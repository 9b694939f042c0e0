use std::process::ExitCode;

use platform::accounts::tokens::{KeySet, PublishedKeys};
use platform::http::{Anyone, Cost, NoBody, NoParameters, OpenCall, Problem, Reply, Route, serve_open};

const ROUTE: Route<Anyone> = Route::get("/.well-known/jwks.json", Anyone).costing(&[Cost::of(0.0, 0.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, PublishedKeys::open, publish_keys)
}

async fn publish_keys(
    published: &'static PublishedKeys,
    _: OpenCall<NoParameters, NoBody>,
) -> Result<Reply<KeySet>, Problem> {
    Ok(Reply::new(published.keys().await?.clone()))
}
