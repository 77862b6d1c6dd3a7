//! What is uploaded comes back.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use pupila_core::{Clock as _, Digest, ErrorCode};
use pupila_proto::images::v1::ImageHeader;

use crate::{
    harness::TestImages,
    pictures::{SIZE, colour, fixture, located, numbered},
    user::{chunk, head, header},
};

crate::on_every_store!(
    an_upload_comes_back_byte_for_byte,
    the_same_bytes_are_kept_once,
    many_uploads_at_once_all_come_back,
);

async fn an_upload_comes_back_byte_for_byte(images: TestImages) {
    let ana = images.user("ana");
    let file = fixture("scene.jpeg");
    let stored = ana.upload_as(
        ImageHeader {
            description: "A scene\nby the sea".to_owned(),
            ..header("/home/ana/tórax.jpeg")
        },
        &file,
    );
    let stored = stored.await.expect("stored");
    assert_eq!(stored.owner, ana.id);
    assert_eq!(stored.name, "tórax.jpeg");
    assert_eq!(stored.description, "A scene\nby the sea");
    assert_eq!(stored.format, "jpeg");
    assert_eq!((stored.width, stored.height), (97, 61));
    assert_eq!(stored.size, file.len() as u64);
    assert_eq!(stored.sha256, Digest::of(&file).to_string());
    assert_eq!(stored.revision, 1);
    let now = images.clock.now();
    assert_eq!(stored.create_time.expect("a time").seconds, now.as_second());
    assert_eq!(stored.update_time, stored.create_time);

    assert_eq!(ana.get(&stored.id).await.expect("there"), stored);
    let content = ana.content(&stored.id).await.expect("there");
    assert_eq!(content.header, stored);
    assert!(content.bytes == file);
}

async fn the_same_bytes_are_kept_once(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = colour([1, 2, 3]);
    let hers = ana.upload(&file).await.expect("stored");
    let his = luis.upload(&file).await.expect("stored");
    let again = ana.upload(&file).await.expect("stored");
    assert_eq!(hers.sha256, his.sha256);
    assert!(hers.id != his.id && hers.id != again.id);
    assert_eq!(images.originals().await.len(), 1);
    assert_eq!(images.rows("blobs").await, 1);
    assert_eq!(images.rows("loose_objects").await, 0);

    // Each counts for the one who owns it.
    assert_eq!(ana.usage().await.expect("counted").bytes, 2 * SIZE);
    assert_eq!(luis.usage().await.expect("counted").images, 1);

    ana.delete(&hers.id).await.expect("deleted");
    ana.delete(&again.id).await.expect("deleted");
    assert!(luis.content(&his.id).await.expect("kept").bytes == file);
    luis.delete(&his.id).await.expect("deleted");
    assert_eq!(images.objects().await, [""; 0]);
    assert_eq!(images.rows("blobs").await, 0);
}

