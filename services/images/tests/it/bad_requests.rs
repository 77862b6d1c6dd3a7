//! Requests that cannot be are refused, by field.

use futures_util::{StreamExt as _, stream};
use pupila_core::ErrorCode;
use pupila_proto::images::v1::{
    BatchGetImagesRequest, CreateImageRequest, ImageFilter, ImageHeader, ListImagesRequest,
    ReadRenditionRequest, Recipe, UpdateImageRequest,
};
use pupila_runtime::rpc::RpcError;

use crate::{
    harness::TestImages,
    pictures::colour,
    user::{chunk, head, header, parts},
};

/// The fields that an error blames.
fn blamed(error: RpcError) -> Vec<String> {
    assert_eq!(error.code, ErrorCode::InvalidArgument, "{error}");
    assert_eq!(error.reason, "INVALID_ARGUMENT");
    let violations = error.violations.into_iter();
    violations.map(|violation| violation.field).collect()
}

/// PngSuite, where the tests have the folder with larger data.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_one_header_and_then_bytes() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let file = colour([1; 3]);
    let whole = parts(header("a.bmp"), &file);
    let empty = CreateImageRequest { part: None };
    for (name, parts) in [
        ("nothing at all", vec![]),
        ("no header", vec![chunk(&file)]),
        (
            "a header too late",
            vec![chunk(&file), head(header("a.bmp"))],
        ),
        (
            "two headers",
            [whole.clone(), vec![head(header("b.bmp"))]].concat(),
        ),
        ("an empty part", [whole, vec![empty]].concat()),
    ] {
        let error = ana.upload_parts(stream::iter(parts)).await;
        let error = error.expect_err(name);
        assert_eq!(error.code, ErrorCode::InvalidArgument, "{name}");
    }
    for parts in [vec![], vec![chunk(&[])]] {
        let parts = [vec![head(header("a.bmp"))], parts].concat();
        let error = ana.upload_parts(stream::iter(parts)).await;
        assert_eq!(blamed(error.expect_err("no bytes")), ["file"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_header_that_cannot_be_is_blamed() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let bad = ImageHeader {
        name: "/".to_owned(),
        description: "x".repeat(2001),
        idempotency_key: "a b".to_owned(),
        ..Default::default()
    };
    // Before any bytes come.
    let parts = stream::iter([head(bad)]).chain(stream::pending());
    let error = ana.upload_parts(parts).await.expect_err("all wrong");
    assert_eq!(blamed(error), ["name", "description", "idempotency_key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_make_no_sense_are_refused() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let error = ana.get("42").await.expect_err("not a UUID");
    assert_eq!(blamed(error), ["id"]);

    let many = BatchGetImagesRequest {
        ids: vec![uuid::Uuid::nil().to_string(); 201],
        filter: None,
    };
    assert_eq!(
        blamed(ana.batch(many).await.expect_err("too many")),
        ["ids"]
    );

    let second = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let filters = [
        (
            ImageFilter {
                text: Some(" ".into()),
                ..Default::default()
            },
            "text",
        ),
        (
            ImageFilter {
                text: Some("x".repeat(101)),
                ..Default::default()
            },
            "text",
        ),
        (
            ImageFilter {
                format: Some("avif".into()),
                ..Default::default()
            },
            "format",
        ),
        (
            ImageFilter {
                from_time: second(i64::MAX),
                ..Default::default()
            },
            "from_time",
        ),
        (
            ImageFilter {
                from_time: second(1),
                until_time: second(0),
                ..Default::default()
            },
            "until_time",
        ),
    ];
    for (filter, field) in filters {
        let request = ListImagesRequest {
            filter: Some(filter),
            ..Default::default()
        };
        let error = ana.list(request).await.expect_err(field);
        assert_eq!(blamed(error), [format!("filter/{field}")]);
    }
    for (page_size, page_token, field) in [(201, "", "page_size"), (1, "made up", "page_token")] {
        let request = ListImagesRequest {
            page_size,
            page_token: page_token.to_owned(),
            ..Default::default()
        };
        assert_eq!(blamed(ana.list(request).await.expect_err(field)), [field]);
    }

    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    let error = ana.content_part(&stored.id, 0, Some(0)).await;
    assert_eq!(blamed(error.err().expect("nothing")), ["length"]);
    let bad = UpdateImageRequest {
        id: stored.id,
        name: Some("a\nb".to_owned()),
        description: Some("\0".to_owned()),
        ..Default::default()
    };
    let error = ana.update(bad).await.expect_err("both wrong");
    assert_eq!(blamed(error), ["name", "description"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_recipe_that_cannot_be_is_blamed() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    let order = |recipe| ReadRenditionRequest {
        id: stored.id.clone(),
        recipe: Some(recipe),
        ..Default::default()
    };
    let recipe = Recipe {
        rotate: Some(45),
        width: Some(0),
        height: Some(100_000),
        brightness: Some(f64::NAN),
        blur: Some(-1.0),
        background: Some("red".to_owned()),
        quality: Some(300),
        ..Default::default()
    };
    let error = ana.rendition(order(recipe)).await;
    let mut fields = blamed(error.err().expect("all wrong"));
    fields.sort();
    assert_eq!(
        fields,
        [
            "background",
            "blur",
            "brightness",
            "height",
            "quality",
            "rotate",
            "width"
        ]
    );
    for (recipe, field) in [
        (
            Recipe {
                format: "avif".to_owned(),
                ..Default::default()
            },
            "format",
        ),
        (
            Recipe {
                fit: 99,
                ..Default::default()
            },
            "fit",
        ),
    ] {
        let error = ana.rendition(order(recipe)).await;
        assert_eq!(blamed(error.err().expect(field)), [field]);
    }
    let unknown = ReadRenditionRequest {
        preset: "huge".to_owned(),
        ..order(Recipe::default())
    };
    let error = ana.rendition(unknown).await.err().expect("unknown");
    assert!(error.message.contains("thumbnail"), "{error}");
    assert_eq!(blamed(error), ["preset"]);
}
