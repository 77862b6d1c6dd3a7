//! The arrows between the crates, which keep the parts apart.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

const SERVICES: [&str; 5] = [
    "pupila-accounts",
    "pupila-history",
    "pupila-images",
    "pupila-inference",
    "pupila-worker",
];

/// What each crate depends on, by name; without what only its tests and its build need.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    packages
        .iter()
        .map(|package| (package.name.to_string(), names(package)))
        .collect()
}

fn names(package: &Package) -> BTreeSet<String> {
    let dependencies = package.dependencies.iter();
    let normal = dependencies.filter(|dependency| dependency.kind == DependencyKind::Normal);
    normal.map(|dependency| dependency.name.clone()).collect()
}

fn metadata() -> Metadata {
    // The lock file holds all that there is to know, so nothing needs to be fetched.
    let command = MetadataCommand::new()
        .other_options(["--offline".to_owned(), "--locked".to_owned()])
        .exec();
    command.expect("the metadata of the workspace")
}

fn ours(dependencies: &BTreeSet<String>) -> BTreeSet<&str> {
    let ours = dependencies
        .iter()
        .filter(|name| name.starts_with("pupila"));
    ours.map(String::as_str).collect()
}

#[test]
fn the_core_and_the_contracts_depend_on_nothing_of_ours() {
    let dependencies = dependencies();
    for name in ["pupila-core", "pupila-proto"] {
        assert_eq!(ours(&dependencies[name]), BTreeSet::new(), "{name}");
    }
}

#[test]
fn operations_are_words_and_imaging_is_pixels_and_both_know_the_core_only() {
    let dependencies = dependencies();
    for name in ["pupila-imaging", "pupila-operations"] {
        let ours = ours(&dependencies[name]);
        assert_eq!(ours, BTreeSet::from(["pupila-core"]), "{name}");
    }
}

#[test]
fn a_service_depends_on_no_other_service() {
    let dependencies = dependencies();
    let allowed = [
        "pupila-analysis",
        "pupila-core",
        "pupila-db",
        "pupila-imaging",
        "pupila-operations",
        "pupila-proto",
        "pupila-queue",
        "pupila-runtime",
        "pupila-storage",
    ];
    for name in SERVICES {
        let ours = ours(&dependencies[name]);
        assert!(ours.is_subset(&allowed.into()), "{name}: {ours:?}");
    }
}

#[test]
fn the_gateway_knows_services_by_their_contracts_only() {
    let dependencies = &dependencies()["pupila-gateway"];
    for forbidden in ["pupila-db", "pupila-storage", "sqlx"]
        .iter()
        .chain(&SERVICES)
    {
        assert!(!dependencies.contains(*forbidden), "{forbidden}");
    }
}

#[test]
fn only_the_standalone_program_tests_and_benches_hold_services() {
    for (name, dependencies) in dependencies() {
        let holds = SERVICES
            .iter()
            .any(|service| dependencies.contains(*service));
        let may = ["pupila", "pupila-tests", "pupila-bench"].contains(&&*name);
        assert!(may || !holds, "{name}");
    }
}

#[test]
fn the_runtime_knows_no_service_and_no_database() {
    let dependencies = &dependencies()["pupila-runtime"];
    for forbidden in ["pupila-db", "pupila-gateway", "sqlx"]
        .iter()
        .chain(&SERVICES)
    {
        assert!(!dependencies.contains(*forbidden), "{forbidden}");
    }
}

#[test]
fn nothing_depends_on_openssl() {
    let metadata = metadata();
    let resolved = metadata
        .resolve
        .as_ref()
        .expect("what is built")
        .nodes
        .iter();
    let built: BTreeSet<_> = resolved.map(|node| &node.id).collect();
    let packages = metadata
        .packages
        .iter()
        .filter(|package| built.contains(&package.id));
    // `openssl-probe` is no OpenSSL: it knows where systems keep their certificates, which rustls reads.
    let openssl: Vec<_> = packages
        .filter(|package| package.name.starts_with("openssl") && *package.name != "openssl-probe")
        .collect();
    assert!(openssl.is_empty(), "{openssl:?}");
}
