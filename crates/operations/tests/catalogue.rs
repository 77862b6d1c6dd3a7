//! What the catalogue says is so.

use std::collections::{HashMap, HashSet};

use pupila_operations::{Declaration, Kind, Operation, OperationError, Parameter, catalogue};

/// Values at the ends of a kind, all of them allowed.
fn allowed(kind: Kind) -> Vec<String> {
    match kind {
        Kind::Number {
            minimum, maximum, ..
        } => vec![minimum.to_string(), maximum.to_string()],
        Kind::Integer { minimum, maximum } => vec![minimum.to_string(), maximum.to_string()],
        Kind::Boolean => vec!["true".to_owned(), "false".to_owned()],
        Kind::Choice { choices } => choices.iter().map(ToString::to_string).collect(),
        Kind::Text { max_length } => vec!["ñ".to_owned(), "ñ".repeat(max_length)],
        Kind::Colour => vec!["000000".to_owned(), "#FFffFF".to_owned()],
        Kind::Image => vec!["01a20620-ccac-7385-af14-ece0dccd1dc8".to_owned()],
    }
}

/// Just what an operation cannot do without.
fn least(declaration: &Declaration) -> HashMap<String, String> {
    let required = declaration.parameters.iter().filter(|it| it.required);
    let mut sent: HashMap<String, String> = required
        .map(|parameter| (parameter.name.to_owned(), allowed(parameter.kind).remove(0)))
        .collect();
    // The one rule that no declaration tells: a side is needed.
    if declaration.name == "resize" {
        sent.insert("width".to_owned(), "8".to_owned());
    }
    sent
}

fn each() -> impl Iterator<Item = (&'static Declaration, &'static Parameter)> {
    let of = |declaration: &'static Declaration| {
        let parameters = declaration.parameters.iter();
        parameters.map(move |parameter| (declaration, parameter))
    };
    catalogue().iter().flat_map(of)
}

#[test]
fn every_operation_works_with_its_defaults() {
    for declaration in catalogue() {
        let sent = least(declaration);
        let operation = Operation::parse(declaration.name, &sent)
            .unwrap_or_else(|error| panic!("{}: {error}", declaration.name));
        assert_eq!(operation.name(), declaration.name);
    }
}

#[test]
fn a_default_is_what_holds_when_nothing_is_said() {
    for (declaration, parameter) in each() {
        let Some(default) = parameter.default else {
            continue;
        };
        let silent = least(declaration);
        let mut said = silent.clone();
        said.insert(parameter.name.to_owned(), default.to_owned());
        let at = format!("{}.{}", declaration.name, parameter.name);
        assert!(parameter.kind.allows(default), "{at}");
        assert_eq!(
            Operation::parse(declaration.name, &said),
            Operation::parse(declaration.name, &silent),
            "{at}"
        );
    }
}

#[test]
fn every_declared_value_is_taken_and_none_besides() {
    for (declaration, parameter) in each() {
        let at = format!("{}.{}", declaration.name, parameter.name);
        for value in allowed(parameter.kind) {
            let mut sent = least(declaration);
            sent.insert(parameter.name.to_owned(), value.clone());
            match Operation::parse(declaration.name, &sent) {
                Ok(_) | Err(OperationError::Combination { .. }) => {}
                Err(error) => panic!("{at} = {value}: {error}"),
            }
        }
        for value in [
            "", " ", "\0", "NaN", "inf", "-inf", "1e308", "-1e308", "-361", "70000",
        ] {
            let text = matches!(parameter.kind, Kind::Text { .. });
            if text && !value.trim().is_empty() && value != "\0" {
                continue;
            }
            let mut sent = least(declaration);
            sent.insert(parameter.name.to_owned(), value.to_owned());
            let refused = Operation::parse(declaration.name, &sent);
            assert!(
                matches!(refused, Err(OperationError::OutOfRange(ref faults)) if faults[0].name == parameter.name),
                "{at} = {value:?}: {refused:?}"
            );
        }
    }
}

#[test]
fn what_is_not_declared_is_refused() {
    for declaration in catalogue() {
        let mut sent = least(declaration);
        sent.insert("wdith".to_owned(), "1".to_owned());
        let refused = Operation::parse(declaration.name, &sent);
        assert!(matches!(
            refused,
            Err(OperationError::UnknownParameter { .. })
        ));
    }
}

#[test]
fn an_operation_can_be_written_down_and_read_again() {
    for (declaration, parameter) in each() {
        for value in allowed(parameter.kind) {
            let mut sent = least(declaration);
            sent.insert(parameter.name.to_owned(), value);
            if let Ok(operation) = Operation::parse(declaration.name, &sent) {
                let again = Operation::parse(operation.name(), &operation.parameters());
                assert_eq!(again, Ok(operation));
            }
        }
    }
}

#[test]
fn names_are_plain_and_descriptions_are_sentences() {
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let sentence = |text: &str| text.ends_with('.') && text == text.trim() && !text.contains("  ");
    let mut names = HashSet::new();
    for declaration in catalogue() {
        assert!(names.insert(declaration.name) && plain(declaration.name));
        assert!(sentence(declaration.description), "{declaration:?}");
    }
    for (_, parameter) in each() {
        assert!(plain(parameter.name), "{parameter:?}");
        assert!(sentence(parameter.description), "{parameter:?}");
    }
}
