//! The API does what its description says, whatever is sent: schemathesis makes up requests from `openapi.json`.

use std::{env, path::PathBuf};

use pupila_tests::{Pupila, Shape, User, text};
use tokio::process::Command;

/// Where `tests/run.sh` puts it.
const PROGRAM: &str = "PUPILA_TEST_SCHEMATHESIS";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_finds_a_gap_in_the_description() {
    let program = env::var_os(PROGRAM).map(PathBuf::from);
    let program = program.unwrap_or_else(|| panic!("{PROGRAM} is not set: run `make test`"));
    let mut app = Pupila::of(Shape::Standalone).with_accounts().start().await;
    let user = User::register(&app, "root").await;
    let output = Command::new(program)
        .arg("run")
        .arg(format!("http://127.0.0.1:{}/openapi.json", app.port()))
        .args(["--header", &format!("Authorization: Bearer {}", text(&user.tokens, "access_token"))])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"])
        .args(["--max-examples", "15", "--seed", "1", "--suppress-health-check", "all", "--no-color"])
        .output()
        .await
        .expect("schemathesis");
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}");
    assert!(
        !app.program(pupila_tests::Part::Gateway)
            .log()
            .contains("panicked")
    );
}
