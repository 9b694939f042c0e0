//! Texts that users enter, each with its own rule.

mod email;
mod person_name;

use std::fmt;

use schemars::{Schema, json_schema};

use crate::folding::folded;
use crate::rule::{InvalidValue, read_text, schema};
use email::{domain, email};
use person_name::{NO_AT, NO_DOMAIN, NO_SCHEME, no_address};

/// The rule of a type of texts. Lengths are in characters.
struct Rule {
    shortest: usize,
    longest: usize,
    /// Checks a text of the right length.
    form: fn(&str) -> Result<(), InvalidValue>,
    /// What `form` accepts, as patterns of the JSON Schema; a text has to match all of them.
    patterns: &'static [&'static str],
    /// Converts an accepted text to the form in which it is kept.
    normal: fn(String) -> String,
}

impl Rule {
    fn validate(&self, text: String) -> Result<String, InvalidValue> {
        let Rule { shortest, longest, form, normal, .. } = self;
        if !(*shortest..=*longest).contains(&text.chars().count()) {
            return Err(format!("must be {shortest} to {longest} characters long").into());
        }
        form(&text)?;
        Ok(normal(text))
    }

    fn schema(&self, example: &str) -> Schema {
        let mut schema = json_schema!({
            "type": "string", "minLength": self.shortest, "maxLength": self.longest, "examples": [example],
        });
        if let [pattern, others @ ..] = self.patterns {
            schema.insert("pattern".to_owned(), (*pattern).into());
            let others: Vec<Schema> = others.iter().map(|other| json_schema!({ "pattern": other })).collect();
            if !others.is_empty() {
                schema.insert("allOf".to_owned(), others.into_iter().map(Schema::to_value).collect());
            }
        }
        schema
    }
}

const NAME: Rule = Rule {
    shortest: 1,
    longest: 100,
    form: one_trimmed_line,
    patterns: &[ONE_TRIMMED_LINE],
    normal: |text| text,
};
const PERSON: Rule = Rule {
    form: |text| one_trimmed_line(text).and_then(|()| no_address(text)),
    patterns: &[ONE_TRIMMED_LINE, NO_AT, NO_SCHEME, NO_DOMAIN],
    ..NAME
};
const REASON: Rule = Rule { longest: 500, ..NAME };
const ROLE: Rule = Rule { longest: 32, ..NAME };
const SLUG: Rule = Rule {
    shortest: 3,
    longest: 40,
    form: slug,
    patterns: &["^[a-z][a-z0-9]*(-[a-z0-9]+)*$"],
    normal: |text| text,
};
const TIER: Rule = Rule { shortest: 2, longest: 20, ..SLUG };
const EMAIL: Rule = Rule {
    shortest: 3,
    longest: 254,
    form: email,
    patterns: &[
        concat!(
            r"^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*",
            r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
        ),
        "^[^@]{1,64}@",
    ],
    normal: |text| text.to_ascii_lowercase(),
};
const EMAIL_DOMAIN: Rule = Rule {
    shortest: 3,
    longest: 252,
    form: domain,
    patterns: &[
        r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
    ],
    normal: |text| text.to_ascii_lowercase(),
};
// A password may have any characters, including white space at either end, and needs no particular ones.
const PASSWORD: Rule =
    Rule { shortest: 12, longest: 128, form: |_| Ok(()), patterns: &[], normal: |text| text };
const SEARCH: Rule = Rule {
    shortest: 2,
    longest: 100,
    form: |text| match folded(text).contains(char::is_alphanumeric) {
        true => Ok(()),
        false => Err(InvalidValue::new("must have a letter or a digit")),
    },
    patterns: &[],
    normal: |text| folded(&text),
};

const DEVICE: Rule = Rule {
    shortest: 1,
    longest: 200,
    form: printable_ascii,
    patterns: &["^[!-~]([ -~]*[!-~])?$"],
    normal: |text| text,
};

// Dialects of patterns agree on no escape for the noncharacters beyond U+FFFF, so the pattern leaves them out.
const ONE_TRIMMED_LINE: &str = concat!(
    r"^[^\s\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]",
    r"([^\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]*",
    r"[^\s\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff])?$",
);

