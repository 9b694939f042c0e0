use domain::text::Slug;

use super::*;
use crate::new_id;

#[test]
fn a_link_is_good_once_for_its_token_its_password_and_its_time() {
    let (user, link) = (new_id(UserId::from_uuid), new_id(LinkId::from_uuid));
    let slug = || Slug::try_from("acme".to_owned()).unwrap();
    let token = LinkToken::new(slug(), user, link).unwrap();
    let set = Timestamp::from_second(1_000).unwrap();
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let document = Document { link, secret: token.digest(), password_of: set, state: State::Sent };
    let purpose = Purpose::PasswordReset;
    let record = LinkRecord { user, purpose, version: Version::FIRST, expires_at: 3_800, document };
    assert!(record.is_good(&token, set, at(2_000)) && record.is_good(&token, set, at(3_799)));
    assert!(
        record.in_state(State::Made).is_good(&token, set, at(2_000)),
        "it may be read before it is marked"
    );
    assert!(!record.is_good(&token, set, at(3_800)), "late");
    assert!(!record.is_good(&token, at(1_001), at(2_000)), "the password was changed since");
    assert!(!record.in_state(State::Used).is_good(&token, set, at(2_000)), "used");
    let newer = LinkToken::new(slug(), user, link).unwrap();
    assert!(!record.is_good(&newer, set, at(2_000)), "another secret");
    let mut other = record.clone();
    other.document.link = new_id(LinkId::from_uuid);
    assert!(!other.is_good(&token, set, at(2_000)), "another link");
}
