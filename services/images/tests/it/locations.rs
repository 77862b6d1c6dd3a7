//! Where an image was taken is its owner's business.

use pupila_core::Digest;
use pupila_imaging::Exif;
use pupila_proto::images::v1::{Image, ImageHeader, Location, ReadRenditionRequest};

use crate::{
    harness::TestImages,
    pictures::{colour, decoded, fixture, located, located_png},
    user::{TestUser, header},
};

async fn keeping(user: &TestUser, file: &[u8]) -> Image {
    let header = ImageHeader {
        keep_location: true,
        ..header("where.jpeg")
    };
    user.upload_as(header, file).await.expect("stored")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_is_taken_out_of_the_file_unless_its_owner_keeps_it() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let file = located();
    let stored = ana.upload(&file).await.expect("stored");
    assert_eq!(stored.location, None);
    let content = ana.content(&stored.id).await.expect("there").bytes;
    assert_eq!(Exif::read(&content).location, None);
    assert_eq!(stored.sha256, Digest::of(&content).to_string());
    assert_eq!(decoded(&content), decoded(&file));
    assert!(Exif::read(&content).camera.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_kept_place_sees_it_and_nobody_else_does() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = located();
    let stored = keeping(&ana, &file).await;
    let place = Location {
        latitude: 43.5,
        longitude: 11.75,
    };
    assert_eq!(stored.location, Some(place));
    assert_eq!(ana.get(&stored.id).await.expect("hers"), stored);
    assert!(ana.content(&stored.id).await.expect("hers").bytes == file);

    images.accounts.share(&stored.id, &luis);
    let shown = luis.get(&stored.id).await.expect("shared");
    assert_eq!(shown.location, None);
    let content = luis.content(&stored.id).await.expect("shared");
    // What was announced is what comes.
    assert_eq!(content.header, shown);
    assert_eq!(content.bytes.len() as u64, shown.size);
    assert_eq!(Digest::of(&content.bytes).to_string(), shown.sha256);
    assert_ne!(shown.sha256, stored.sha256);
    assert_eq!(Exif::read(&content.bytes).location, None);
    assert_eq!(decoded(&content.bytes), decoded(&file));

    let order = ReadRenditionRequest {
        id: stored.id.clone(),
        ..Default::default()
    };
    for user in [&ana, &luis] {
        let rendition = user.rendition(order.clone()).await.expect("made");
        assert_eq!(Exif::read(&rendition.bytes), Exif::default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_read_parts_of_the_copy_even_where_it_is_shorter() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = located_png();
    let stored = keeping(&ana, &file).await;
    images.accounts.share(&stored.id, &luis);
    let whole = luis.content(&stored.id).await.expect("shared");
    assert!(whole.bytes == fixture("scene.png"), "the text is gone");
    let size = whole.bytes.len() as u64;
    assert!(size < stored.size);
    assert_eq!(whole.header.size, size);

    let part = luis.content_part(&stored.id, 100, Some(50)).await;
    assert!(part.expect("a part").bytes == whole.bytes[100..150]);
    let end = luis.content_part(&stored.id, size - 1, None).await;
    assert_eq!(end.expect("the last byte").bytes.len(), 1);
    let error = luis.content_part(&stored.id, size, None).await.err();
    assert_eq!(error.expect("nothing").reason, "RANGE_NOT_SATISFIABLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_place_is_the_same_for_all() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = colour([1; 3]);
    let stored = keeping(&ana, &file).await;
    images.accounts.share(&stored.id, &luis);
    assert_eq!(luis.get(&stored.id).await.expect("shared"), stored);
    assert!(luis.content(&stored.id).await.expect("shared").bytes == file);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_a_newer_release_makes_otherwise_is_announced_as_it_is() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let stored = keeping(&ana, &located()).await;
    images.accounts.share(&stored.id, &luis);
    images.execute("UPDATE images SET public_size = 1").await;
    let content = luis.content(&stored.id).await.expect("shared");
    assert_eq!(content.header.size, content.bytes.len() as u64);
    let shown = luis.get(&stored.id).await.expect("shared");
    assert_eq!(shown, content.header);
}
