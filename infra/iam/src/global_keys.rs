//! Names of condition keys: which global ones exist, and which have several values.

/// What follows `aws:` in a global key, in lower case.
///
/// AWS: AWS global condition context keys,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const GLOBAL: [&str; 49] = [
    "assumedroot",
    "calledvia",
    "calledviaawsmcp",
    "calledviafirst",
    "calledvialast",
    "chatbotsourcearn",
    "currenttime",
    "ec2instancesourceprivateipv4",
    "ec2instancesourcevpc",
    "epochtime",
    "federatedprovider",
    "ismcpserviceaction",
    "multifactorauthage",
    "multifactorauthpresent",
    "principalaccount",
    "principalarn",
    "principalisawsservice",
    "principalorgid",
    "principalorgpaths",
    "principalservicename",
    "principalservicenameslist",
    "principaltype",
    "referer",
    "requestedregion",
    "resourceaccount",
    "resourceorgid",
    "resourceorgpaths",
    "securetransport",
    "signinsessionarn",
    "sourceaccount",
    "sourcearn",
    "sourceidentity",
    "sourceip",
    "sourceorgid",
    "sourceorgpaths",
    "sourcevpc",
    "sourcevpcarn",
    "sourcevpce",
    "tagkeys",
    "tokenissuetime",
    "useragent",
    "userid",
    "username",
    "viaawsmcpservice",
    "viaawsservice",
    "vpceaccount",
    "vpceorgid",
    "vpceorgpaths",
    "vpcsourceip",
];

/// Global keys that name a tag, as in `aws:PrincipalTag/TenantId`.
const TAGGED: [&str; 3] = ["principaltag/", "requesttag/", "resourcetag/"];

/// Keys whose values are a list, in lower case, of the services that templates of Terrace use.
const SEVERAL: [&str; 14] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
    "dynamodb:attributes",
    "dynamodb:leadingkeys",
    "kms:encryptioncontextkeys",
    "kms:resourcealiases",
    "s3:requestobjecttagkeys",
    "ses:recipients",
    "sts:transitivetagkeys",
];

/// The key in lower case, or what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Box<str>, &'static str> {
    let key = text.to_ascii_lowercase();
    let Some((service, name)) = key.split_once(':') else {
        return Err("names a key without a service, such as aws: or dynamodb:");
    };
    if service.is_empty()
        || name.is_empty()
        || name.ends_with('/')
        || key.contains(['*', '?', '$', '{', '\''])
    {
        return Err("names a malformed key");
    }
    let is_tag = || TAGGED.iter().any(|prefix| name.starts_with(prefix));
    if service == "aws" && !GLOBAL.contains(&name) && !is_tag() {
        return Err("names a global key that is not known");
    }
    Ok(key.into_boxed_str())
}

/// Whether such a key is known to have several values. It is in lower case.
pub(crate) fn has_several_values(key: &str) -> bool {
    SEVERAL.contains(&key)
}
