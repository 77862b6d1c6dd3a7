//! Every format is read, and every limit holds. The fixtures come from `fixtures/make.py`.

use pupila_imaging::{Channels, Decoded, Format, ImageError, Limits, Picture, decode, probe};

use crate::fixture::fixture;

fn read(name: &str) -> Decoded {
    decode(&fixture(name), &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn mean_difference(one: &Picture, other: &Picture) -> f64 {
    let pairs = one.samples().iter().zip(other.samples());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.samples().len() as f64
}

#[test]
fn lossless_formats_agree_to_the_last_bit() {
    let scene = read("scene.png");
    for (name, format) in [
        ("scene.bmp", Format::Bmp),
        ("scene.tiff", Format::Tiff),
        ("scene.webp", Format::WebP),
    ] {
        let copy = read(name);
        assert_eq!(copy.format, format);
        assert_eq!(copy.picture.samples(), scene.picture.samples(), "{name}");
    }
}

#[test]
fn lossy_formats_come_close() {
    let scene = read("scene.png").picture;
    for (name, most) in [
        ("scene.jpeg", 9.0),
        ("progressive.jpeg", 9.0),
        ("restarts.jpeg", 9.0),
        ("cmyk.jpeg", 9.0),
        ("lossy.webp", 9.0),
        ("scene.gif", 9.0),
    ] {
        let difference = mean_difference(&read(name).picture, &scene);
        assert!(difference < most, "{name}: {difference}");
    }
}

#[test]
fn grey_stays_grey() {
    for name in ["grey.jpeg", "luma.png"] {
        let picture = read(name).picture;
        assert_eq!(picture.channels(), Channels::Luma, "{name}");
        assert_eq!(picture.samples().len(), 97 * 61, "{name}");
    }
}

#[test]
fn too_many_pixels_are_refused_by_the_header_alone() {
    let limits = Limits {
        max_pixels: 97 * 61 - 1,
        ..Limits::default()
    };
    for name in [
        "scene.png",
        "scene.jpeg",
        "scene.gif",
        "scene.bmp",
        "scene.tiff",
        "scene.webp",
    ] {
        let expected = ImageError::TooManyPixels {
            width: 97,
            height: 61,
            limit: 97 * 61 - 1,
        };
        assert_eq!(decode(&fixture(name), &limits), Err(expected), "{name}");
    }
}

#[test]
fn too_many_bytes_are_refused_unread() {
    let limits = Limits {
        max_bytes: 4,
        ..Limits::default()
    };
    let expected = ImageError::TooLarge {
        actual: 5,
        limit: 4,
    };
    assert_eq!(decode(b"hello", &limits), Err(expected));
}

#[test]
fn memory_is_bound_for_every_format() {
    let limits = Limits {
        max_alloc: 1_000,
        ..Limits::default()
    };
    for name in [
        "scene.png",
        "scene.jpeg",
        "scene.gif",
        "scene.bmp",
        "scene.tiff",
        "scene.webp",
    ] {
        let refused = decode(&fixture(name), &limits);
        assert!(
            matches!(refused, Err(ImageError::Unreadable { .. })),
            "{name}: {refused:?}"
        );
    }
}

#[test]
fn nothing_and_noise_are_not_images() {
    let limits = Limits::default();
    assert_eq!(decode(b"", &limits), Err(ImageError::Empty));
    assert_eq!(
        decode(b"not an image", &limits),
        Err(ImageError::NotAnImage)
    );
}

#[test]
fn a_header_tells_whether_pixels_can_be_transparent() {
    for (name, transparent) in [
        ("scene.png", false),
        ("scene.gif", true),
        ("scene.jpeg", false),
        ("scene.webp", false),
        ("luma.png", false),
    ] {
        let probe = probe(&fixture(name), &Limits::default()).expect("sound");
        assert_eq!(probe.transparent, transparent, "{name}");
        assert_eq!((probe.width, probe.height), (97, 61), "{name}");
    }
}
