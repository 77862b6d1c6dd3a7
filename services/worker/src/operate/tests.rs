//! Every operation that is declared can be done.

use std::collections::HashMap;

use pupila_core::{ErrorCode, Fault as _};
use pupila_imaging::{Decoded, decode};
use pupila_operations::{Kind, Parameter, catalogue};

use super::*;

const OVERLAY: &str = "01a20620-ccac-7385-af14-ece0dccd1dc8";

/// A PNG of 16 x 16 grey pixels, dark to bright: from Pillow's `Image.linear_gradient("L").resize((16, 16))`.
const GRADIENT: &[u8] = include_bytes!("tests/gradient.png");

fn operation(name: &str, sent: &[(&str, &str)]) -> Operation {
    let sent: HashMap<String, String> = sent
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Operation::parse(name, &sent).expect("sound")
}

fn overlays() -> Overlays {
    let id = OVERLAY.parse().expect("an id");
    HashMap::from([(id, Bytes::from_static(GRADIENT))])
}

/// The picture that comes of the gradient.
fn picture(operations: &[Operation]) -> Result<Decoded, OperateError> {
    let made = apply(GRADIENT, operations, &overlays(), Limits::default(), || {
        true
    })?;
    Ok(decode(&made.bytes, &Limits::default()).expect("sound"))
}

/// Values at both ends of what is declared.
fn ends(parameter: &Parameter) -> Vec<String> {
    match parameter.kind {
        Kind::Number {
            minimum, maximum, ..
        } => vec![minimum.to_string(), maximum.to_string()],
        Kind::Integer { minimum, maximum } => vec![minimum.to_string(), maximum.to_string()],
        Kind::Boolean => vec!["false".to_owned(), "true".to_owned()],
        Kind::Choice { choices } => choices.iter().map(ToString::to_string).collect(),
        Kind::Text { max_length } => vec!["ñ".to_owned(), "W".repeat(max_length)],
        Kind::Colour => vec!["000000".to_owned(), "12ab9f".to_owned()],
        Kind::Image => vec![OVERLAY.to_owned()],
    }
}

#[test]
fn every_declared_operation_takes_both_ends_of_every_range() {
    for declaration in catalogue() {
        for parameter in declaration.parameters {
            for end in ends(parameter) {
                let required = declaration.parameters.iter().filter(|it| it.required);
                let mut sent: HashMap<String, String> = required
                    .map(|parameter| (parameter.name.to_owned(), ends(parameter).remove(0)))
                    .collect();
                sent.insert(parameter.name.to_owned(), end.clone());
                let at = format!("{}.{} = {end}", declaration.name, parameter.name);
                // A part whose sides do not go together, or no side at all.
                let Ok(operation) = Operation::parse(declaration.name, &sent) else {
                    continue;
                };
                match picture(&[operation]) {
                    Ok(_) => {}
                    // Not every text has room on so small an image.
                    Err(error) if declaration.name == "watermark_text" => {
                        assert!(
                            error.to_string().contains("cannot be read"),
                            "{at}: {error}"
                        );
                    }
                    Err(error) => panic!("{at}: {error}"),
                }
            }
        }
    }
}

#[test]
fn operations_are_done_in_their_order_and_written_once() {
    let lower = [("width", "16"), ("height", "8"), ("gravity", "south")];
    let made = picture(&[
        operation("crop_to_size", &lower),
        operation("convert", &[("format", "webp")]),
        operation("rotate", &[("angle", "90")]),
        operation("flip", &[("direction", "horizontal")]),
        operation("convert", &[("format", "png")]),
    ]);
    let made = made.expect("sound");
    let (width, height) = (made.picture.width(), made.picture.height());
    assert_eq!((width, height, made.format), (8, 16, Format::Png));
    // Turned so that what was above is at the right, then mirrored.
    let row = &made.picture.samples()[..8];
    assert!(row.is_sorted() && row[0] > 120, "{row:?}");
}

#[test]
fn an_image_that_is_not_there_is_named() {
    let mark = operation("watermark_image", &[("image", OVERLAY)]);
    let refused = apply(
        GRADIENT,
        &[mark],
        &HashMap::new(),
        Limits::default(),
        || true,
    );
    let error = refused.err().expect("missing");
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(error.reason(), "IMAGE_NOT_FOUND");
}

#[test]
fn what_is_no_image_and_what_becomes_too_large_is_refused() {
    let limits = Limits {
        max_pixels: 100_000,
        ..Limits::default()
    };
    let reason = |image: &[u8], overlays: &Overlays, operations: &[Operation]| {
        let refused = apply(image, operations, overlays, limits, || true);
        refused.err().expect("refused").reason()
    };
    let grow = operation("resize", &[("width", "400"), ("enlarge", "true")]);
    let text = operation("watermark_text", &[("text", &"W".repeat(200))]);
    let mark = operation("watermark_image", &[("image", OVERLAY)]);
    let broken = HashMap::from([(OVERLAY.parse().expect("an id"), Bytes::from_static(b"?"))]);
    let none = HashMap::new();
    assert_eq!(reason(b"", &none, &[]), "INVALID_ARGUMENT");
    assert_eq!(reason(b"hello", &none, &[]), "IMAGE_UNREADABLE");
    assert_eq!(reason(b"8BPS\0\x01", &none, &[]), "UNSUPPORTED_FORMAT");
    assert_eq!(reason(GRADIENT, &none, &[grow]), "TOO_MANY_PIXELS");
    assert_eq!(reason(GRADIENT, &none, &[text]), "PARAMETER_OUT_OF_RANGE");
    assert_eq!(reason(GRADIENT, &broken, &[mark]), "IMAGE_UNREADABLE");
}
