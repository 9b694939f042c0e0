//! The command line: `contract_fuzz <examples> <seed> [role …]`.

use crate::role::Role;

#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// For each operation.
    pub examples: u64,
    pub seed: u64,
    pub roles: Vec<Role>,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "{0}\nSay contract_fuzz <examples> <seed> [role …]: how many examples each operation gets, the number that \
     chance starts from, and any of anyone, operator, member and admin. Without a role it runs as all of them."
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
    text.parse().map_err(|_| UsageError(format!("<{name}> must be a whole number, and {text:?} is none.")))
}

fn role(name: &str) -> Result<Role, UsageError> {
    let found = Role::ALL.into_iter().find(|role| role.name() == name);
    found.ok_or_else(|| UsageError(format!("{name:?} is no role.")))
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
    fn roles_are_those_that_are_named() {
        let roles = vec![Role::Anyone, Role::Admin];
        assert_eq!(parse("2 1 anyone admin"), Ok(Arguments { examples: 2, seed: 1, roles }));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_what_to_say() {
        for (line, reason) in [
            ("", "<examples> is missing."),
            ("2", "<seed> is missing."),
            ("two 1", "<examples> must be a whole number, and \"two\" is none."),
            ("2 1 root", "\"root\" is no role."),
        ] {
            let told = parse(line).err().unwrap_or_default();
            assert!(told.starts_with(&format!("{reason}\nSay contract_fuzz <examples> <seed>")), "{told}");
        }
    }
}
