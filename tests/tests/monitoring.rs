//! The rules and the dashboard that operators are given: they work, and speak of metrics that there are.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use serde_json::{Value, json};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../k8s/monitoring")
}

fn promtool(arguments: &[&str]) {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(folder())
        .output()
        .expect("promtool, which `make test` installs");
    let told = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{complaint}");
}

/// The metrics of ours that a text names, without what a histogram adds to its name.
fn metrics(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let ours = words.filter(|word| word.starts_with("pupila_"));
    ours.map(|name| name.strip_suffix("_bucket").unwrap_or(name))
        .collect()
}

#[test]
fn the_alerts_fire_when_they_should() {
    promtool(&["check", "rules", "alerts.yaml"]);
    promtool(&["test", "rules", "alerts.test.yaml"]);
}

#[test]
fn alerts_and_dashboard_speak_of_metrics_that_are_documented() {
    let read = |path: PathBuf| fs::read_to_string(path).expect("a file");
    let documented = read(folder().join("../../docs/telemetry.md"));
    let documented = metrics(&documented);
    for file in ["alerts.yaml", "jobs-dashboard.json"] {
        let text = read(folder().join(file));
        let unknown: Vec<_> = metrics(&text).difference(&documented).copied().collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

#[test]
fn every_panel_of_the_dashboard_asks_something() {
    let text = fs::read_to_string(folder().join("jobs-dashboard.json")).expect("a file");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let asking = panels.iter().filter(|panel| panel["type"] != "row");
    let mut rules = Vec::new();
    for panel in asking {
        let targets = panel["targets"].as_array().expect("targets");
        assert!(!targets.is_empty(), "{panel}");
        for target in targets {
            let expression = target["expr"].as_str().expect("an expression");
            // Grafana fills in the interval.
            let expression = expression.replace("$__rate_interval", "5m");
            rules.push(json!({"record": format!("panel:{}", rules.len()), "expr": expression}));
        }
    }
    // promtool checks expressions in rules only. JSON is YAML.
    let file = tempfile::NamedTempFile::new().expect("a file");
    let groups = json!({"groups": [{"name": "panels", "rules": rules}]});
    fs::write(file.path(), groups.to_string()).expect("written");
    promtool(&["check", "rules", &file.path().display().to_string()]);
}
