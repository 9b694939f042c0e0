//! What a value of a request can name, by the schema of its type.

use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With the prefix of its type.
    Id(String),
    /// A place in the audit.
    Position,
    Email,
    /// A place in the register of people.
    PlaceOfPerson,
    /// A place in a list of posts.
    PlaceOfPost,
    /// A place among the comments on a post.
    PlaceOfComment,
    Slug,
    PostSlug,
    RefreshToken,
    /// By which a session is shown.
    Session,
    LinkToken,
    Version,
    Time,
    IfMatch,
    IfNoneMatch,
    IdempotencyKey,
}

/// `Some(None)` for a type that names nothing, and `None` for one that is not known here.
pub(crate) fn kind(schema: &Value) -> Option<Option<Kind>> {
    if let Some(choices) = schema["anyOf"].as_array() {
        let known: Option<Vec<Option<Kind>>> = choices.iter().map(kind).collect();
        return known.map(|kinds| kinds.into_iter().flatten().next());
    }
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if let Some(prefix) = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix("_[0-9a-f]{32}$"))
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        return Some(Some(Kind::Id(prefix.to_owned())));
    }
    let known = [
        (Kind::Position, pattern.ends_with("~evt_[0-9a-f]{32}$")),
        (Kind::Email, schema["allOf"][0]["pattern"] == "^[^@]{1,64}@"),
        (Kind::PlaceOfPerson, pattern.ends_with("~)?usr_[0-9a-f]{32}$")),
        (Kind::PlaceOfPost, pattern.ends_with("~)?pst_[0-9a-f]{32}$")),
        (Kind::PlaceOfComment, pattern.ends_with("(~cmt_[0-9a-f]{32})?$")),
        (Kind::Id("pst".to_owned()), pattern == "^pst_[0-9a-f]{32}(,pst_[0-9a-f]{32})*$"),
        (Kind::PostSlug, pattern == "^[a-z0-9]+(-[a-z0-9]+)*$"),
        (Kind::Slug, pattern == "^[a-z][a-z0-9]*(-[a-z0-9]+)*$" && !is_a_tier_or_a_plugin(schema)),
        (Kind::RefreshToken, pattern.contains("\\.ses_[0-9a-f]{32}\\.")),
        (Kind::Session, pattern == "^[0-9a-f]{32}$"),
        (Kind::LinkToken, pattern.contains("\\.lnk_[0-9a-f]{32}\\.")),
        (Kind::Version, schema["type"] == "integer" && schema.get("maximum").is_none()),
        (Kind::Time, schema["format"] == "date-time"),
        (Kind::IfMatch, pattern == "^(\\*|\"[0-9]+(\\.[0-9a-f]+)?\")$"),
        (Kind::IfNoneMatch, schema["examples"] == json!(["\"1\""]) && pattern.is_empty()),
        (Kind::IdempotencyKey, pattern == "^[!-+\\--~]*$"),
    ];
    match known.into_iter().find(|(_, is_it)| *is_it) {
        Some((kind, _)) => Some(Some(kind)),
        None if names_nothing(schema) => Some(None),
        None => None,
    }
}

/// Types whose values are the same words in every tenant, or are never looked up.
fn names_nothing(schema: &Value) -> bool {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let is_chosen_from_a_list = schema.get("enum").is_some() || schema.get("const").is_some();
    let is_a_limit_a_quantity_or_an_amount = is_of(schema, "integer") && schema["maximum"].is_u64();
    let is_a_name_or_a_reason = pattern.starts_with("^[^\\s\\u0000-\\u001f");
    let is_a_password = (&schema["minLength"], &schema["maxLength"]) == (&json!(12), &json!(128));
    let is_an_operator = pattern.starts_with("^arn:aws");
    // Each tenant numbers its roles by itself, so that the number of another tenant's is one of its own.
    let is_a_role = pattern.starts_with("^rol_");
    let is_a_domain_of_addresses = schema["examples"] == json!(["acme.example"]);
    // A filter or a search leaves out users or posts of a list, which is of one tenant.
    let is_asked_of_the_own_users_alone = [
        json!(["ada"]),
        json!(["status:active+role:[admin,editor]"]),
        json!(["status:published+tag:[news,small-steps]"]),
    ]
    .contains(&schema["examples"]);
    let is_written = [json!(["A year of *small* steps."]), json!(["That is how we do it, too."])]
        .contains(&schema["examples"]);
    let is_a_type_of_problem = schema["examples"] == json!(["not-found"]);
    is_chosen_from_a_list
        || is_of(schema, "boolean")
        || is_a_limit_a_quantity_or_an_amount
        || is_a_name_or_a_reason
        || is_a_password
        || is_an_operator
        || is_a_role
        || is_a_type_of_problem
        || is_written
        || is_asked_of_the_own_users_alone
        || is_a_tier_or_a_plugin(schema)
        || is_a_domain_of_addresses
        // What a plugin is set to is the tenant's own.
        || schema["type"] == "object" && schema.get("properties").is_none()
        || schema["type"] == "null"
        // Days and time zones are everybody's.
        || schema["format"] == "date"
        || schema["examples"] == json!(["Europe/Berlin"])
}

/// Whether a value has this type, or is null.
fn is_of(schema: &Value, name: &str) -> bool {
    schema["type"] == name || schema["type"] == json!([name, "null"])
}

/// Tiers are the operators', plugins the platform's, and both the same for all tenants.
fn is_a_tier_or_a_plugin(schema: &Value) -> bool {
    [json!(["pro"]), json!(["comments"])].contains(&schema["examples"])
}

/// A value of the same type that nobody has. It is as long, and stands for the same moment or at the same place of an
/// order, so that it differs from the given one by what it names alone.
pub(crate) fn twin(kind: &Kind, value: &str) -> String {
    let (rest, last) = value.split_at(value.len() - 1);
    match kind {
        Kind::Id(_)
        | Kind::Position
        | Kind::PlaceOfPerson
        | Kind::PlaceOfPost
        | Kind::PlaceOfComment
        | Kind::Session => {
            format!("{rest}{}", if last == "0" { "1" } else { "0" })
        }
        Kind::IdempotencyKey => format!("{rest}~"),
        Kind::Slug | Kind::PostSlug => format!("{rest}z"),
        Kind::Email => {
            value.strip_suffix(".example").map(|name| twin(&Kind::Slug, name) + ".example").unwrap()
        }
        Kind::RefreshToken | Kind::LinkToken => {
            // The secret may have an underscore as well.
            let is_id = |part: &str| ["usr_", "ses_", "lnk_"].iter().any(|prefix| part.starts_with(prefix));
            let twin_of = |part: &str| match is_id(part) {
                true => twin(&Kind::Id(String::new()), part),
                false => part.to_owned(),
            };
            let parts: Vec<String> = value.split('.').map(twin_of).collect();
            parts.join(".")
        }
        Kind::Version => (value.parse::<u64>().unwrap() + 1).to_string(),
        Kind::Time if rest.contains('.') => format!("{rest}000001{last}"),
        Kind::Time => format!("{rest}.000000001{last}"),
        Kind::IfMatch | Kind::IfNoneMatch => {
            let tag = value.trim_matches('"');
            match tag.parse::<u64>() {
                Ok(_) => format!("\"{}\"", twin(&Kind::Version, tag)),
                Err(_) => format!("\"{}\"", twin(&Kind::Id(String::new()), tag)),
            }
        }
    }
}
