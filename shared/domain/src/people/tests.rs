use super::*;
use crate::role::BuiltInRole;

fn user(name: &str, email: &str) -> ListedUser {
    ListedUser {
        id: "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap(),
        name: name.to_owned().try_into().unwrap(),
        email: email.to_owned().try_into().unwrap(),
        roles: BuiltInRole::Admin.into(),
        status: UserStatus::Active,
        last_sign_in_at: Some("2026-03-04T05:06:07.008Z".parse().unwrap()),
    }
}

fn filter(text: &str) -> Result<PeopleFilter, String> {
    PeopleFilter::try_from(text.to_owned()).map_err(|rule| rule.to_string())
}

#[test]
fn a_filter_tells_users_apart() {
    let ada = user("Ada Straße", "ada@acme.example");
    for (text, expected) in [
        ("status:active", true),
        ("status:deactivated", false),
        ("status:-deactivated+role:admin", true),
        ("role:[member,rol_3]", false),
        ("role:-[member,rol_3]", true),
        ("createdAt:>=2024-07-15T09:23:52.882Z", true),
        ("createdAt:>2024-07-15T09:23:52.882Z", false),
        ("createdAt:<=2024-07-15T09:23:52.882Z", true),
        ("createdAt:<2024-07-15", false),
        ("createdAt:<'2024-07-16T00:00:00+02:00'", true),
        ("lastSignInAt:>=2026-03-04T05:06:07.008Z", true),
        ("lastSignInAt:>2026-03-04T05:06:07.0089Z", false),
        ("lastSignInAt:null", false),
        ("lastSignInAt:-null", true),
        ("name:~STRASSE", true),
        ("name:~^strasse", false),
        ("name:'ada strasse'", true),
        ("email:~^ada@,name:~nobody", true),
        ("email:-ada@acme.example", false),
    ] {
        let filter = filter(text).unwrap_or_else(|rule| panic!("{text}: {rule}"));
        assert_eq!(filter.specification().holds(&|asked| ada.meets(asked)), expected, "{text}");
    }
    let never = ListedUser { last_sign_in_at: None, ..ada };
    for (text, expected) in [("lastSignInAt:null", true), ("lastSignInAt:<2100-01-01", false)] {
        assert_eq!(
            filter(text).unwrap().specification().holds(&|asked| never.meets(asked)),
            expected,
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_asked_is_named() {
    for (text, rule) in [
        (
            "shoeSize:42",
            "must not ask for shoeSize: the fields are status, role, createdAt, lastSignInAt, name, email",
        ),
        ("status:asleep", "status must be one of: "),
        ("status:~act", "must ask of status whether it is a value"),
        ("role:owner", "role must be one of: member"),
        ("createdAt:2026-01-01", "must ask of createdAt whether it is before or after a time"),
        ("createdAt:>yesterday", "createdAt must be a time like 2026-03-04T05:06:07Z or a day"),
        ("createdAt:>2026-02-30", "createdAt must be a time like 2026-03-04T05:06:07Z or a day"),
        ("lastSignInAt:~x", "must ask of lastSignInAt whether it is null"),
        ("name:null", "must ask of name whether it is a text"),
        ("name:>ada", "must ask of name whether it is a text"),
        ("name:~a", "name must be 2 to 100 characters long"),
        ("email:~🦀🦀", "email must have a letter or a digit"),
    ] {
        let told = filter(text).unwrap_err();
        assert!(told.starts_with(rule), "{text}: {told}");
    }
}

#[test]
fn a_search_finds_names_and_addresses() {
    let ada = user("Åda Straße", "lovelace@acme.example");
    for (text, expected) in
        [("ada", true), ("ÅDA STR", true), ("LACE@", true), ("acme", true), ("bob", false)]
    {
        let asked = Criterion::mentions(&text.to_owned().try_into().unwrap());
        assert_eq!(asked.holds(&|asked| ada.meets(asked)), expected, "{text}");
    }
    for (text, rule) in [
        ("a", "must be 2 to 100 characters long"),
        ("é", "must be 2 to 100 characters long"),
        ("👩‍🚀🦀", "must have a letter or a digit"),
        ("  ", "must have a letter or a digit"),
    ] {
        assert_eq!(SearchText::try_from(text.to_owned()).unwrap_err().to_string(), rule, "{text}");
    }
    assert!(SearchText::try_from("x".repeat(101)).is_err());
}
