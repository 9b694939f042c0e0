use domain::comment::NewComment;
use domain::id::UserId;
use domain::{Actor, Stamp, Version};
use jiff::Timestamp;
use platform::new_id;

use super::*;

/// Roots in the order of threads.
fn roots<const N: usize>() -> [Versioned<Comment>; N] {
    let (post, author) = (new_id(PostId::from_uuid), new_id(UserId::from_uuid));
    std::array::from_fn(|_| {
        let (id, text) = (new_id(CommentId::from_uuid), "Well said.".to_owned().try_into().unwrap());
        let new = NewComment { id, post, root: None, author, text };
        let stamp = Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::Platform };
        Versioned { value: Comment::post(new, false, stamp).next, version: Version::FIRST }
    })
}

fn part(comments: &[&Versioned<Comment>], is_last: bool) -> Part {
    let items: Vec<_> = comments.iter().map(|comment| (*comment).clone()).collect();
    let next_cursor = items.last().filter(|_| !is_last).map(|comment| cursor(comment).key());
    Page { items, next_cursor }
}

#[test]
fn a_page_ends_where_the_first_of_its_lists_ends() {
    let all: [_; 6] = roots();
    let [one, two, three, four, five, six] = &all;
    let early = || part(&[one, three], false);
    let late = || part(&[two, four, five], true);
    for found in [merged(early(), late(), 100), merged(late(), early(), 100)] {
        assert_eq!(found.comments, all[..3], "behind the third, something may be missing");
        assert_eq!(found.next_cursor, Some(cursor(three)));
    }
    let both = merged(early(), part(&[two], false), 100);
    assert_eq!((both.comments.as_slice(), both.next_cursor), (&all[..2], Some(cursor(two))));
    let whole = merged(part(&[one, three, six], true), late(), 100);
    assert_eq!((whole.comments.as_slice(), whole.next_cursor), (&all[..], None));
    let cut = merged(part(&[one, three], true), late(), 4);
    assert_eq!((cut.comments.as_slice(), cut.next_cursor), (&all[..4], Some(cursor(four))));
}
