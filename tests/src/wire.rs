//! The proof on the wire: whatever code and policies say, each key that a session has touched was of its own tenant, or
//! is one that a role of the platform needs.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cloud::services::{Note, Touch, Way, WireLog};

use crate::workspace;

/// The name of the sessions of tests themselves, which look at the table of a world that decides nothing.
pub const OF_A_TEST: &str = "a-test";

const TENANTS: &str = "TenantTable";
const USAGE: &str = "UsageTable";
const METERING: &str = "MeteringTable";
const REGISTRY: &str = "RegistryTable";
const DUE: &str = "DueTable";

/// Who touches the registry, how, and which of its keys. It belongs to no tenant.
const PLATFORM: [(&str, &str, &str); 39] = [
    ("AcceptInvitationFunctionRole", "GetItem", "slug#"),
    ("AddAdminFunctionRole", "GetItem", "receipt#"),
    ("ConfirmEmailFunctionRole", "GetItem", "slug#"),
    ("EndSessionFunctionRole", "GetItem", "slug#"),
    ("GetHealthFunctionRole", "GetItem", "health"),
    ("AuthenticationDataRole", "BatchGetItem", "tiers"),
    ("ListOperationsFunctionRole", "Query", "operators#audit"),
    ("ListTenantsFunctionRole", "GetItem", "slug#"),
    ("ListTenantsFunctionRole", "GetItem", "tenants"),
    ("ListTenantsFunctionRole", "Query", "tenants"),
    ("ListTiersFunctionRole", "GetItem", "tiers"),
    ("LogInFunctionRole", "BatchGetItem", "attempts#"),
    ("LogInFunctionRole", "GetItem", "slug#"),
    ("LogInFunctionRole", "UpdateItem", "attempts#"),
    ("OnboardTenantFunctionRole", "GetItem", "receipt#"),
    ("OnboardTenantFunctionRole", "GetItem", "tiers"),
    ("OnboardingDataRole", "TransactWriteItems", "operators#audit"),
    ("OnboardingDataRole", "TransactWriteItems", "receipt#"),
    ("OnboardingDataRole", "TransactWriteItems", "slug#"),
    ("OperatingDataRole", "BatchGetItem", "tiers"),
    ("OperatingDataRole", "TransactWriteItems", "operators#audit"),
    ("OperatingDataRole", "TransactWriteItems", "receipt#"),
    ("OperatingDataRole", "TransactWriteItems", "slug#"),
    ("RefreshSessionFunctionRole", "GetItem", "slug#"),
    ("RegisterOneselfFunctionRole", "BatchGetItem", "attempts#"),
    ("RegisterOneselfFunctionRole", "GetItem", "slug#"),
    ("RegisterOneselfFunctionRole", "UpdateItem", "attempts#"),
    ("ReplaceOwnerFunctionRole", "GetItem", "receipt#"),
    ("ReplaceTierFunctionRole", "GetItem", "tiers"),
    ("ReplaceTierFunctionRole", "TransactWriteItems", "operators#audit"),
    ("ReplaceTierFunctionRole", "TransactWriteItems", "tiers"),
    ("RequestPasswordResetFunctionRole", "BatchGetItem", "attempts#"),
    ("RequestPasswordResetFunctionRole", "GetItem", "slug#"),
    ("RequestPasswordResetFunctionRole", "UpdateItem", "attempts#"),
    ("ResetPasswordFunctionRole", "GetItem", "slug#"),
    ("TakeOwnershipFunctionRole", "GetItem", "slug#"),
    ("TenantDataRole", "PutItem", "tenants"),
    ("TenantDataRole", "BatchGetItem", "tiers"),
    ("VerifyRegistrationFunctionRole", "GetItem", "slug#"),
];

/// Who touches the table of usage for no tenant: the keys of all of them are written to.
const METERS: [(&str, &str, &str); 7] = [
    ("CloseUsageFunctionRole", "Query", "usage#"),
    ("CloseUsageFunctionRole", "UpdateItem", "usage#"),
    ("ListUsageFunctionRole", "Query", "usage#"),
    ("MeterUsageFunctionRole", "TransactWriteItems", "T#"),
    ("MeterUsageFunctionRole", "TransactWriteItems", "batch#"),
    ("MeterUsageFunctionRole", "TransactWriteItems", "platform#usage"),
    ("MeterUsageFunctionRole", "TransactWriteItems", "usage#"),
];

