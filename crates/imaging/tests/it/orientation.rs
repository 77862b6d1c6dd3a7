//! Whatever way a camera held the picture, it comes out upright.

use pupila_imaging::{Limits, decode, probe};

use crate::fixture::fixture;

#[test]
fn all_eight_orientations_come_out_upright() {
    for extension in ["jpeg", "png", "webp", "tiff"] {
        for number in 1..=8 {
            let name = format!("orientation-{number}.{extension}");
            let bytes = fixture(&name);
            let picture = decode(&bytes, &Limits::default()).expect("sound").picture;

            assert_eq!((picture.width(), picture.height()), (48, 32), "{name}");
            let probe = probe(&bytes, &Limits::default()).expect("sound");
            assert_eq!((probe.width, probe.height), (48, 32), "{name}");
            assert_eq!(probe.orientation, number, "{name}");
            // A black corner at the top left, 16 x 8 pixels; all the rest is white.
            let count = picture.channels().count();
            let row = 48 * count;
            for (x, y, dark) in [
                (3, 3, true),
                (12, 4, true),
                (40, 3, false),
                (3, 28, false),
                (40, 28, false),
                (12, 12, false),
            ] {
                let level = picture.samples()[y * row + x * count];
                assert_eq!(level < 64, dark, "{name} at {x}, {y}: {level}");
            }
        }
    }
}
