//! Amazon Resource Names.

/// The parts of `arn:partition:service:region:account:resource`. The resource may contain colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let arn = Arn {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        };
        (!arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty()).then_some(arn)
    }

    /// The name of an IAM resource of this type, with its path: `path/to/name` of `role/path/to/name`.
    pub(crate) fn iam(&self, resource_type: &str) -> Option<&'a str> {
        let is_iam = self.service == "iam" && self.region.is_empty() && is_account(self.account);
        let name = self.resource.strip_prefix(resource_type)?.strip_prefix('/')?;
        (is_iam && !name.is_empty() && !name.ends_with('/')).then_some(name)
    }

    /// Whether this is a key of KMS, and not an alias of one.
    pub(crate) fn is_kms_key(&self) -> bool {
        self.service == "kms" && self.resource.starts_with("key/")
    }
}

/// An account has an id of twelve digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The last part of a path.
pub(crate) fn last_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
