//! `Metadata: LocalProfiles:`, the callers from outside whom `cloud` gives keys. CloudFormation ignores metadata, and
//! resolves no intrinsic function there: resources are named by their logical ids.

use iam::PrincipalPolicies;

use super::draft::Draft;
use super::fields::Fields;
use super::identities::{Identity, iam_arn, kind_of};
use super::stack::Template;
use super::yaml::Entry;
use crate::model::{Profile, ProfileIdentity};

const POLICY: &str = "AWS::IAM::ManagedPolicy";
const ROLE: &str = "AWS::IAM::Role";
const LEFT_OUT: &str = "a condition leaves out what it names, so it gets no keys";

/// A resource that a profile names and that is not there.
enum Absent {
    /// By a condition.
    LeftOut,
    Refused,
}

pub(super) fn read(metadata: &Entry, root: &Template<'_>, draft: &mut Draft) {
    let Some(section) = metadata.node.entries().iter().find(|entry| entry.key == "LocalProfiles") else {
        return;
    };
    let report = root.report();
    let all = Fields::read("LocalProfiles", "Metadata", section.line, &section.node, report, |fields| {
        fields.take_all()
    });
    for Entry { key: name, line, node } in all.into_iter().flatten() {
        let logical_id = format!("LocalProfiles.{name}");
        let known = Known { root, draft };
        let identity = Fields::read("a local profile", &logical_id, line, &node, report, |fields| {
            if !is_name(&name) {
                let problem = format!("the profile {name} has a name that IAM does not take.");
                fields.refuse(line, problem, "use 2 to 64 letters, digits and _+=,.@-.");
            }
            known.identity(&name, fields)
        });
        match identity {
            Some(Ok(identity)) => draft.stack.profiles.push(Profile { name, identity }),
            Some(Err(Absent::LeftOut)) => report.note(&logical_id, format!("the profile {name}"), LEFT_OUT),
            Some(Err(Absent::Refused)) | None => {}
        }
    }
}

/// A name of a user and of a session.
fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (2..=64).contains(&name.len()) && name.chars().all(is_allowed)
}

struct Known<'k, 'r> {
    root: &'k Template<'r>,
    draft: &'k Draft,
}

impl Known<'_, '_> {
    fn identity(&self, name: &str, fields: &mut Fields<'_>) -> Result<ProfileIdentity, Absent> {
        if fields.has("Policies") == fields.has("Role") {
            fields.ignore_others();
            let problem = format!("the profile {name} does not have one of Policies and Role.");
            fields.refuse(fields.line, problem, "write Policies: [ManagedPolicy], or Role: Role.");
            return Err(Absent::Refused);
        }
        let line = fields.line_of(if fields.has("Role") { "Role" } else { "Policies" });
        if fields.has("Role") {
            let role = fields.text("Role").ok_or(Absent::Refused)?;
            let role_arn = self.resource(fields, line, &role, ROLE)?.attribute("Arn");
            return Ok(ProfileIdentity::Session { role_arn });
        }
        let mut identity = Vec::new();
        for policy in fields.texts("Policies").ok_or(Absent::Refused)? {
            let arn = &self.resource(fields, line, &policy, POLICY)?.reference;
            // A policy that was refused stops the start.
            identity.extend(self.draft.managed_policies.get(arn).cloned().flatten());
        }
        let policies = PrincipalPolicies { identity, boundary: None, session: None };
        Ok(ProfileIdentity::User { arn: iam_arn("user", Some("/local/"), name), policies })
    }

    fn resource(
        &self,
        fields: &Fields<'_>,
        line: usize,
        logical_id: &str,
        kind: &str,
    ) -> Result<&Identity, Absent> {
        let declared = self.root.resource(logical_id).filter(|(resource, _)| kind_of(resource) == kind);
        let Some((_, identity)) = declared else {
            let problem = format!("{logical_id} is not an {kind} of this template, nor of a nested one.");
            fields.refuse(line, problem, "write the logical id of one, as it stands under Resources.");
            return Err(Absent::Refused);
        };
        match self.draft.places.contains_key(logical_id) {
            true => identity.ok_or(Absent::Refused),
            false => Err(Absent::LeftOut),
        }
    }
}
