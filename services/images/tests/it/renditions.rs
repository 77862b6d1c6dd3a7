//! Renditions are what was asked for.

use pupila_imaging::Format;
use pupila_proto::images::v1::{Fit, ReadRenditionRequest, Recipe};

use crate::{
    harness::TestImages,
    orders::{order, stored},
    pictures::{decoded, gif},
};

#[tokio::test(flavor = "multi_thread")]
async fn presets_are_recipes_and_what_is_said_too_wins() {
    let images = TestImages::configured(|config| {
        let preset = pupila_images::PresetConfig {
            width: Some(40),
            height: Some(40),
            fit: Some("cover".to_owned()),
            format: Some("png".to_owned()),
            ..Default::default()
        };
        config.presets.insert("square".to_owned(), preset);
    })
    .await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    let square = ReadRenditionRequest {
        preset: "square".to_owned(),
        ..order(&scene)
    };
    let rendition = decoded(&ana.rendition(square.clone()).await.expect("made").bytes);
    assert_eq!(rendition.format, Format::Png);
    assert_eq!(
        (rendition.picture.width(), rendition.picture.height()),
        (40, 40)
    );

    let flat = ReadRenditionRequest {
        recipe: Some(Recipe {
            height: Some(20),
            fit: Fit::Exact.into(),
            format: "jpeg".to_owned(),
            ..Default::default()
        }),
        ..square
    };
    let rendition = decoded(&ana.rendition(flat).await.expect("made").bytes);
    assert_eq!(rendition.format, Format::Jpeg);
    assert_eq!(
        (rendition.picture.width(), rendition.picture.height()),
        (40, 20)
    );
    for (preset, size) in [
        ("thumbnail", (97, 61)),
        ("preview", (97, 61)),
        ("cover", (92, 61)),
    ] {
        let preset = ReadRenditionRequest {
            preset: preset.to_owned(),
            ..order(&scene)
        };
        // None of them makes it larger than it is.
        let picture = decoded(&ana.rendition(preset).await.expect("ours").bytes).picture;
        assert_eq!((picture.width(), picture.height()), size);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_format_suits_the_image_and_the_caller() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let opaque = stored(&ana, "scene.jpeg").await;
    let transparent = ana.upload(gif(1)).await.expect("stored");
    for (image, accepted, expected) in [
        (&opaque, &[][..], "jpeg"),
        (&transparent, &[], "png"),
        (&opaque, &["webp", "png", "jpeg"], "webp"),
        (&transparent, &["jpeg", "png"], "png"),
        (&transparent, &["jpeg"], "jpeg"),
        (&opaque, &["png"], "png"),
        (&opaque, &["avif"], "jpeg"),
    ] {
        let order = ReadRenditionRequest {
            accepted_formats: accepted.iter().map(|&name| name.to_owned()).collect(),
            ..order(image)
        };
        let rendition = ana.rendition(order).await.expect("made");
        assert_eq!(rendition.header.format, expected, "{accepted:?}");
        assert_eq!(decoded(&rendition.bytes).format.name(), expected);
    }
    let asked = ReadRenditionRequest {
        recipe: Some(Recipe {
            format: "png".to_owned(),
            ..Default::default()
        }),
        accepted_formats: vec!["webp".to_owned()],
        ..order(&opaque)
    };
    let rendition = ana.rendition(asked).await.expect("made");
    assert_eq!(rendition.header.format, "png");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendition_of_too_many_pixels_is_refused() {
    let images = TestImages::configured(|config| config.limits.max_image_pixels = 10_000).await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    let order = ReadRenditionRequest {
        recipe: Some(Recipe {
            width: Some(1_000),
            enlarge: Some(true),
            ..Default::default()
        }),
        ..order(&scene)
    };
    let error = ana.rendition(order).await.err().expect("too large");
    assert_eq!(error.reason, "INVALID_ARGUMENT");
    let fields: Vec<_> = error.violations.iter().map(|at| &*at.field).collect();
    assert_eq!(fields, ["width", "height"]);
}
