//! The arithmetic is Pillow's: the golden pictures were made with it by `fixtures/make.py`.

use pupila_imaging::{Channels, Filter, Fit, Limits, Picture, decode, resize, to_luma};

use crate::fixture::fixture;

const FILTERS: [(&str, Filter); 4] = [
    ("nearest", Filter::Nearest),
    ("bilinear", Filter::Bilinear),
    ("bicubic", Filter::Bicubic),
    ("lanczos", Filter::Lanczos),
];

fn read(name: &str) -> Picture {
    decode(&fixture(name), &Limits::default())
        .expect("sound")
        .picture
}

/// The largest difference between two samples, and how many differ at all.
fn difference(one: &Picture, other: &Picture) -> (u8, usize) {
    assert_eq!((one.width(), one.height()), (other.width(), other.height()));
    let pairs = || {
        one.samples()
            .iter()
            .zip(other.samples())
            .map(|(a, b)| a.abs_diff(*b))
    };
    (
        pairs().max().unwrap_or(0),
        pairs().filter(|gap| *gap > 0).count(),
    )
}

#[test]
fn resizing_equals_pillow() {
    for (name, filter) in FILTERS {
        for (width, height) in [(32, 20), (110, 90)] {
            let golden = read(&format!("{name}-{width}x{height}.png"));
            let ours =
                resize(read("scene.png"), width, height, Fit::Stretch, filter).expect("a frame");
            assert_eq!(
                difference(&ours, &golden),
                (0, 0),
                "{name} {width}x{height}"
            );
        }
    }
}

#[test]
fn grey_equals_pillow() {
    assert_eq!(to_luma(read("scene.png")), read("luma.png"));
}

#[test]
fn the_middle_is_cut_as_torchvision_cuts_it() {
    let fit = Fit::CenterCrop {
        shorter_side: Some(40),
    };
    let ours = resize(read("scene.png"), 32, 32, fit, Filter::Bilinear).expect("a frame");
    let (most, _) = difference(&ours, &read("crop-40-32x32.png"));
    assert!(most <= 1, "{most}");
}

#[test]
fn a_very_long_picture_costs_no_more_than_itself() {
    let ribbon = || Picture::new(1, 4_000_000, Channels::Luma, vec![200; 4_000_000]).expect("full");
    for fit in [
        Fit::Stretch,
        Fit::Letterbox { pad: 0 },
        Fit::CenterCrop { shorter_side: None },
        Fit::CenterCrop {
            shorter_side: Some(256),
        },
    ] {
        let frame = resize(ribbon(), 224, 224, fit, Filter::Lanczos).expect("a frame");
        assert_eq!((frame.width(), frame.height()), (224, 224), "{fit:?}");
        assert_eq!(frame.samples()[224 * 112 + 111], 200, "{fit:?}");
    }
}

#[test]
fn margins_take_the_pad_level_on_either_side() {
    let picture = Picture::new(4, 2, Channels::Luma, vec![9; 8]).expect("full");
    let frame =
        resize(picture, 4, 4, Fit::Letterbox { pad: 114 }, Filter::Bilinear).expect("a frame");
    assert_eq!(
        frame.samples(),
        [[114; 4], [9; 4], [9; 4], [114; 4]].concat()
    );
}

#[test]
fn a_frame_without_pixels_is_refused() {
    let picture = Picture::new(1, 1, Channels::Luma, vec![0]).expect("full");
    assert!(resize(picture, 0, 8, Fit::Stretch, Filter::Nearest).is_err());
}
