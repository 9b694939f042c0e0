//! What each class of access reaches, and which function opens sessions of it. The policies are compared with it.

pub(super) const CLASSES: [&str; 25] = [
    "admit",
    "close-usage",
    "follow-comments",
    "identity",
    "join-tenant",
    "move-address",
    "notify",
    "onboard",
    "operate",
    "own-tenant",
    "project-orders",
    "project-posts",
    "publish-posts",
    "purge-plugins",
    "read",
    "record-audit",
    "redeem-link",
    "register-tenants",
    "register-user",
    "replace-owner",
    "request-link",
    "retag-posts",
    "send-links",
    "sign-in",
    "write",
];
pub(super) const OWN: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
pub(super) const ROUTES: &str = "TenantDataRole";
pub(super) const ONBOARDING: &str = "OnboardingDataRole";
pub(super) const AUTHENTICATION: &str = "AuthenticationDataRole";
pub(super) const OPERATING: &str = "OperatingDataRole";
pub(super) const BACKGROUND: &str = "BackgroundDataRole";
pub(super) const PLUGINS: &str = "PluginDataRole";

/// What a class may do in a namespace. A name that ends with `#` is that of partitions with an id.
pub(super) fn expected(role: &str, class: &str, namespace: &str) -> &'static str {
    if role == ONBOARDING {
        return "P";
    }
    if role == BACKGROUND {
        return match (class, namespace) {
            ("close-usage", "tenant#") => "G",
            ("close-usage", "usage#") => "P",
            ("publish-posts", "post#") => "GQP",
            ("retag-posts", "post#" | "tagjobs") => "GBQP",
            ("retag-posts", "posts" | "tagaliases" | "tagjob#") => "GBQ",
            _ => "",
        };
    }
    if role == PLUGINS {
        return match (class, namespace) {
            ("purge-plugins", "tenant#") => "GPU",
            ("purge-plugins", "plugins" | "failures") => "D",
            ("purge-plugins", "comment#" | "comments" | "comments#" | "commentsby" | "commentcounts") => "QD",
            ("purge-plugins", "posts") => "Q",
            ("follow-comments", "comment#" | "comments" | "comments#") => "GBQPU",
            ("follow-comments", "commentsby" | "post#") => "GBQ",
            ("follow-comments", "tenant#" | "roles#" | "user#" | "preferences") => "G",
            ("follow-comments", "mails") => "GPU",
            ("follow-comments", "commentcounts" | "inbox#") => "PU",
            ("follow-comments", "failures") => "P",
            _ => "",
        };
    }
    if role == OPERATING {
        return match (class, namespace) {
            (_, "tenant#") => "GBPU",
            (_, "counts") => "GB",
            ("operate", "audit" | "audit#" | "operatoraudit") => "Q",
            ("replace-owner", "user#") => "GBP",
            ("admit" | "replace-owner", "user#" | "staff" | "directory" | "people") => "P",
            ("replace-owner", "roles#") => "GB",
            ("replace-owner", "links#") => "QP",
            _ => "",
        };
    }
    if role == AUTHENTICATION {
        return match (class, namespace) {
            ("request-link", "directory") => "G",
            ("register-user", "tenant#") => "G",
            ("register-user", "directory") => "GP",
            ("register-user", "user#" | "people" | "links#" | "strangers") => "P",
            ("request-link", "links#") => "QP",
            ("request-link", "strangers") => "P",
            ("redeem-link", "links#" | "user#") => "GP",
            ("redeem-link", "directory" | "people") => "U",
            ("join-tenant" | "move-address", "links#") => "GP",
            ("join-tenant" | "move-address", "user#") => "GBCP",
            ("join-tenant" | "move-address", "roles#") => "BC",
            ("join-tenant", "tenant#") => "GBU",
            ("move-address", "tenant#") => "G",
            ("own-tenant", "links#" | "user#" | "roles#") => "GP",
            ("own-tenant", "tenant#") => "G",
            ("own-tenant", "directory" | "people") => "U",
            ("join-tenant" | "own-tenant", "staff") => "P",
            ("join-tenant", "directory" | "people") => "PU",
            ("move-address", "directory") => "GPD",
            ("move-address", "people") => "U",
            ("send-links", "links#") => "GP",
            ("send-links", "tenant#" | "user#") => "G",
            ("sign-in", "sessions#") => "GQPD",
            ("sign-in", "directory" | "user#") => "G",
            ("sign-in", "ended#" | "signins#") => "P",
            ("sign-in", "people") => "U",
            _ => "",
        };
    }
    match (class, namespace) {
        ("read" | "write", "directory" | "sessions#" | "people") => "",
        ("read", _) => "GBQ",
        ("identity", "sessions#" | "directory" | "people") => "GBQCPUD",
        ("write" | "identity", "orders" | "orders#" | "mails" | "usage#") => "GBQC",
        ("write" | "identity", "posts" | "posts#" | "tags" | "tagged#") => "GBQC",
        ("write" | "identity", "audit" | "audit#" | "operatoraudit") => "GBQC",
        ("write" | "identity", "signins#" | "strangers" | "failures") => "GBQC",
        (
            "write",
            "ended#" | "links#" | "user#" | "tenant#" | "attempts#" | "roles#" | "staff" | "plugins",
        ) => "GBQC",
        ("write" | "identity", _) => "GBQCPU",
        ("register-tenants", "tenant#") => "G",
        ("project-orders", "order#") => "GQ",
        ("project-orders", "orders" | "orders#") => "P",
        ("project-posts", "post#") => "GBQ",
        ("project-posts", "tagged#") => "GBQPU",
        ("project-posts", "posts" | "posts#" | "tags") => "PU",
        ("notify", "order#" | "tenant#" | "roles#" | "user#" | "preferences") => "G",
        ("notify", "staff") => "Q",
        ("notify", "inbox#" | "mails") => "GPU",
        ("record-audit", "comment#" | "links#" | "order#" | "post#" | "product#" | "tagjob#") => "G",
        ("record-audit", "tenant#" | "user#" | "roles#") => "G",
        ("record-audit", "audit" | "audit#" | "operatoraudit") => "P",
        _ => "",
    }
}