/// Declares a type of texts. `Debug` shows a `public` text and redacts a `personal` or a `secret` one, and a
/// `secret` text cannot be serialised.
macro_rules! text {
    ($(#[$meta:meta])* $type:ident, $rule:ident, secret, $example:literal) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $type(String);

        text!(@read $type, $rule, $example);
        text!(@redact $type);

        impl $type {
            /// The secret itself, to be hashed or verified.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }
    };
    ($(#[$meta:meta])* $type:ident, $rule:ident, personal, $example:literal) => {
        text!(@open $(#[$meta])* $type, $rule, $example);
        text!(@redact $type);
    };
    ($(#[$meta:meta])* $type:ident, $rule:ident, public, $example:literal) => {
        text!(@open $(#[$meta])* $type, $rule, $example);

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, formatter)
            }
        }
    };
    (@open $(#[$meta:meta])* $type:ident, $rule:ident, $example:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $type(String);

        text!(@read $type, $rule, $example);

        impl $type {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
    (@read $type:ident, $rule:ident, $example:literal) => {
        impl TryFrom<String> for $type {
            type Error = InvalidValue;

            fn try_from(text: String) -> Result<$type, InvalidValue> {
                $rule.validate(text).map($type)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                read_text(deserializer, "must be a string")
            }
        }

        schema!($type, $rule.schema($example));
    };
    (@redact $type:ident) => {
        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}

text!(TenantName, NAME, public, "Acme");
text!(ProductName, NAME, public, "Desk lamp");
text!(PersonName, PERSON, personal, "Ada Admin");
text!(
    /// The name of a tenant's own role.
    RoleName, ROLE, public, "Dispatcher"
);
text!(
    /// Why an order was cancelled, in the words of the user who cancelled it.
    CancelReason, REASON, public, "Ordered twice"
);
text!(
    /// Why a tenant was suspended, in the words of the operator who suspended it.
    SuspensionReason, REASON, public, "Unpaid since March"
);
text!(
    /// A tenant's short name, by which its users sign in. It is unique on the platform.
    Slug, SLUG, public, "acme"
);
text!(
    /// The name under which a tier is sold.
    TierName, TIER, public, "pro"
);
text!(
    /// An e-mail address. It is kept in lower case, so that one mailbox is one user in any spelling.
    Email, EMAIL, personal, "ada@acme.example"
);
text!(
    /// The domain of e-mail addresses, kept in lower case as they are.
    EmailDomain, EMAIL_DOMAIN, public, "acme.example"
);
text!(
    /// A password as it was entered.
    Password, PASSWORD, secret, "correct horse battery"
);
text!(
    /// What names and addresses are searched for, without case and accents.
    SearchText, SEARCH, personal, "ada"
);
text!(
    /// What a user has signed in with, as that has described itself. Nobody has checked it: it may be made up, and must be
    /// escaped wherever it is shown.
    Device, DEVICE, personal, "Firefox on Windows"
);

impl Email {
    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl TierName {
    /// For names that the code has chosen.
    pub(crate) fn known(name: &'static str) -> TierName {
        TierName(name.to_owned())
    }
}

fn one_trimmed_line(text: &str) -> Result<(), InvalidValue> {
    if text.trim() != text {
        return Err(InvalidValue::new("must not begin or end with white space"));
    }
    if text.chars().any(char::is_control) {
        return Err(InvalidValue::new("must not contain control characters"));
    }
    if text.chars().any(is_noncharacter) {
        return Err(InvalidValue::new("must not contain noncharacters, such as U+FFFE and U+FFFF"));
    }
    Ok(())
}

fn printable_ascii(text: &str) -> Result<(), InvalidValue> {
    let is_trimmed = !text.starts_with(' ') && !text.ends_with(' ');
    match is_trimmed && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        true => Ok(()),
        false => Err(InvalidValue::new("must be printable ASCII, without a space at either end")),
    }
}

/// Whether Unicode has set the code point apart for ever. SQS and EventBridge refuse texts with U+FFFE or U+FFFF,
/// and XML and many other consumers refuse them all.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe
}

fn slug(text: &str) -> Result<(), InvalidValue> {
    let spelled = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
    if spelled && begins && !text.ends_with('-') && !text.contains("--") {
        return Ok(());
    }
    Err(InvalidValue::new(
        "must be lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen",
    ))
}

mod comment;
mod post;
#[cfg(test)]
mod tests;

pub use comment::{BlockedWord, CommentText};
pub use post::{Excerpt, Markdown, PostSlug, PostTitle, SeoDescription, SeoTitle, TagName, TagSlug};
