use super::*;

#[test]
fn each_built_in_role_permits_what_those_before_it_permit() {
    for (lower, higher) in BuiltInRole::ALL.iter().zip(&BuiltInRole::ALL[1..]) {
        assert!(lower.permissions().is_within(higher.permissions()), "{lower} and {higher}");
    }
    assert_eq!(BuiltInRole::Admin.permissions().union(OF_OWNERS), PermissionSet::all());
}

#[test]
fn roles_are_read_by_name_or_id_and_in_one_spelling() {
    for text in ["member", "admin", "rol_1", "rol_4294967295"] {
        assert_eq!(text.parse::<Role>().unwrap().to_string(), text);
    }
    for text in
        ["owner", "Admin", "", "rol_", "rol_0", "rol_01", "rol_+1", "rol_-1", "rol_4294967296", "rol_x"]
    {
        let error = text.parse::<Role>().unwrap_err().to_string();
        assert!(error.starts_with("must be one of: member, contributor"), "{text}: {error}");
    }
}

#[test]
fn a_user_has_one_to_ten_roles() {
    let read = |names: &[String]| serde_json::from_value::<Roles>(serde_json::json!(names)).ok();
    let ids = |count: usize| (1..=count).map(|number| format!("rol_{number}")).collect::<Vec<_>>();
    assert_eq!(read(&[]), None);
    assert_eq!(read(&ids(11)), None);
    assert_eq!(read(&ids(10)).unwrap().custom().count(), 10);
    let twice = ["admin", "admin"].map(str::to_owned);
    assert_eq!(read(&twice), Some(BuiltInRole::Admin.into()));
}

#[test]
fn what_was_written_of_one_role_is_read() {
    let read = |json: &str| serde_json::from_str::<StoredRoles>(json).map(Roles::from).ok();
    assert_eq!(read(r#""admin""#), Some(BuiltInRole::Admin.into()));
    assert_eq!(read(r#"["member"]"#), Some(BuiltInRole::Member.into()));
    assert_eq!(read(r#""owner""#), None);
    for role in OlderRole::ALL {
        assert_eq!(OlderRole::from(&Roles::from(*role)), *role);
    }
}

#[test]
fn a_tenant_s_own_role_has_nothing_of_the_owner_s_and_nothing_unknown() {
    let read = |names: &[&str]| serde_json::from_value::<CustomPermissions>(serde_json::json!(names));
    assert_eq!(read(&["audit:read"]).unwrap().set(), PermissionSet::of(&[Permission::AuditRead]));
    for name in ["tenant:own", "sign-in:manage", "moon:visit"] {
        assert!(read(&["audit:read", name]).is_err(), "{name}");
    }
    assert_eq!(CustomPermissions::from_stored(PermissionSet::all()).set(), BuiltInRole::Admin.permissions());
}
