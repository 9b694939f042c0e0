//! Lets Schemathesis judge the running API by its document, signed in as each role: `judge <examples> <seed>`.
//! It must say nothing but yes: no 5xx, no status, header or body that the document does not know.

use std::process::ExitCode;

use tests::judge::{Role, judge};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let (Some(Ok(examples)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        eprintln!("judge <examples for each operation> <seed>: two whole numbers");
        return ExitCode::FAILURE;
    };
    println!("Schemathesis judges the API, seed {seed}:");
    let mut agreed = true;
    for (role, ids) in Role::ALL.into_iter().flat_map(|role| role.ids().iter().map(move |ids| (role, *ids))) {
        match judge(role, ids, examples, seed) {
            Ok(verdict) => {
                println!("  {verdict}");
                agreed &= verdict.failures == 0;
            }
            Err(error) => {
                eprintln!("judge: {error}");
                agreed = false;
            }
        }
    }
    if agreed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
