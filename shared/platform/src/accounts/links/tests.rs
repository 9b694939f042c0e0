use domain::person::Person;
use domain::text::Slug;
use domain::{Actor, Stamp};

use super::*;
use crate::new_id;

fn email(text: &str) -> Email {
    text.to_owned().try_into().unwrap()
}

fn user(id: UserId, set: Timestamp) -> User {
    let (person, stamp) = ("Ada".to_owned().try_into().unwrap(), Stamp { at: set, by: Actor::User { id } });
    User::admin(id, Person::named(person), email("ada@acme.example"), stamp).next
}

#[test]
fn a_link_is_good_once_for_its_token_its_user_and_its_time() {
    let (id, link) = (new_id(UserId::from_uuid), new_id(LinkId::from_uuid));
    let slug = || Slug::try_from("acme".to_owned()).unwrap();
    let token = LinkToken::new(slug(), id, link).unwrap();
    let set = Timestamp::from_second(1_000).unwrap();
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let user = user(id, set);
    let document = Document {
        link,
        secret: token.digest(),
        password_of: set,
        state: State::Sent,
        asked_by: None,
        address: Some(digest(&user.email)),
        to: None,
        replaces: None,
    };
    let purpose = Purpose::PasswordReset;
    let record = LinkRecord { user: id, purpose, version: Version::FIRST, expires_at: 3_800, document };
    assert!(record.is_good(&token, &user, at(2_000)) && record.is_good(&token, &user, at(3_799)));
    assert!(
        record.in_state(State::Made).is_good(&token, &user, at(2_000)),
        "it may be read before it is marked"
    );
    assert!(!record.is_good(&token, &user, at(3_800)), "late");
    let changed = User { valid_from: at(1_001), ..user.clone() };
    assert!(!record.is_good(&token, &changed, at(2_000)), "the password was changed since");
    let moved = User { email: email("countess@acme.example"), ..user.clone() };
    assert!(!record.is_good(&token, &moved, at(2_000)), "the address was changed since");
    assert!(!record.in_state(State::Used).is_good(&token, &user, at(2_000)), "used");
    let newer = LinkToken::new(slug(), id, link).unwrap();
    assert!(!record.is_good(&newer, &user, at(2_000)), "another secret");
    let mut other = record.clone();
    other.document.link = new_id(LinkId::from_uuid);
    assert!(!other.is_good(&token, &user, at(2_000)), "another link");
    let mut older = record;
    older.document.address = None;
    assert!(older.is_good(&token, &user, at(2_000)), "one of before");
}
