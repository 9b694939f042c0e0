//! The command line: `contract_fuzz <examples> <seed> [role …]`.

use crate::role::Role;

#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The number of examples for each operation.
    pub examples: u64,
    pub seed: u64,
    pub roles: Vec<Role>,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "{0}\nUsage: contract_fuzz <examples> <seed> [role …]\n<examples> is the number of examples for each operation; \
     <seed> is the seed of their random values. Roles are anyone, operator, member and admin; the default is all."
)]
pub struct UsageError(String);

impl Arguments {
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Arguments, UsageError> {
        let mut arguments = arguments.into_iter();
        let examples = number("examples", arguments.next())?;
        let seed = number("seed", arguments.next())?;
        let roles: Vec<Role> = arguments.map(|name| role(&name)).collect::<Result<_, _>>()?;
        let roles = if roles.is_empty() { Role::ALL.to_vec() } else { roles };
        Ok(Arguments { examples, seed, roles })
    }
}

fn number(name: &str, argument: Option<String>) -> Result<u64, UsageError> {
    let text = argument.ok_or_else(|| UsageError(format!("<{name}> is missing.")))?;
    text.parse().map_err(|_| UsageError(format!("<{name}> must be a whole number, not {text:?}.")))
}

fn role(name: &str) -> Result<Role, UsageError> {
    let found = Role::ALL.into_iter().find(|role| role.name() == name);
    found.ok_or_else(|| UsageError(format!("{name:?} is not a role.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned)).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_role_it_runs_as_all() {
        assert_eq!(parse("25 1"), Ok(Arguments { examples: 25, seed: 1, roles: Role::ALL.to_vec() }));
    }

    #[test]
    fn only_the_named_roles_run() {
        let roles = vec![Role::Anyone, Role::Admin];
        assert_eq!(parse("2 1 anyone admin"), Ok(Arguments { examples: 2, seed: 1, roles }));
    }

    #[test]
    fn invalid_arguments_are_refused_with_the_usage() {
        for (line, reason) in [
            ("", "<examples> is missing."),
            ("2", "<seed> is missing."),
            ("two 1", "<examples> must be a whole number, not \"two\"."),
            ("2 1 root", "\"root\" is not a role."),
        ] {
            let message = parse(line).err().unwrap_or_default();
            assert!(
                message.starts_with(&format!("{reason}\nUsage: contract_fuzz <examples> <seed>")),
                "{message}"
            );
        }
    }
}
