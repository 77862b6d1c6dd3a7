//! The API does what its description says, whatever is sent: schemathesis makes up requests from `openapi.json`.

use std::{env, path::PathBuf};

use pupila_tests::{Part, Pupila, Shape, User, text};
use tokio::process::Command;

/// Where `tests/run.sh` puts it.
const PROGRAM: &str = "PUPILA_TEST_SCHEMATHESIS";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_finds_a_gap_in_the_description() {
    let mut app = Pupila::of(Shape::Standalone).with_accounts().start().await;
    let user = User::register(&app, "root").await;
    // A model that is unloaded answers 503, as it should: apart from the others.
    let operations = [
        ["--exclude-operation-id", "unload_model"],
        ["--include-operation-id", "unload_model"],
    ];
    for operation in operations {
        let output = Command::new(schemathesis())
            .arg("run")
            .arg(format!("http://127.0.0.1:{}/openapi.json", app.port()))
            .arg("--header")
            .arg(format!(
                "Authorization: Bearer {}",
                text(&user.tokens, "access_token")
            ))
            .args(operation)
            // Valid by the description is not always possible: a time that has passed, an id of nothing.
            .args([
                "--checks",
                "all",
                "--exclude-checks",
                "positive_data_acceptance",
            ])
            .args([
                "--max-examples",
                "15",
                "--seed",
                "1",
                "--suppress-health-check",
                "all",
            ])
            .args(["--no-color", "--warnings", "off"])
            .output()
            .await
            .expect("schemathesis");
        let report = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{report}");
    }
    assert!(!app.program(Part::Gateway).log().contains("panicked"));
}

fn schemathesis() -> PathBuf {
    let program = env::var_os(PROGRAM).map(PathBuf::from);
    program.unwrap_or_else(|| panic!("{PROGRAM} is not set: run `make test`"))
}
