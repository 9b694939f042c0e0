//! `contract_fuzz <examples> <seed> [role …]` fails if Schemathesis finds a 5xx, or a status, header or body that the
//! document does not describe.

use std::process::ExitCode;

use contract_fuzz::{Arguments, run};

fn main() -> ExitCode {
    let Arguments { examples, seed, roles } = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("contract_fuzz: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("Schemathesis tests the API, seed {seed}:");
    let mut passed = true;
    for (role, ids) in roles.into_iter().flat_map(|role| role.ids().iter().map(move |ids| (role, *ids))) {
        match run(role, ids, examples, seed) {
            Ok(outcome) => {
                println!("  {outcome}");
                passed &= outcome.failures == 0;
            }
            Err(error) => {
                eprintln!("contract_fuzz: {error}");
                passed = false;
            }
        }
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
