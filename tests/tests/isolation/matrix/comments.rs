//! Comments of a tenant's admin and of its member, on one post.

use client::{Admin, Http, Member, id};
use serde_json::Value;
use tests::comment_steps::{comment_on, live_post, moderate, reword};

use super::side::By;

pub(crate) struct Comments {
    pub(crate) post: Value,
    /// Of the admin, which has the most versions, and of the member. Members do not see those of others.
    waiting: [Value; 2],
    /// Of both as well.
    shown: [Value; 2],
}

impl Comments {
    /// The member's come first, so that they are listed behind the admin's.
    pub(super) fn fill(admin: &Admin, member: &Member, slug: &str, changes: usize) -> Comments {
        let post = live_post(admin, &format!("Commented post of {slug}"));
        let write = |client: &Http, text: &str| {
            comment_on(client, &post, &format!("{text} of {slug}")).send().expect(201)
        };
        let waits = write(member, "A waiting comment");
        let shown = moderate(admin, &write(member, "A comment"), "approved").send().expect(200);
        let mut own = moderate(admin, &write(admin, "A waiting comment"), "pending").send().expect(200);
        for number in 0..2 * changes {
            own = reword(admin, &own, &format!("Comment {number} of {slug}")).send().expect(200);
        }
        let also_shown = write(admin, "Another comment");
        Comments { waiting: [own, waits], shown: [also_shown, shown], post }
    }

    /// The user's own waiting one comes first.
    pub(super) fn ids(&self, by: By) -> Vec<String> {
        let [own, other] = if by == By::Admin { [0, 1] } else { [1, 0] };
        [&self.waiting[own], &self.shown[own], &self.shown[other]].map(|one| id(one).to_owned()).into()
    }

    pub(crate) fn shown(&self) -> String {
        id(&self.shown[0]).to_owned()
    }

    /// Where a page of the post's comments may end.
    pub(super) fn place(&self) -> String {
        id(&self.shown[1]).to_owned()
    }

    pub(super) fn fresh(&self, client: &Http, number: usize) -> Value {
        comment_on(client, &self.post, &format!("Fresh comment {number}")).send().expect(201)
    }
}
