//! How edited images are written.

use image::{Rgba, RgbaImage};
use pupila_imaging::{
    Exif, Format, Limits,
    edit::{Edit, EditError, Output, edit},
    render::{Encoding, Flip},
};

use super::edited;
use crate::fixture::{encoded, fixture};

fn written(bytes: &[u8], output: Output) -> Result<pupila_imaging::render::Rendition, EditError> {
    edit(
        bytes,
        &[Edit::Flip(Flip::Horizontal)],
        output,
        &Limits::default(),
    )
}

#[test]
fn an_image_keeps_its_format_where_it_is_written_here() {
    for (name, format) in [
        ("scene.jpeg", Format::Jpeg),
        ("scene.png", Format::Png),
        ("scene.webp", Format::WebP),
        ("scene.gif", Format::Png),
        ("scene.bmp", Format::Png),
        ("scene.tiff", Format::Png),
    ] {
        let made = written(&fixture(name), Output::default()).expect("sound");
        assert_eq!(
            (made.format, Format::sniff(&made.bytes)),
            (format, Ok(format)),
            "{name}"
        );
        assert_eq!((made.width, made.height), (97, 61));
    }
}

#[test]
fn a_format_without_transparency_takes_the_background() {
    let clear = encoded(RgbaImage::from_pixel(8, 8, Rgba([0, 255, 0, 0])));
    let output = Output {
        encoding: Some(Encoding::Jpeg { quality: 95 }),
        background: "0000ff".parse().expect("a colour"),
    };
    let made = written(&clear, output).expect("sound");
    let [red, green, blue] = image::load_from_memory(&made.bytes)
        .expect("sound")
        .to_rgb8()
        .get_pixel(4, 4)
        .0;
    assert!(red < 8 && green < 8 && blue > 247);
}

#[test]
fn nothing_of_the_source_but_its_pixels_goes_in() {
    for name in [
        "orientation-6.jpeg",
        "orientation-6.png",
        "orientation-6.webp",
        "orientation-6.tiff",
    ] {
        let made = written(&fixture(name), Output::default()).expect("sound");
        assert_eq!(Exif::read(&made.bytes), Exif::default(), "{name}");
        assert!(!made.bytes.windows(4).any(|bytes| bytes == b"Exif"));
    }
}

#[test]
fn a_side_may_be_too_long_for_a_format() {
    let ribbon = encoded(image::GrayImage::new(16_384, 1));
    assert!(edited(&ribbon, &[]).is_ok());
    let output = |encoding| Output {
        encoding: Some(encoding),
        ..Output::default()
    };
    assert!(written(&ribbon, output(Encoding::Jpeg { quality: 80 })).is_ok());
    let refused = written(&ribbon, output(Encoding::WebP { quality: 80 }));
    assert!(
        matches!(refused, Err(EditError::TooLarge { side: 16_383, .. })),
        "{refused:?}"
    );
    let refused = written(&ribbon, output(Encoding::Jpeg { quality: 0 }));
    assert!(matches!(refused, Err(EditError::Invalid(_))));
}