/// Who touches the due ledger, which belongs to no tenant: the clock's function reads, and consumers that defer put.
const DEFERRALS: [(&str, &str, &str); 7] = [
    ("FollowCommentsFunctionRole", "PutItem", "due#"),
    ("PublishPostsFunctionRole", "PutItem", "due#"),
    ("PurgePluginsFunctionRole", "PutItem", "due#"),
    ("RunDueFunctionRole", "GetItem", "position"),
    ("RunDueFunctionRole", "PutItem", "due#"),
    ("RunDueFunctionRole", "PutItem", "position"),
    ("RunDueFunctionRole", "Query", "due#"),
];

/// How many keys were touched, by whom. Those of answers are counted like those of requests.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Counts {
    worlds: u64,
    tenants: BTreeSet<String>,
    of_tenants: u64,
    of_platform: u64,
    of_tests: u64,
    provoked: u64,
    foreign: u64,
}

/// Of all worlds of this process.
static TOTAL: Mutex<Counts> = Mutex::new(Counts {
    worlds: 0,
    tenants: BTreeSet::new(),
    of_tenants: 0,
    of_platform: 0,
    of_tests: 0,
    provoked: 0,
    foreign: 0,
});

/// What the sessions of a world have touched that is not theirs, as a test has provoked it. The world forgets it.
pub(crate) fn foreign_touches(wire: &WireLog) -> Vec<String> {
    let (counts, foreign) = take(wire);
    total().add(Counts { provoked: counts.foreign, foreign: 0, ..counts });
    foreign
}

/// Fails the test of a world in which a session has touched what is not its own. Panics are not raised while the test
/// fails already, since that would end the process.
pub(crate) fn settle(wire: &WireLog) {
    let (counts, foreign) = take(wire);
    let total = {
        let mut total = total();
        total.add(Counts { worlds: 1, ..counts });
        total.clone()
    };
    print(&total);
    if std::thread::panicking() {
        foreign.iter().for_each(|one| eprintln!("{one}"));
    } else {
        assert!(foreign.is_empty(), "touched what is not theirs:\n{}", foreign.join("\n"));
    }
}

fn take(wire: &WireLog) -> (Counts, Vec<String>) {
    assert_eq!(wire.lost(), 0, "the wire log was full");
    judge(&wire.take())
}

fn total() -> MutexGuard<'static, Counts> {
    TOTAL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Replaces the file of this executable; `make test` shows the files of all.
fn print(total: &Counts) {
    let executable = std::env::current_exe().expect("a running test has a path");
    let name = executable.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Cargo puts a dash and a hash behind the name of a test.
    let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name);
    let folder = workspace::binaries().join("wire-proof");
    let line = format!("{name}: {total}\n");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(name), line));
    written.unwrap_or_else(|error| panic!("{} cannot be written: {error}", folder.display()));
}

fn judge(notes: &[Note]) -> (Counts, Vec<String>) {
    let (mut counts, mut foreign) = (Counts::default(), Vec::new());
    for Note { touch, times, example } in notes {
        let counted = if touch.principal.ends_with(&format!("/{OF_A_TEST}")) {
            &mut counts.of_tests
        } else if is_of_own_tenant(touch) {
            counts.tenants.extend(touch.tenant.clone());
            &mut counts.of_tenants
        } else if is_of_platform(touch) {
            &mut counts.of_platform
        } else {
            foreign.push(format!("{times} times {example:?}, by {touch:?}"));
            &mut counts.foreign
        };
        *counted += times;
    }
    (counts, foreign)
}

fn is_of_own_tenant(touch: &Touch) -> bool {
    let own = touch.tenant.as_ref().map(|tenant| format!("T#{tenant}#"));
    [TENANTS, USAGE, METERING].contains(&touch.table.as_str())
        && touch.way != Way::Denied
        && own.is_some()
        && touch.owner == own
}

