//! Who sees a post, who reads it whole, and who may change it. All rules of that stand here.

use domain::permission::{Permission, PermissionSet};
use domain::post::{ListedPost, Post, PostStatus, Stage, Visibility};
use platform::http::Problem;
use platform::tenancy::Principal;

/// What the caller reads of a post beside its summary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    pub(crate) html: bool,
    pub(crate) markdown: bool,
}

impl Sight {
    pub(crate) fn of(principal: Principal, post: &Post) -> Self {
        Self { html: reads_whole(principal, post), markdown: is_of_its_makers(principal, post) }
    }
}

/// The one rule of visibility: what is not published is seen by its authors and by who manages posts.
pub(crate) fn visible_to(principal: Principal, post: &Post) -> bool {
    post.is_live() || is_of_its_makers(principal, post)
}

/// Others see title, excerpt and date.
pub(crate) fn reads_whole(principal: Principal, post: &Post) -> bool {
    let is_open = post.content.visibility == Visibility::Public || principal.may(Permission::PostsRead);
    is_of_its_makers(principal, post) || (post.is_live() && is_open)
}

/// The same by what lists know of a post.
pub(crate) fn reads_listed_whole(principal: Principal, post: &ListedPost) -> bool {
    let is_of_its_makers = post.authors.contains(principal.user()) || principal.may(Permission::PostsManage);
    let is_open = post.visibility == Visibility::Public || principal.may(Permission::PostsRead);
    is_of_its_makers || (post.status == PostStatus::Published && is_open)
}

/// Who sees what the post said before, and what has happened to it.
pub(crate) fn is_of_its_makers(principal: Principal, post: &Post) -> bool {
    post.is_by(principal.user()) || principal.may(Permission::PostsManage)
}

/// Authors write their drafts. What readers see, or will see without another step, takes the permission to publish.
pub(crate) fn require_edit(principal: Principal, post: &Post) -> Result<(), Problem> {
    let own = match post.stage {
        Stage::Draft => Permission::PostsWrite,
        Stage::Scheduled(_) | Stage::Published(_) => Permission::PostsPublish,
    };
    require_own_or_all(principal, post, own)
}

pub(crate) fn require_publication(principal: Principal, post: &Post) -> Result<(), Problem> {
    require_own_or_all(principal, post, Permission::PostsPublish)
}

fn require_own_or_all(principal: Principal, post: &Post, own: Permission) -> Result<(), Problem> {
    let may = principal.may(Permission::PostsManage) || (post.is_by(principal.user()) && principal.may(own));
    let of_own = if post.is_by(principal.user()) { PermissionSet::from(own) } else { PermissionSet::NONE };
    may.then_some(()).ok_or_else(|| Problem::lacks(of_own.union(Permission::PostsManage.into())))
}

#[cfg(test)]
mod tests;
