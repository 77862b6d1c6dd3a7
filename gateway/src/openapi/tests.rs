use std::collections::HashSet;

use serde_json::Value;

use super::*;

/// Calls that need no credential.
const PUBLIC: [&str; 7] = [
    "get_push_key",
    "health",
    "list_keys",
    "log_in",
    "open_link",
    "refresh",
    "register",
];

/// Every operation of the document, by its id.
fn operations() -> Vec<(String, Value)> {
    let document = serde_json::to_value(document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").values();
    paths
        .flat_map(|item| item.as_object().expect("operations").values())
        .map(|operation| {
            let id = operation["operationId"].as_str().expect("an id");
            (id.to_owned(), operation.clone())
        })
        .collect()
}

fn declares(operation: &Value, status: &str) -> bool {
    operation["responses"].get(status).is_some()
}

fn takes(operation: &Value, place: &str, name: Option<&str>) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.is_some_and(|parameters| {
        parameters.iter().any(|parameter| {
            parameter["in"] == place && name.is_none_or(|name| parameter["name"] == name)
        })
    })
}

#[test]
fn every_call_has_a_name_of_its_own() {
    let mut seen = HashSet::new();
    for (id, _) in operations() {
        assert!(seen.insert(id.clone()), "{id} is there twice");
    }
}

#[test]
fn all_calls_but_a_few_need_a_credential() {
    for (id, operation) in operations() {
        let is_secured = operation["security"] == serde_json::json!([{"bearer": []}]);
        assert_eq!(is_secured, !PUBLIC.contains(&&*id), "{id}");
        assert!(
            !is_secured || declares(&operation, "401"),
            "{id} cannot refuse strangers"
        );
    }
}

#[test]
fn every_call_declares_what_it_can_answer() {
    let missing: Vec<_> = operations()
        .iter()
        .flat_map(|(id, operation)| {
            let expected = expected(operation).into_iter();
            let missing = expected.filter(|status| !declares(operation, status));
            missing.map(move |status| format!("{id} never answers {status}"))
        })
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// What a call must be able to answer, by what it takes.
fn expected(operation: &Value) -> Vec<&'static str> {
    let mut statuses = vec!["400", "403", "429", "500", "503", "504"];
    if takes(operation, "path", None) {
        statuses.push("404");
    }
    if operation.get("requestBody").is_some() {
        statuses.extend(["413", "415"]);
    }
    if takes(operation, "header", Some("If-Match")) {
        statuses.push("412");
    }
    if takes(operation, "header", Some("Idempotency-Key")) {
        statuses.push("409");
    }
    statuses
}

#[test]
fn verbs_are_told_with_a_colon() {
    let document = document();
    assert!(document.paths.paths.contains_key("/v1/models/{name}:load"));
    assert!(!document.paths.paths.keys().any(|path| path.contains('~')));
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(document()).expect("JSON");
    let mut dangling = Vec::new();
    look_for_dangling(&document, &document, &mut dangling);
    assert_eq!(dangling, Vec::<&str>::new());
}

fn look_for_dangling<'a>(part: &'a Value, document: &Value, dangling: &mut Vec<&'a str>) {
    match part {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            dangling.extend(reference.filter(|reference| {
                let pointer = reference.strip_prefix('#').unwrap_or_default();
                pointer.is_empty() || document.pointer(pointer).is_none()
            }));
            fields
                .values()
                .for_each(|field| look_for_dangling(field, document, dangling));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| look_for_dangling(item, document, dangling)),
        _ => {}
    }
}
