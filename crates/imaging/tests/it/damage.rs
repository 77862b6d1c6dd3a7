//! Damaged files are refused with a reason, and none makes a decoder panic.

use proptest::prelude::*;
use pupila_imaging::{
    ImageError, Limits, decode, probe,
    render::{Recipe, render},
    verify,
};

use crate::fixture::fixture;

const SOUND: [&str; 12] = [
    "scene.png",
    "scene.gif",
    "scene.bmp",
    "scene.tiff",
    "scene.webp",
    "lossy.webp",
    "scene.jpeg",
    "progressive.jpeg",
    "restarts.jpeg",
    "cmyk.jpeg",
    "grey.jpeg",
    "orientation-6.jpeg",
];

fn limits() -> Limits {
    Limits {
        max_pixels: 1_000_000,
        max_alloc: 64 << 20,
        ..Limits::default()
    }
}

fn thumbnail() -> Recipe {
    Recipe {
        width: Some(10),
        ..Recipe::default()
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for name in SOUND {
        let bytes = fixture(name);
        // The last four bytes of a GIF hold no pixels: they say three times that nothing follows.
        let whole = if name.ends_with("gif") {
            bytes.len() - 4
        } else {
            bytes.len()
        };
        for length in (1..whole).step_by(7).chain([whole - 1]) {
            let cut = &bytes[..length];
            let told = format!("{name} cut to {length} of {} bytes", bytes.len());
            assert!(decode(cut, &limits()).is_err(), "{told}");
            assert!(verify(cut, &limits()).is_err(), "{told}");
            assert!(render(cut, &thumbnail(), &limits()).is_err(), "{told}");
        }
    }
}

#[test]
fn a_cut_file_is_told_so_in_words() {
    for name in SOUND {
        let bytes = fixture(name);
        let Err(error) = decode(&bytes[..bytes.len() * 9 / 10], &limits()) else {
            panic!("{name} was read although a tenth is missing");
        };
        assert!(
            matches!(error, ImageError::Unreadable { .. }),
            "{name}: {error:?}"
        );
    }
}

#[test]
fn bytes_after_the_end_do_no_harm() {
    for name in SOUND {
        let mut bytes = fixture(name);
        bytes.extend(b"\xFF\xD8 appended by a camera");
        assert!(decode(&bytes, &limits()).is_ok(), "{name}");
        assert!(verify(&bytes, &limits()).is_ok(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn damage_is_noticed_by_all_alike_and_makes_none_panic(
        name in prop::sample::select(SOUND.as_slice()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        keep in 0.3_f64..1.3,
    ) {
        let mut bytes = fixture(name);
        for (index, value) in flips {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let keep = (bytes.len() as f64 * keep) as usize;
        bytes.truncate(keep);
        let decoded = decode(&bytes, &limits());
        if let Ok(decoded) = &decoded {
            let picture = &decoded.picture;
            prop_assert!(u64::from(picture.width()) * u64::from(picture.height()) <= limits().max_pixels);
            let probe = probe(&bytes, &limits()).expect("a header");
            prop_assert_eq!((probe.width, probe.height), (picture.width(), picture.height()));
        }
        // Whoever computes less notices no less.
        prop_assert_eq!(verify(&bytes, &limits()).is_ok(), decoded.is_ok());
        prop_assert_eq!(render(&bytes, &thumbnail(), &limits()).is_ok(), decoded.is_ok());
    }
}
