use std::process::ExitCode;

use content::{ListTagsParameters, TagView};
use domain::permission::Permission;
use domain::text::TagSlug;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> =
    Route::get("/tags", TenantMember::holding(Permission::PostsRead)).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_tags)
}

async fn list_tags(call: Call<ListTagsParameters, NoBody>) -> Result<Reply<Page<TagView, TagSlug>>, Problem> {
    Ok(Reply::new(content::list_tags(&call).await?))
}