/// Who may assume which role in which class. Every other pair of a function and a role is refused in every class.
pub(super) const MAY_ASSUME: [(&str, &str, &str); 33] = [
    ("AcceptInvitationFunction", AUTHENTICATION, "join-tenant"),
    ("AddAdminFunction", OPERATING, "admit"),
    ("AuthorizeIdentityFunction", ROUTES, "identity"),
    ("AuthorizeReadFunction", ROUTES, "read"),
    ("AuthorizeWriteFunction", ROUTES, "write"),
    ("ChangeTermsFunction", OPERATING, "operate"),
    ("CloseUsageFunction", BACKGROUND, "close-usage"),
    ("ConfirmEmailFunction", AUTHENTICATION, "move-address"),
    ("EndSessionFunction", AUTHENTICATION, "sign-in"),
    ("FollowCommentsFunction", PLUGINS, "follow-comments"),
    ("GetTenantUsageFunction", OPERATING, "operate"),
    ("InspectTenantFunction", OPERATING, "operate"),
    ("ListTenantAuditFunction", OPERATING, "operate"),
    ("LogInFunction", AUTHENTICATION, "sign-in"),
    ("NotifyFunction", ROUTES, "notify"),
    ("OnboardTenantFunction", ONBOARDING, "onboard"),
    ("ProjectOrdersFunction", ROUTES, "project-orders"),
    ("ProjectPostsFunction", ROUTES, "project-posts"),
    ("PublishPostsFunction", BACKGROUND, "publish-posts"),
    ("PurgePluginsFunction", PLUGINS, "purge-plugins"),
    ("RecordAuditFunction", ROUTES, "record-audit"),
    ("RefreshSessionFunction", AUTHENTICATION, "sign-in"),
    ("RegisterOneselfFunction", AUTHENTICATION, "register-user"),
    ("RegisterTenantsFunction", ROUTES, "register-tenants"),
    ("ReplaceOwnerFunction", OPERATING, "replace-owner"),
    ("RequestPasswordResetFunction", AUTHENTICATION, "request-link"),
    ("ResetPasswordFunction", AUTHENTICATION, "redeem-link"),
    ("ResumeTenantFunction", OPERATING, "operate"),
    ("RetagPostsFunction", BACKGROUND, "retag-posts"),
    ("SendLinksFunction", AUTHENTICATION, "send-links"),
    ("SuspendTenantFunction", OPERATING, "operate"),
    ("TakeOwnershipFunction", AUTHENTICATION, "own-tenant"),
    ("VerifyRegistrationFunction", AUTHENTICATION, "join-tenant"),
];
