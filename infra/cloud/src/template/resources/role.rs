//! `AWS::IAM::Role`, `AWS::IAM::ManagedPolicy`, and what SAM makes a function's role of.

use iam::{SessionTags, TagError, Tags};

use crate::template::draft::{Draft, Placed};
use crate::template::fields::Fields;
use crate::template::identities::{Identity, iam_arn};
use crate::template::policy::{self, Of};
use crate::template::roles::DraftRole;
use crate::template::yaml::{Entry, Node, Value};

/// Tags that SAM keeps for itself.
const OF_SAM: [&str; 3] =
    ["lambda:createdBy", "serverlessrepo:applicationId", "serverlessrepo:semanticVersion"];

pub(super) fn managed_policy(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    let line = fields.line_of("ManagedPolicyName");
    fields.text("ManagedPolicyName");
    path(fields, "Path");
    draft.iam_names.push(Placed::new(fields, line, ("policy", identity.name.clone())));
    let policy = fields
        .take_required("PolicyDocument")
        .and_then(|entry| policy::identity(fields, fields.logical_id, &entry.node));
    draft.managed_policies.insert(identity.reference.clone(), policy);
}

pub(super) fn role(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    name(fields, identity, draft);
    path(fields, "Path");
    let logical_id = fields.logical_id.to_owned();
    let trust = fields
        .take_required("AssumeRolePolicyDocument")
        .and_then(|entry| policy::resource(fields, &format!("trust of {logical_id}"), Of::Role, &entry.node));
    let policies = fields.maps("Policies", |fields| {
        let name = fields.required_text("PolicyName");
        let document = fields.take_required("PolicyDocument")?;
        policy::identity(fields, &format!("{logical_id} policy {}", name?), &document.node)
    });
    let line = fields.line_of("ManagedPolicyArns");
    let managed = fields.texts("ManagedPolicyArns").unwrap_or_default();
    let managed = managed.into_iter().map(|arn| Placed::new(fields, line, arn)).collect();
    let boundary = boundary(fields);
    fields.note_without_effect("MaxSessionDuration");
    fields.number("MaxSessionDuration", 3600..=43_200);
    let line = fields.line_of("Tags");
    let tags = fields.maps("Tags", |tag| Some((tag.required_text("Key")?, tag.required_text("Value")?)));
    let tags = checked(fields, line, tags.into_iter().flatten().flatten().collect());
    let Some(trust) = trust else { return };
    draft.roles.push(DraftRole {
        logical_id,
        arn: identity.attribute("Arn"),
        trust: Some(trust),
        policies: policies.into_iter().flatten().flatten().collect(),
        managed,
        boundary,
        tags,
    });
}

fn name(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    let line = fields.line_of("RoleName");
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if let Some(name) = fields.text("RoleName")
        && (!(1..=64).contains(&name.len()) || !name.chars().all(allowed))
    {
        let problem = format!("RoleName {name} is not a name that IAM takes.");
        fields.refuse(line, problem, "use up to 64 letters, digits and _+=,.@-.");
    }
    draft.iam_names.push(Placed::new(fields, line, ("role", identity.name.clone())));
}

/// A path, as IAM takes it. It has gone into the ARN already.
fn path(fields: &mut Fields<'_>, property: &str) -> Option<String> {
    let line = fields.line_of(property);
    let path = fields.text(property)?;
    let is_path = path == "/"
        || (path.len() > 2 && path.len() <= 512 && path.starts_with('/') && path.ends_with('/'))
            && path.chars().all(|c| c.is_ascii_graphic());
    if !is_path {
        let problem = format!("{property} {path} is not a path that IAM takes.");
        fields.refuse(line, problem, "begin and end it with a slash, and leave out spaces.");
    }
    Some(path)
}

fn boundary(fields: &mut Fields<'_>) -> Option<Placed<String>> {
    let line = fields.line_of("PermissionsBoundary");
    fields.text("PermissionsBoundary").map(|arn| Placed::new(fields, line, arn))
}

/// The limits of a role's tags are those of a session's.
fn checked(fields: &Fields<'_>, line: usize, tags: Vec<(String, String)>) -> Tags {
    let no_keys: [&str; 0] = [];
    let is_valid = |tags: Tags| -> Result<Tags, TagError> {
        SessionTags::issue(&SessionTags::none(), &tags, &no_keys).map(|_| tags)
    };
    Tags::new(tags).and_then(is_valid).unwrap_or_else(|error| {
        fields.refuse(line, format!("a role cannot have these Tags: {error}."), "mend the tags.");
        Tags::none()
    })
}

/// Reads what SAM makes the role of a function of, and answers its ARN.
pub(super) fn of_function(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) -> String {
    let logical_id = format!("{}Role", fields.logical_id);
    let name = format!("{}-{logical_id}", identity.home.stack);
    let arn = iam_arn("role", path(fields, "RolePath").as_deref(), &name);
    draft.iam_names.push(Placed::new(fields, fields.line, ("role", name)));
    let trust = fields
        .take("AssumeRolePolicyDocument")
        .and_then(|entry| policy::resource(fields, &format!("trust of {logical_id}"), Of::Role, &entry.node));
    let boundary = boundary(fields);
    let mut role = DraftRole {
        logical_id,
        arn: arn.clone(),
        trust,
        policies: Vec::new(),
        managed: Vec::new(),
        boundary,
        tags: tags_of_function(fields),
    };
    if !policies_of_function(fields, &mut role) {
        draft.roles_of_refused_policies.push(role.logical_id.clone());
    }
    draft.roles.push(role);
    arn
}

/// SAM gives the function's tags to its role as well, below a tag of its own.
fn tags_of_function(fields: &mut Fields<'_>) -> Tags {
    let line = fields.line_of("Tags");
    let mut tags = vec![(OF_SAM[0].to_owned(), "SAM".to_owned())];
    for Entry { key, line, node } in fields.entries("Tags") {
        if OF_SAM.contains(&key.as_str()) {
            fields.refuse(line, format!("the tag {key} is SAM's own."), "choose another key.");
            continue;
        }
        match (&node.value, node.as_text()) {
            (_, Some(value)) => tags.push((key, value.to_owned())),
            (Value::Null, _) => tags.push((key, String::new())),
            (Value::Invalid, _) => {}
            _ => fields.refuse(line, format!("the tag {key} is not text."), "write one value."),
        }
    }
    checked(fields, line, tags)
}

/// Answers whether all of them were read.
fn policies_of_function(fields: &mut Fields<'_>, role: &mut DraftRole) -> bool {
    let items = match fields.take("Policies").map(|entry| entry.node) {
        Some(Node { value: Value::List(items), .. }) => items,
        Some(node) => vec![node],
        None => Vec::new(),
    };
    for item in &items {
        match &item.value {
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "Statement") => {
                let name = format!("{} policy {}", role.logical_id, role.policies.len() + 1);
                role.policies.extend(policy::identity(fields, &name, item));
            }
            Value::Map(entries) => {
                let name = entries.first().map_or("", |entry| entry.key.as_str());
                fields.refuse(
                    item.line,
                    format!("the SAM policy template {name} is not supported."),
                    "write its statements: Version and Statement.",
                );
            }
            Value::Scalar { text, .. } if text.starts_with("arn:") => {
                role.managed.push(Placed::new(fields, item.line, text.clone()));
            }
            Value::Invalid => {}
            _ => fields.refuse(
                item.line,
                "this policy is neither an ARN nor a document.",
                "use !Ref of a managed policy, or Version and Statement.",
            ),
        }
    }
    role.policies.len() + role.managed.len() == items.len()
}
