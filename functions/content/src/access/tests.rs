use domain::Stamp;
use domain::id::UserId;
use domain::post::Command;
use domain::role::BuiltInRole;
use platform::new_id;
use platform::testing::principal;

use super::*;
use crate::store::tests::{after, draft_of};

fn stamp(by: UserId) -> Stamp {
    Stamp { at: jiff::Timestamp::UNIX_EPOCH, by: domain::Actor::User { id: by } }
}

/// What each role may do with a post of its own and with one of somebody else, in each stage.
#[test]
fn what_is_not_published_is_for_authors_and_editors_and_each_role_has_its_own_reach() {
    let [own, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
    for (role, writes, publishes, manages) in [
        (BuiltInRole::Member, false, false, false),
        (BuiltInRole::Contributor, true, false, false),
        (BuiltInRole::Author, true, true, false),
        (BuiltInRole::Editor, true, true, true),
        (BuiltInRole::Admin, true, true, true),
    ] {
        let [mine, theirs] = [own, other].map(|user| principal(user, role.permissions()));
        let draft = draft_of(own);
        let later = "1970-01-02T00:00:00Z".parse().unwrap();
        let scheduled = after(&draft, Command::Schedule(later), stamp(own));
        let live = after(&draft, Command::Publish, stamp(own));
        for (post, is_live) in [(&draft, false), (&scheduled, false), (&live, true)] {
            let name = format!("{role} {:?}", post.stage);
            assert!(visible_to(mine, post) && reads_whole(mine, post), "{name}");
            assert_eq!(visible_to(theirs, post), is_live || manages, "{name}");
            assert_eq!(reads_whole(theirs, post), is_live || manages, "{name}");
            let edits = if post.stage == Stage::Draft { writes } else { publishes };
            assert_eq!(require_edit(mine, post).is_ok(), edits, "{name}");
            assert_eq!(require_publication(mine, post).is_ok(), publishes, "{name}");
            assert_eq!(require_edit(theirs, post).is_ok(), manages, "{name}");
            assert_eq!(require_publication(theirs, post).is_ok(), manages, "{name}");
        }
    }
}

#[test]
fn who_may_not_read_posts_reads_those_alone_that_are_open_to_all() {
    let [own, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
    let mut live = after(&draft_of(own), Command::Publish, stamp(own));
    let [without, with] =
        [PermissionSet::NONE, Permission::PostsRead.into()].map(|permissions| principal(other, permissions));
    live.content.visibility = Visibility::Public;
    assert!(reads_whole(without, &live) && reads_whole(with, &live));
    live.content.visibility = Visibility::Members;
    assert!(!reads_whole(without, &live) && reads_whole(with, &live));
    assert!(visible_to(without, &live), "its title, excerpt and date");
    assert!(reads_whole(principal(own, PermissionSet::NONE), &live), "its author");
}