async fn many_uploads_at_once_all_come_back(images: TestImages) {
    const CLIENTS: u32 = 8;
    const EACH: u32 = 6;
    let uploads = stream::iter(0..CLIENTS).map(|client| {
        let ana = images.user("ana");
        async move {
            for number in 0..EACH {
                let file = numbered(client * EACH + number);
                let stored = ana.upload(&file).await.expect("stored");
                let content = ana.content(&stored.id).await.expect("there");
                assert!(content.bytes == file);
            }
        }
    });
    uploads.for_each_concurrent(None, |client| client).await;
    let usage = images.user("ana").usage().await.expect("counted");
    assert_eq!(usage.images, u64::from(CLIENTS * EACH));
    assert_eq!(usage.bytes, u64::from(CLIENTS * EACH) * SIZE);
    assert_eq!(images.originals().await.len(), (CLIENTS * EACH) as usize);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_camera_says_is_kept_without_the_place() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(located()).await.expect("stored");
    assert_eq!(stored.taken_at, "2008-10-22T16:28:39");
    assert_eq!(stored.camera, "NIKON COOLPIX P6000");
    assert_eq!(stored.location, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_lies_on_its_side_is_measured_upright() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    for orientation in 1..=8 {
        let file = fixture(&format!("orientation-{orientation}.jpeg"));
        let stored = ana.upload(&file).await.expect("stored");
        let upright = crate::pictures::decoded(&file).picture;
        assert_eq!(
            (stored.width, stored.height),
            (upright.width(), upright.height()),
            "{orientation}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_over_the_limit_is_read_no_further() {
    let images = TestImages::configured(|config| config.limits.max_image_bytes = 100_000).await;
    let ana = images.user("ana");
    // A stream that never ends: whoever reads on never answers.
    let endless = stream::iter([head(header("big.bmp"))]).chain(stream::repeat(chunk(&[0; 4096])));
    let error = ana.upload_parts(endless).await.expect_err("too large");
    assert_eq!(error.code, ErrorCode::TooLarge);
    assert_eq!(error.reason, "TOO_LARGE");
    assert!(error.message.contains("100000"), "{error}");
    assert_eq!(images.objects().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_share_the_memory_that_there_is() {
    let images = TestImages::configured(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 2 << 20;
    })
    .await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    // Two that have sent a megabyte each, and are not done.
    let (held, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let slow = |user: &crate::user::TestUser| {
        let held = held.clone();
        let parts = [head(header("slow.bmp")), chunk(&vec![0; 1 << 20])];
        let rest = stream::once(async move {
            held.send(()).expect("heard");
            std::future::pending().await
        });
        let user = user.clone();
        tokio::spawn(async move { user.upload_parts(stream::iter(parts).chain(rest)).await })
    };
    let uploads = [slow(&ana), slow(&images.user("zoe"))];
    for _ in &uploads {
        arrived.recv().await.expect("arrived");
    }
    let error = luis.upload(colour([1; 3])).await.expect_err("no memory");
    assert_eq!(error.code, ErrorCode::ResourceExhausted);
    assert_eq!(error.reason, "TOO_MANY_UPLOADS");
    for upload in uploads {
        upload.abort();
        let _ = upload.await;
    }
    luis.upload(colour([1; 3])).await.expect("memory again");
}

#[tokio::test]
async fn a_sender_that_goes_silent_is_given_up() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    tokio::time::pause();
    let parts = stream::iter([head(header("slow.bmp"))]).chain(stream::pending());
    let start = tokio::time::Instant::now();
    let error = ana.upload_parts(parts).await.expect_err("silent");
    assert_eq!(error.code, ErrorCode::DeadlineExceeded);
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_sender_that_drips_is_given_up() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    tokio::time::pause();
    // Never silent for long, and never done.
    let drops = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        Some((chunk(&[0; 1024]), ()))
    });
    let parts = stream::iter([head(header("slow.bmp"))]).chain(drops);
    let start = tokio::time::Instant::now();
    let error = ana.upload_parts(parts).await.expect_err("too slow");
    assert_eq!(error.code, ErrorCode::DeadlineExceeded);
    assert!(start.elapsed() < Duration::from_secs(45));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_holds_more_than_half_of_the_memory() {
    let images = TestImages::configured(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 2 << 20;
    })
    .await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let (held, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let parts = [head(header("slow.bmp")), chunk(&vec![0; 1 << 20])];
    let rest = stream::once(async move {
        held.send(()).expect("heard");
        std::future::pending().await
    });
    let hers = ana.clone();
    let slow =
        tokio::spawn(async move { hers.upload_parts(stream::iter(parts).chain(rest)).await });
    arrived.recv().await.expect("arrived");
    let error = ana.upload(colour([1; 3])).await.expect_err("her half");
    assert_eq!(error.reason, "TOO_MANY_UPLOADS");
    luis.upload(colour([1; 3])).await.expect("his half");
    slow.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_answers_at_once() {
    let images = TestImages::configured(|config| {
        config.pool.workers = 1;
        config.pool.queue = 0;
    })
    .await;
    let ana = images.user("ana");
    let uploads = stream::iter(0..16).map(|number| {
        let ana = ana.clone();
        async move { ana.upload(numbered(number)).await }
    });
    let answers: Vec<_> = uploads.buffer_unordered(16).collect().await;
    let stored = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(stored > 0);
    for error in answers.into_iter().filter_map(Result::err) {
        assert_eq!(error.code, ErrorCode::ResourceExhausted);
        assert_eq!(error.reason, "QUEUE_FULL");
    }
}