fn is_of_platform(touch: &Touch) -> bool {
    let key = touch.owner.as_deref().unwrap_or_default();
    let may = |(role, action, prefix): &(&str, &str, &str)| {
        touch.role == *role && touch.action == *action && key.starts_with(prefix)
    };
    let allowed = match touch.table.as_str() {
        REGISTRY => &PLATFORM[..],
        METERING => &METERS[..],
        DUE => &DEFERRALS[..],
        _ => return false,
    };
    touch.way != Way::Denied && allowed.iter().any(may)
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.worlds += other.worlds;
        self.tenants.extend(other.tenants);
        self.of_tenants += other.of_tenants;
        self.of_platform += other.of_platform;
        self.of_tests += other.of_tests;
        self.provoked += other.provoked;
        self.foreign += other.foreign;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { worlds, tenants, of_tenants, of_platform, of_tests, provoked, foreign } = self;
        write!(
            formatter,
            "in {worlds} worlds, sessions of {} tenants touched {of_tenants} keys of their own, roles of the platform \
             {of_platform} keys of the registry, tests {of_tests} keys; {provoked} were foreign or refused as a test provoked it, and {foreign} otherwise",
            tenants.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(tenant: Option<&str>, role: &str, table: &str, owner: &str) -> Touch {
        Touch {
            principal: format!("arn:aws:sts::123456789012:assumed-role/{role}/a"),
            role: role.into(),
            tenant: tenant.map(str::to_owned),
            class: Some("read".into()),
            action: "GetItem".into(),
            table: table.into(),
            attribute: "pk".into(),
            owner: Some(owner.into()),
            way: Way::Asked,
        }
    }

    fn is_foreign(touch: Touch) -> bool {
        let (counts, foreign) = judge(&[Note { touch, times: 3, example: "T#a#b".into() }]);
        assert_eq!(counts.foreign, 3 * foreign.len() as u64);
        assert_eq!(counts.of_tenants + counts.of_platform + counts.of_tests + counts.foreign, 3);
        foreign.len() == 1
    }

    #[test]
    fn a_session_touches_keys_of_its_own_tenant_alone() {
        let of = |tenant, owner| touch(tenant, "TenantDataRole", TENANTS, owner);
        let own = of(Some("ten_1"), "T#ten_1#");
        assert!(!is_foreign(own.clone()));
        for owner in ["T#ten_2#", "T#ten_11#", "T#ten_1", "ten_1#", "T##", "slug#ten_1", ""] {
            assert!(is_foreign(of(Some("ten_1"), owner)), "{owner}");
        }
        assert!(is_foreign(of(None, "T#ten_1#")), "a session without a tenant");
        assert!(is_foreign(of(None, "T##")));
        assert!(is_foreign(Touch { owner: None, ..own.clone() }), "no key");
        assert!(is_foreign(Touch { way: Way::Denied, ..own.clone() }));
        assert!(is_foreign(Touch { table: "OtherTable".into(), ..own.clone() }));
        assert!(is_foreign(Touch {
            attribute: "facet".into(),
            way: Way::Answered,
            ..of(Some("ten_1"), "T#ten_2#")
        }));
    }

    #[test]
    fn the_registry_is_for_roles_of_the_platform_by_name() {
        let log_in = touch(None, "LogInFunctionRole", REGISTRY, "slug#acme");
        assert!(!is_foreign(log_in.clone()));
        assert!(is_foreign(Touch { action: "PutItem".into(), ..log_in.clone() }));
        assert!(is_foreign(Touch { owner: Some("health".into()), ..log_in.clone() }));
        assert!(is_foreign(Touch { owner: None, ..log_in.clone() }));
        assert!(is_foreign(Touch { way: Way::Denied, ..log_in.clone() }));
        assert!(is_foreign(Touch { role: "GetMeFunctionRole".into(), ..log_in.clone() }));
        assert!(is_foreign(Touch { table: TENANTS.into(), ..log_in }));
        assert!(is_foreign(touch(Some("ten_1"), "TenantDataRole", REGISTRY, "slug#acme")));
        assert!(is_foreign(touch(Some("ten_1"), "TenantDataRole", REGISTRY, "tiers")), "not by a GetItem");
    }

    #[test]
    fn sessions_of_tests_are_counted_apart() {
        let touch = touch(None, "ListOrdersFunctionRole", TENANTS, "T#ten_1#");
        let principal = format!("arn:aws:sts::123456789012:assumed-role/ListOrdersFunctionRole/{OF_A_TEST}");
        assert!(!is_foreign(Touch { principal, ..touch }));
    }
}
