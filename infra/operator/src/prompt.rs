//! What people are asked: passwords, and whether they mean it.

use std::io::{self, BufRead, IsTerminal};

use crate::failure::Failure;

/// Reads a new password twice from the terminal, without echo. Without a terminal it is the first line of the standard
/// input. It is never an argument, which everybody on the machine could see.
pub(crate) fn new_password() -> Result<String, Failure> {
    let unread = |error: io::Error| Failure::Usage(format!("The password could not be read: {error}"));
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(unread)?;
        let password = line.trim_end_matches(['\r', '\n']);
        return match password {
            "" => Err(Failure::Usage("The standard input has no password in its first line.".to_owned())),
            _ => Ok(password.to_owned()),
        };
    }
    let ask = |text: &str| rpassword::prompt_password(text).map_err(unread);
    let password = ask("The admin's password: ")?;
    if ask("The same again: ")? == password {
        Ok(password)
    } else {
        Err(Failure::Usage("These are two different passwords; nothing was done.".to_owned()))
    }
}

/// Asks whoever sits there to type the name, and scripts to have said it by `--yes`.
pub(crate) fn confirm(name: &str, yes: Option<&str>, what: &str) -> Result<(), Failure> {
    let stdin = io::stdin();
    let asked = stdin.is_terminal().then(|| stdin.lock());
    confirmed(name, yes, what, asked)
}

fn confirmed(
    name: &str,
    yes: Option<&str>,
    what: &str,
    terminal: Option<impl BufRead>,
) -> Result<(), Failure> {
    let said = match (yes, terminal) {
        (Some(yes), _) => yes.to_owned(),
        (None, None) => {
            return Err(Failure::Usage(format!("{what}\nNothing was done: confirm it by --yes {name}")));
        }
        (None, Some(mut terminal)) => {
            eprintln!("{what}\nType {name} to do it:");
            let mut line = String::new();
            terminal.read_line(&mut line).map_err(|error| Failure::Usage(error.to_string()))?;
            line.trim().to_owned()
        }
    };
    if said == name {
        Ok(())
    } else {
        Err(Failure::Usage(format!("{said:?} is not {name}; nothing was done.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Option<&[u8]> = None;

    #[test]
    fn whoever_sits_there_types_the_name() {
        let typed = |text: &str| confirmed("acme", None, "It hurts.", Some(text.as_bytes()));
        assert!(typed("acme\n").is_ok());
        for other in ["acm\n", "ACME\n", "y\n", "yes\n", "\n", ""] {
            assert!(matches!(typed(other), Err(Failure::Usage(_))), "{other:?}");
        }
    }

    #[test]
    fn scripts_name_it_and_are_asked_nothing() {
        assert!(confirmed("acme", Some("acme"), "It hurts.", NOBODY).is_ok());
        let other = confirmed("acme", Some("globex"), "It hurts.", Some("acme\n".as_bytes()));
        assert!(matches!(other, Err(Failure::Usage(_))));
        let unsaid = confirmed("acme", None, "It hurts.", NOBODY).unwrap_err().to_string();
        assert_eq!(unsaid, "It hurts.\nNothing was done: confirm it by --yes acme");
    }
}
