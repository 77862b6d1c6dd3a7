//! Pages and filters.

use jiff::SignedDuration;
use pupila_core::Clock as _;
use pupila_proto::images::v1::{Image, ImageFilter, ImageHeader, ListImagesRequest};

use crate::{
    harness::TestImages,
    pictures::{colour, fixture, numbered},
    user::{TestUser, header},
};

crate::on_every_engine!(
    the_newest_comes_first_and_pages_neither_skip_nor_repeat,
    images_of_the_same_microsecond_have_an_order,
    each_filter_finds_its_own,
    words_are_found_whatever_their_case_and_signs_stand_for_themselves,
    nobody_lists_what_others_own,
);

async fn found(user: &TestUser, filter: ImageFilter) -> Vec<Image> {
    let request = ListImagesRequest {
        filter: Some(filter),
        ..Default::default()
    };
    user.list(request).await.expect("a page").images
}

/// All pages of that size, while somebody goes on uploading.
async fn walk(user: &TestUser, page_size: u32, disturb: bool) -> Vec<Image> {
    let mut request = ListImagesRequest {
        page_size,
        ..Default::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = user.list(request.clone()).await.expect("a page");
        seen.extend(page.images);
        if page.next_page_token.is_empty() {
            return seen;
        }
        request.page_token = page.next_page_token;
        if disturb {
            user.upload(numbered(1_000)).await.expect("stored");
        }
    }
}

async fn the_newest_comes_first_and_pages_neither_skip_nor_repeat(images: TestImages) {
    let ana = images.user("ana");
    let mut expected = Vec::new();
    for number in 0..7 {
        images.clock.advance(SignedDuration::from_secs(1));
        expected.insert(0, ana.upload(numbered(number)).await.expect("stored"));
    }
    images.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(walk(&ana, 3, false).await, expected);
    assert_eq!(walk(&ana, 3, true).await, expected);
    assert_eq!(walk(&ana, 0, false).await.len(), 9);
}

async fn images_of_the_same_microsecond_have_an_order(images: TestImages) {
    let ana = images.user("ana");
    let mut expected = Vec::new();
    for number in 0..5 {
        expected.push(ana.upload(numbered(number)).await.expect("stored"));
    }
    expected.sort_by(|one, other| other.id.cmp(&one.id));
    assert_eq!(walk(&ana, 2, false).await, expected);
}

async fn each_filter_finds_its_own(images: TestImages) {
    let ana = images.user("ana");
    let old = ana.upload(colour([1; 3])).await.expect("stored");
    images.clock.advance(SignedDuration::from_secs(60));
    let new = ana.upload(fixture("scene.png")).await.expect("stored");
    let now = images.clock.now();
    let time = |past: i64| {
        Some(prost_types::Timestamp {
            seconds: now.as_second() - past,
            nanos: now.subsec_nanosecond(),
        })
    };
    let any = ImageFilter::default;
    for filter in [
        ImageFilter {
            format: Some("bmp".into()),
            ..any()
        },
        ImageFilter {
            until_time: time(0),
            ..any()
        },
        ImageFilter {
            until_time: time(30),
            from_time: time(60),
            ..any()
        },
    ] {
        assert_eq!(
            found(&ana, filter.clone()).await,
            std::slice::from_ref(&old),
            "{filter:?}"
        );
    }
    for filter in [
        ImageFilter {
            format: Some("png".into()),
            ..any()
        },
        ImageFilter {
            from_time: time(0),
            ..any()
        },
        ImageFilter {
            format: Some("png".into()),
            from_time: time(60),
            text: Some("PICTURE".into()),
            ..any()
        },
    ] {
        assert_eq!(
            found(&ana, filter.clone()).await,
            std::slice::from_ref(&new),
            "{filter:?}"
        );
    }
    assert_eq!(found(&ana, any()).await, [new, old]);
    let none = ImageFilter {
        format: Some("tiff".into()),
        ..any()
    };
    assert_eq!(found(&ana, none).await, []);
}

async fn words_are_found_whatever_their_case_and_signs_stand_for_themselves(images: TestImages) {
    let ana = images.user("ana");
    let described = async |name: &str, description: &str, file: Vec<u8>| {
        let header = ImageHeader {
            description: description.to_owned(),
            ..header(name)
        };
        ana.upload_as(header, file).await.expect("stored").name
    };
    described(
        "Rodilla.jpeg",
        "La rodilla IZQUIERDA, 100% nítida",
        numbered(1),
    )
    .await;
    described("TÓRAX_1.png", "", numbered(2)).await;
    described("torax!1.png", "a\\b ' \"", numbered(3)).await;
    for (text, expected) in [
        ("rodilla", &["Rodilla.jpeg"][..]),
        ("izquierda  RODILLA", &["Rodilla.jpeg"]),
        ("NÍTIDA", &["Rodilla.jpeg"]),
        ("tórax", &["TÓRAX_1.png"]),
        ("x_1", &["TÓRAX_1.png"]),
        ("x!1", &["torax!1.png"]),
        ("0%", &["Rodilla.jpeg"]),
        ("%", &["Rodilla.jpeg"]),
        ("_", &["TÓRAX_1.png"]),
        ("\\b", &["torax!1.png"]),
        ("'", &["torax!1.png"]),
        (".png", &["TÓRAX_1.png", "torax!1.png"]),
        ("rodilla derecha", &[]),
        ("jpegla", &[]),
    ] {
        let filter = ImageFilter {
            text: Some(text.to_owned()),
            ..Default::default()
        };
        let mut names: Vec<_> = found(&ana, filter)
            .await
            .into_iter()
            .map(|image| image.name)
            .collect();
        names.sort();
        assert_eq!(names, expected, "{text}");
    }
}

async fn nobody_lists_what_others_own(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let hers = ana.upload(colour([1; 3])).await.expect("stored");
    images.accounts.share(&hers.id, &luis);
    luis.put_avatar(colour([2; 3])).await.expect("stored");
    assert_eq!(found(&luis, ImageFilter::default()).await, []);
}
