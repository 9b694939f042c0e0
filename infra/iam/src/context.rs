//! The keys that conditions and policy variables read.

/// Values by condition key. Names of keys are not case-sensitive.
///
/// The caller fills in what the request and the resource say, such as `dynamodb:LeadingKeys` or `aws:SourceArn`. What
/// follows from the principal, such as `aws:PrincipalTag/TenantId`, is not taken from here: see [`Principal`].
///
/// [`Principal`]: crate::Principal
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// In lower case. Few enough that a search is faster than a hash.
    entries: Vec<(Box<str>, Vec<String>)>,
}

impl Context {
    /// A context without keys.
    pub const fn new() -> Context {
        Context { entries: Vec::new() }
    }

    /// Sets a key to one value, and removes what it had before.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.set_all(key, [value]);
    }

    /// Sets a key that may have several values. Without any value, the key exists and is empty, which
    /// conditions treat like a key that is missing.
    pub fn set_all(&mut self, key: &str, values: impl IntoIterator<Item = impl Into<String>>) {
        let key = key.to_ascii_lowercase().into_boxed_str();
        let values = values.into_iter().map(Into::into).collect();
        match self.entries.iter_mut().find(|(name, _)| *name == key) {
            Some((_, before)) => *before = values,
            None => self.entries.push((key, values)),
        }
    }

    /// [`set`](Context::set), for contexts that are built in one expression.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Context {
        self.set(key, value);
        self
    }

    /// [`set_all`](Context::set_all), for contexts that are built in one expression.
    #[must_use]
    pub fn with_all(mut self, key: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Context {
        self.set_all(key, values);
        self
    }

    /// The key is in lower case.
    pub(crate) fn get(&self, key: &str) -> Option<&[String]> {
        self.entries.iter().find(|(name, _)| **name == *key).map(|(_, values)| values.as_slice())
    }
}

/// All keys of a request: those of the principal, and those that the caller filled in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub(crate) principal: &'a Context,
    pub(crate) request: &'a Context,
}

impl<'a> Keys<'a> {
    /// The key is in lower case. A caller cannot replace what the principal says of itself.
    pub(crate) fn get(&self, key: &str) -> Option<&'a [String]> {
        if is_said_by_the_principal(key) { self.principal.get(key) } else { self.request.get(key) }
    }
}

/// Whether the values of this key follow from the principal alone, so that a key which the principal does not
/// have is missing, whatever the caller filled in.
fn is_said_by_the_principal(key: &str) -> bool {
    let Some(name) = key.strip_prefix("aws:") else { return false };
    const NAMES: [&str; 10] = [
        "principalaccount",
        "principalarn",
        "principalisawsservice",
        "principalservicename",
        "principalservicenameslist",
        "principaltype",
        "sourceidentity",
        "tokenissuetime",
        "userid",
        "username",
    ];
    name.starts_with("principaltag/") || NAMES.contains(&name)
}

/// Whether a key counts as null: it is missing, or all that it has is empty.
pub(crate) fn is_null(values: Option<&[String]>) -> bool {
    values.is_none_or(|values| values.iter().all(String::is_empty))
}
