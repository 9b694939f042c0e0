//! One place of a route: the owner's values in it, each beside a value that nobody has.

use std::collections::{BTreeMap, BTreeSet};

use client::Response;
use contract::{Operation, RequiredAccess};
use tests::World;

use super::answer::{ids_in, told, without_new_values};
use super::kinds::{Kind, twin};
use super::own::{Sent, own, subject, tag};
use super::places::{Part, Place};
use super::side::{By, Side};
use tests::order_steps::all_pages;

pub(super) struct Trial<'a> {
    pub(super) world: &'a World,
    pub(super) sender: (&'a Side, By),
    pub(super) owner: (&'a Side, By),
    /// The owner's idempotency keys, by route.
    pub(super) keys: BTreeMap<String, String>,
    /// What no answer may hold: each text of the owner has one of these words, or is one of these ids.
    pub(super) words: Vec<&'static str>,
    pub(super) ids: BTreeSet<String>,
}

/// What a change has answered, but for what is another for each change: new ids, and, since a tenant counts its own roles
/// and the changes of all of them, and posts of one title, numbers.
fn comparable(operation: &Operation, told: &str) -> String {
    let path = &operation.description.path;
    let mut told = without_new_values(told);
    if path.starts_with("/roles") || path.starts_with("/posts") || path == "/tenant/owner" {
        told.retain(|one| !one.is_ascii_digit());
    }
    told
}

impl Trial<'_> {
    fn own(&self, operation: &Operation) -> Sent {
        own(self.world, self.sender.0, operation, self.sender.1)
    }

    /// Else a refusal of the owner's values would prove nothing.
    pub(super) fn succeeds(&self, operation: &Operation) {
        let sent = self.own(operation);
        let answer = sent.request().send();
        assert!(
            answer.status < 300,
            "{}: the sender's own request is refused; tests/tests/isolation/matrix/own.rs has no row for it: {}",
            operation.key(),
            answer.text()
        );
        self.assert_nothing_of_the_owner(&operation.key(), &told(operation, &sent, &answer));
    }

    /// Answers that are open to all have ETags of their own, and nothing of a tenant.
    pub(super) fn is_of_a_tenant(&self, operation: &Operation, place: &Place) -> bool {
        let is_open = operation.description.required_access == RequiredAccess::Anyone;
        !(is_open && place.kind == Kind::IfNoneMatch)
    }

    /// Returns the number of cases.
    pub(super) fn try_place(&self, operation: &Operation, place: &Place) -> usize {
        if place.part == Part::Query || place.kind == Kind::IfNoneMatch {
            let value = self.value_of(self.sender, operation, place);
            let answer = self.own(operation).with(place, &value).request().send();
            assert!(answer.status < 400, "{} {place:?}: {}", operation.key(), answer.text());
        }
        let values = self.foreign(operation, place);
        assert!(!values.is_empty(), "{}: the matrix has no value for {place:?}", operation.key());
        for value in &values {
            self.try_value(operation, place, value);
        }
        values.len()
    }

    fn try_value(&self, operation: &Operation, place: &Place, value: &str) {
        let case = format!("{} with {value} in {} ({:?})", operation.key(), place.name, place.part);
        println!("{case}");
        let sent = self.own(operation).with(place, value);
        let answer = sent.request().send();
        let of_the_owner = told(operation, &sent, &answer);
        self.assert_nothing_of_the_owner(&case, &of_the_owner);
        self.assert_as_the_kind_demands(&case, operation, place, &answer);
        // What was done needs another thing to be done to; what was refused is as it was.
        let sent = if answer.status < 400 { self.own(operation) } else { sent };
        let sent = sent.with(place, &twin(&place.kind, value));
        let of_nobody = told(operation, &sent, &sent.request().send());
        let [left, right] = match operation.is_get() {
            true => [of_the_owner, of_nobody],
            false => [of_the_owner, of_nobody].map(|told| comparable(operation, &told)),
        };
        assert_eq!(left, right, "{case}: a value that nobody has on the right");
        if operation.is_get() {
            self.assert_own_rows(&case, place, &sent, &answer);
            self.try_head(&case, operation, place, value, &sent);
        }
    }

    fn try_head(&self, case: &str, operation: &Operation, place: &Place, value: &str, sent: &Sent) {
        let nobody = sent.as_head();
        let owner = nobody.with(place, value);
        let heads = [&owner, &nobody].map(|sent| told(operation, sent, &sent.request().send()));
        assert_eq!(heads[0], heads[1], "HEAD of {case}: a value that nobody has on the right");
    }

    fn assert_nothing_of_the_owner(&self, case: &str, told: &str) {
        for word in &self.words {
            assert!(!told.contains(word), "{case}: tells of the owner's {word}: {told}");
        }
        for (_, id) in ids_in(told) {
            assert!(!self.ids.contains(id), "{case}: tells the owner's {id}: {told}");
        }
    }

    fn assert_as_the_kind_demands(
        &self,
        case: &str,
        operation: &Operation,
        place: &Place,
        answer: &Response,
    ) {
        match &place.kind {
            // The refusal tells no more than that the value is not the sender's own tenant.
            Kind::Id(prefix) if prefix == "ten" && operation.is_of_tenants() => {
                assert_eq!(answer.status, 403, "{case}: {}", answer.text());
            }
            // Versions are no secrets: they are small numbers that everybody can guess. The owner's are such that the
            // sender's things do not have them, so they have to match nothing.
            Kind::IfMatch => assert_eq!(answer.status, 412, "{case}: {}", answer.text()),
            Kind::IfNoneMatch => {
                assert_eq!(answer.status, 200, "{case}: the owner's tag is the sender's own")
            }
            Kind::IdempotencyKey => {
                assert!(answer.status < 300, "{case}: {}", answer.text());
                assert_eq!(answer.header("idempotency-replayed"), None, "{case}");
            }
            _ => {}
        }
    }

    /// A page holds rows of the sender's own list, in its order. A cursor is a point of that order, whosesoever it is.
    fn assert_own_rows(&self, case: &str, place: &Place, sent: &Sent, answer: &Response) {
        let answered = answer.json();
        let Some(rows) = answered["items"].as_array().filter(|_| place.part == Part::Query) else { return };
        let whole = all_pages(&sent.client, &format!("{}?limit=100", sent.path()));
        let mut rest = whole.iter();
        let foreign = rows.iter().find(|row| !rest.any(|own| own == *row));
        assert_eq!(foreign, None, "{case}: no row of the sender's list, or not in its order");
        let shows_rows = place.name == "cursor" && place.kind != Kind::Version;
        assert!(
            !(shows_rows && rows.is_empty()),
            "{case}: shows nothing at all, so proves nothing: {whole:?}"
        );
    }

    /// The owner's values.
    fn foreign(&self, operation: &Operation, place: &Place) -> Vec<String> {
        let (owner, by) = self.owner;
        let is_own_side = std::ptr::eq(owner, self.sender.0);
        match place.kind {
            Kind::IfMatch | Kind::IfNoneMatch | Kind::IdempotencyKey => {
                vec![self.value_of(self.owner, operation, place)]
            }
            // The whole token would be the owner's credential, and no name of something.
            Kind::RefreshToken | Kind::LinkToken => {
                let behind = |slug: &str, token: &str| format!("{slug}.{}", token.split_once('.').unwrap().1);
                let slug = &self.sender.0.tenant.slug;
                owner.values(&place.kind, by).iter().map(|token| behind(slug, token)).collect()
            }
            _ if is_own_side => owner.private_values(&place.kind, by),
            _ => owner.values(&place.kind, by),
        }
    }

    /// A value of the sender or of the owner.
    fn value_of(&self, (side, by): (&Side, By), operation: &Operation, place: &Place) -> String {
        let get = |path: &str| {
            let mut all = World::operations().iter();
            all.find(|other| other.is_get() && other.description.path == path).unwrap()
        };
        match place.kind {
            Kind::IfMatch | Kind::IfNoneMatch => {
                let path = if place.kind == Kind::IfMatch {
                    subject(operation)
                } else {
                    &operation.description.path
                };
                tag(&own(self.world, side, get(path), by), path)
            }
            Kind::IdempotencyKey => self.keys[&operation.key()].clone(),
            _ => side.values(&place.kind, by).into_iter().next().unwrap_or_default(),
        }
    }
}
