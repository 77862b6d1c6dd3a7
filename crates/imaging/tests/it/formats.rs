//! Every format is read, and every limit holds. The fixtures come from `fixtures/make.py`.

use pupila_imaging::{
    Channels, Decoded, Format, ImageError, Limits, Picture, decode, probe,
    render::{Recipe, render},
    verify,
};

use crate::{cameras::chunk, fixture::fixture};

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

/// Fifty megapixels in a row are few enough, but no picture.
#[test]
fn a_ribbon_is_refused_by_its_header() {
    for (width, height) in [(50_000_000, 1), (1, 50_000_000), (65_536, 2)] {
        let bytes = header(width, height);
        let expected = ImageError::TooManyPixels {
            width,
            height,
            limit: 50_000_000,
        };
        let limits = Limits::default();
        assert_eq!(probe(&bytes, &limits), Err(expected.clone()));
        assert_eq!(verify(&bytes, &limits), Err(expected.clone()));
        assert_eq!(decode(&bytes, &limits), Err(expected.clone()));
        let refused = render(&bytes, &Recipe::default(), &limits);
        assert_eq!(refused, Err(expected.into()));
    }
    assert!(probe(&header(65_535, 2), &Limits::default()).is_ok());
}

/// A grey PNG that declares such a size, up to its pixels.
fn header(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [
        b"\x89PNG\r\n\x1A\n".to_vec(),
        chunk(b"IHDR", &[&sides, &[8, 0, 0, 0, 0][..]].concat()),
        chunk(b"IDAT", b""),
    ]
    .concat()
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
fn a_jpeg_costs_by_its_components() {
    for (name, bytes) in [("grey.jpeg", 5), ("scene.jpeg", 9), ("cmyk.jpeg", 11)] {
        let cost = 97 * 61 * bytes;
        let limits = |max_alloc| Limits {
            max_alloc,
            ..Limits::default()
        };
        assert!(decode(&fixture(name), &limits(cost)).is_ok(), "{name}");
        assert!(decode(&fixture(name), &limits(cost - 1)).is_err(), "{name}");
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
