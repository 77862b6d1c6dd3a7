//! How the product is told what to do, and what it says when it is told nonsense.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Output, Stdio},
};

use pupila_tests::{Api, File, ModelFolder, free_port, program};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// `EX_USAGE` of sysexits.h.
const BAD_CONFIGURATION: i32 = 64;

/// The standalone program with a data folder of its own.
struct Standalone {
    data: tempfile::TempDir,
    command: Command,
}

impl Standalone {
    fn with(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(program("pupila"));
        command
            .arg("serve")
            .arg("--data")
            .arg(data.path())
            .args(arguments)
            .env_clear()
            .env(
                "PUPILA_GATEWAY__ADMIN_LISTEN",
                format!("127.0.0.1:{}", free_port()),
            )
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        Self { data, command }
    }

    /// Starts it, and returns when it has told a person where it is.
    async fn start(mut self) -> Running {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut greeting = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout)
            .read_line(&mut greeting)
            .await
            .expect("a line");
        let port = greeting
            .trim()
            .strip_prefix("Pupila is ready: http://127.0.0.1:");
        let port = port.unwrap_or_else(|| panic!("`{greeting}` names no address"));
        Running {
            api: Api::at(port.parse().expect("a port")),
            _child: child,
            _data: self.data,
        }
    }

    /// What it said and how it ended, where it cannot start.
    async fn refusal(mut self) -> (Option<i32>, String) {
        let Output { status, stderr, .. } = self.command.output().await.expect("it ran");
        let told = String::from_utf8_lossy(&stderr).into_owned();
        assert!(!told.contains("panicked"), "{told}");
        (status.code(), told)
    }
}

struct Running {
    api: Api,
    _child: Child,
    _data: tempfile::TempDir,
}

#[tokio::test]
async fn it_tells_a_person_where_it_is() {
    let pupila = Standalone::with(&["--port", "0"], &[]).start().await;
    pupila.api.predict(&File::x_ray()).await.ok();
}

#[tokio::test]
async fn the_old_variable_for_the_port_is_honoured() {
    let port = free_port();
    let pupila = Standalone::with(&[], &[("PORT", &port.to_string())])
        .start()
        .await;
    assert_eq!(pupila.api.port(), port);
}

#[tokio::test]
async fn the_old_variable_for_the_model_leads_to_a_folder_or_a_file() {
    for path in [
        ModelFolder::bundled(),
        ModelFolder::bundled().join("1/model.onnx"),
    ] {
        let path = path.display().to_string();
        let pupila = Standalone::with(&["--port", "0"], &[("MODEL_PATH", &path)])
            .start()
            .await;
        pupila.api.predict(&File::x_ray()).await.ok();
    }
}

#[tokio::test]
async fn a_model_path_that_leads_nowhere_is_refused() {
    let nowhere = [
        PathBuf::from("/nowhere"),
        File::samples(),
        File::samples().join("LICENSE"),
    ];
    for path in nowhere.map(|path| path.display().to_string()) {
        let (code, told) = Standalone::with(&[], &[("MODEL_PATH", &path)])
            .refusal()
            .await;
        assert_eq!(code, Some(BAD_CONFIGURATION), "{told}");
        assert!(
            told.contains("inference.models.path") && told.contains(&path),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = holder.local_addr().expect("an address").port().to_string();
    let (code, told) = Standalone::with(&["--port", &port], &[]).refusal().await;
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("gateway.port") && told.contains(&port),
        "{told}"
    );
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let (code, told) = Standalone::with(
        &[],
        &[
            ("PUPILA_GATEWAY__LIMITS__MAX_CONNECTIONS", "0"),
            ("PUPILA_INFERENCE__POOL__WORKERS", "0"),
            ("PUPILA_HISTORY__DATABASE__URL", "postgres://db"),
        ],
    )
    .refusal()
    .await;
    assert_eq!(code, Some(BAD_CONFIGURATION));
    for field in [
        "gateway.limits.max_connections",
        "inference.pool.workers",
        "history.database.url",
    ] {
        assert!(told.contains(field), "{field} is not in: {told}");
    }
}

#[tokio::test]
async fn a_misspelt_setting_is_refused() {
    let (code, told) = Standalone::with(&[], &[("PUPILA_GATEWAY__PROT", "1")])
        .refusal()
        .await;
    assert_eq!(code, Some(BAD_CONFIGURATION));
    assert!(told.contains("prot"), "{told}");
}

#[tokio::test]
async fn without_credentials_an_open_network_wants_an_explicit_word() {
    let open = ["--host", "0.0.0.0", "--port", "0"];
    let (code, told) = Standalone::with(&open, &[]).refusal().await;
    assert_eq!(code, Some(BAD_CONFIGURATION));
    assert!(told.contains("allow_open_network"), "{told}");
}

#[tokio::test]
async fn a_service_names_its_faults_too() {
    for name in ["pupila-gateway", "pupila-inference", "pupila-history"] {
        let output = Command::new(program(name))
            .env_clear()
            .env("PUPILA_TELEMETRY__LOG_LEVEL", "=loud=")
            .env("PUPILA_HISTORY__DATABASE__URL", "sqlite://never.db")
            .output()
            .await
            .expect("it ran");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(BAD_CONFIGURATION),
            "{name}: {told}"
        );
    }
}
