use super::Role;

#[test]
fn a_role_allows_itself_and_less() {
    assert!(
        Role::Admin.allows(Role::Admin)
            && Role::Admin.allows(Role::Member)
            && Role::Member.allows(Role::Member)
    );
    assert!(!Role::Member.allows(Role::Admin));
}

#[test]
fn names_read_back() {
    for role in Role::ALL {
        assert_eq!(role.as_str().parse::<Role>().as_ref(), Ok(role));
        let json = serde_json::to_string(role).unwrap();
        assert_eq!(serde_json::from_str::<Role>(&json).unwrap(), *role);
    }
}

#[test]
fn other_names_are_answered_with_the_choice() {
    for json in ["\"Admin\"", "\"\"", "\"owner\""] {
        let error = serde_json::from_str::<Role>(json).unwrap_err().to_string();
        assert!(error.starts_with("must be one of: member, admin"), "{json}: {error}");
    }
}
