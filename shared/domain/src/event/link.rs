use super::form::is_published_whole;
use super::published::published;
use crate::id::UserId;
use crate::link::Purpose;

published! {
    pub struct LinkRequested {
        pub user: UserId,
        pub purpose: Purpose,
    }
}

is_published_whole!(LinkRequested: 1);
