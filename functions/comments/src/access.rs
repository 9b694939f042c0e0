//! Who sees a comment, and who may change it. All rules of that stand here.

use domain::comment::Comment;
use domain::permission::{Permission, PermissionSet};
use platform::http::Problem;
use platform::tenancy::Principal;

pub(crate) fn is_moderator(principal: Principal) -> bool {
    principal.may(Permission::CommentsModerate)
}

/// Whether the comment is shown to who may read its post. What waits or is spam is seen by its author and by moderators;
/// nothing is left to see of what was deleted.
pub(crate) fn visible_to(principal: Principal, comment: &Comment) -> bool {
    let is_own = comment.author == principal.user();
    comment.text.is_some() && (comment.is_approved() || is_own || is_moderator(principal))
}

/// What somebody has written is that person's, whatever has become of the post.
pub(crate) fn sees_without_the_post(principal: Principal, comment: &Comment) -> bool {
    comment.author == principal.user()
}

pub(crate) fn require_own(principal: Principal, comment: &Comment) -> Result<(), Problem> {
    match comment.author == principal.user() {
        true => Ok(()),
        false => {
            Err(Problem::forbidden("Only the author changes what a comment says; a moderator may delete it."))
        }
    }
}

pub(crate) fn require_own_or_moderator(principal: Principal, comment: &Comment) -> Result<(), Problem> {
    let is_own = comment.author == principal.user();
    let may = is_moderator(principal) || (is_own && principal.may(Permission::CommentsWrite));
    let of_own = if is_own { PermissionSet::from(Permission::CommentsWrite) } else { PermissionSet::NONE };
    may.then_some(()).ok_or_else(|| Problem::lacks(of_own.union(Permission::CommentsModerate.into())))
}

#[cfg(test)]
mod tests;
