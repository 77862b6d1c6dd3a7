//! From what callers send to operations.

use std::collections::HashMap;

use pupila_core::{ErrorCode, Fault as _};
use pupila_operations::{Colour, Direction, Fit, Format, Gravity, Operation, OperationError};

fn parse(name: &str, sent: &[(&str, &str)]) -> Result<Operation, OperationError> {
    let sent: HashMap<String, String> = sent
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Operation::parse(name, &sent)
}

fn fields(error: &OperationError) -> Vec<String> {
    let violations = error.violations().into_iter();
    violations.map(|violation| violation.field).collect()
}

#[test]
fn what_is_left_out_takes_its_default() {
    assert_eq!(
        parse("resize", &[("width", "640")]),
        Ok(Operation::Resize {
            width: Some(640),
            height: None,
            fit: Fit::Inside,
            gravity: Gravity::Center,
            enlarge: false,
            background: Colour([255; 3]),
        })
    );
    assert_eq!(
        parse("flip", &[]),
        Ok(Operation::Flip {
            direction: Direction::Horizontal
        })
    );
    assert_eq!(
        parse(
            "convert",
            &[
                ("format", "webp"),
                ("quality", "60.0"),
                ("background", "#10Ff00")
            ]
        ),
        Ok(Operation::Convert {
            format: Format::WebP,
            quality: 60,
            background: Colour([16, 255, 0]),
        })
    );
}

#[test]
fn an_operation_that_there_is_not_is_told_those_that_there_are() {
    let error = parse(&"x\n".repeat(9999), &[]).expect_err("unknown");
    assert_eq!(error.reason(), "UNKNOWN_OPERATION");
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
    let text = error.to_string();
    assert!(
        text.contains("`watermark_text`") && text.len() < 500,
        "{text}"
    );
    assert!(!text.contains('\n'));
}

#[test]
fn unknown_parameters_are_named_all_at_once() {
    let error = parse("blur", &[("sgima", "2"), ("radius", "no number")]).expect_err("unknown");
    assert_eq!(error.reason(), "UNKNOWN_PARAMETER");
    assert_eq!(
        error.to_string(),
        "blur does not take `radius`, `sgima`; it takes: `sigma`"
    );
    let error = parse("edges", &[("sigma", "2")]).expect_err("unknown");
    assert_eq!(
        error.to_string(),
        "edges does not take `sigma`; it takes: no parameters"
    );
}

#[test]
fn wrong_values_are_named_all_at_once_with_what_is_allowed() {
    let error = parse("sharpen", &[("amount", "-1"), ("sigma", "wide")]).expect_err("wrong");
    assert_eq!(error.reason(), "PARAMETER_OUT_OF_RANGE");
    assert_eq!(fields(&error), ["parameters/amount", "parameters/sigma"]);
    assert_eq!(
        error.violations()[0].description,
        "must be a number from 0 to 10"
    );
    for (kind, operation, parameter, value) in [
        ("a whole number from 1 to 8192", "resize", "width", "1.5"),
        ("true or false", "resize", "enlarge", "yes"),
        ("one of fit, cover, contain, exact", "resize", "fit", "Fit"),
        ("the id of an image", "watermark_image", "image", "scan.png"),
        (
            "a line of 1 to 200 characters, some of them visible",
            "watermark_text",
            "text",
            "two\nlines",
        ),
        (
            "a colour of six hexadecimal digits, RRGGBB",
            "rotate",
            "background",
            "red",
        ),
    ] {
        let mut sent = vec![(parameter, value)];
        sent.extend([("angle", "5")].iter().filter(|_| operation == "rotate"));
        let error = parse(operation, &sent).expect_err("wrong");
        assert_eq!(
            error.to_string(),
            format!("parameter {parameter} must be {kind}")
        );
    }
}

#[test]
fn of_a_text_something_can_be_seen() {
    for text in ["", " \u{a0}", "\u{200b}", "\u{2060} \u{feff}\u{3164}"] {
        let error = parse("watermark_text", &[("text", text)]).expect_err("nothing to see");
        assert_eq!(fields(&error), ["parameters/text"], "{text:?}");
    }
    assert!(parse("watermark_text", &[("text", "\u{200b}a")]).is_ok());
}

#[test]
fn a_text_has_a_longest_length_in_characters() {
    let longest = "😀".repeat(200);
    assert!(parse("watermark_text", &[("text", &longest)]).is_ok());
    let error = parse("watermark_text", &[("text", &"a".repeat(10_000))]).expect_err("too long");
    assert_eq!(fields(&error), ["parameters/text"]);
}

#[test]
fn what_has_no_default_must_be_said() {
    let error = parse("crop_to_size", &[]).expect_err("missing");
    assert_eq!(error.reason(), "INVALID_ARGUMENT");
    assert_eq!(fields(&error), ["parameters/width", "parameters/height"]);
    let error = parse("resize", &[("fit", "cover")]).expect_err("missing");
    assert_eq!(
        error.to_string(),
        "width and height: at least one of them is needed"
    );
}

#[test]
fn a_part_lies_within_the_image() {
    assert!(parse("crop", &[("left", "0.3"), ("width", "0.7000000001")]).is_ok());
    let error = parse("crop", &[("top", "0.5")]).expect_err("outside");
    assert_eq!(fields(&error), ["parameters/top", "parameters/height"]);
    assert_eq!(error.reason(), "INVALID_ARGUMENT");
}

#[test]
fn an_operation_tells_which_images_it_needs() {
    let id = "01a20620-ccac-7385-af14-ece0dccd1dc8";
    let mark = parse("watermark_image", &[("image", id)]).expect("sound");
    assert_eq!(mark.images(), [id.parse().expect("an id")]);
    assert!(parse("edges", &[]).expect("sound").images().is_empty());
}
