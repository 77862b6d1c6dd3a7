//! Renditions are made once, and kept within bounds.

use futures_util::future::join_all;
use pupila_proto::images::v1::ReadRenditionRequest;
use pupila_storage::StorageKey;

use crate::{
    harness::TestImages,
    orders::{sized, stored},
    pictures::{colour, decoded, large},
};

crate::on_every_store!(a_rendition_is_made_once_and_kept);

async fn kept(images: &TestImages) -> Vec<String> {
    let mut objects = images.objects().await;
    objects.retain(|name| name.starts_with("renditions/"));
    objects
}

async fn a_rendition_is_made_once_and_kept(images: TestImages) {
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    let first = ana.rendition(sized(&scene, 48)).await.expect("made");
    assert_eq!(first.header.format, "jpeg");
    assert_eq!(first.header.size, first.bytes.len() as u64);
    let picture = decoded(&first.bytes).picture;
    assert_eq!((picture.width(), picture.height()), (48, 30));

    let [name] = &kept(&images).await[..] else {
        panic!("one is kept")
    };
    // Somebody who reads what was kept reads this.
    let key = StorageKey::new(name.clone()).expect("a key");
    let marked = images.storage.storage.put(&key, "kept".into());
    marked.await.expect("written");
    let second = ana.rendition(sized(&scene, 48)).await.expect("kept");
    assert_eq!(second.bytes, b"kept");
    assert_eq!(
        (second.header.size, &second.header.etag),
        (4, &first.header.etag)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_it_gets_no_bytes_and_nothing_is_made() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    let etag = ana
        .rendition(sized(&scene, 48))
        .await
        .expect("made")
        .header
        .etag;
    for name in kept(&images).await {
        let key = StorageKey::new(name).expect("a key");
        images.storage.storage.delete(&key).await.expect("deleted");
    }
    let known = ReadRenditionRequest {
        known_etag: etag.clone(),
        ..sized(&scene, 48)
    };
    let answer = ana.rendition(known).await.expect("known");
    assert_eq!((answer.header.etag, answer.bytes.len()), (etag.clone(), 0));
    assert_eq!(kept(&images).await, [""; 0]);
    let other = ReadRenditionRequest {
        known_etag: etag,
        ..sized(&scene, 49)
    };
    assert!(!ana.rendition(other).await.expect("made").bytes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_get_the_same() {
    let images = TestImages::configured(|config| {
        config.pool.workers = 1;
        config.pool.queue = 0;
    })
    .await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    // With one worker and no queue, all but one would be refused if each were made by itself.
    let answers = join_all((0..16).map(|_| ana.rendition(sized(&scene, 48)))).await;
    let made: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect("made").bytes)
        .collect();
    assert!(made.iter().all(|bytes| *bytes == made[0]));
    assert_eq!(kept(&images).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_in_a_million_ways_fills_no_disk() {
    let images = TestImages::configured(|config| config.limits.max_renditions_kept = 3).await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    for width in 20..30 {
        let rendition = ana.rendition(sized(&scene, width)).await.expect("made");
        assert_eq!(decoded(&rendition.bytes).picture.width(), width);
    }
    assert_eq!(kept(&images).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_an_image_has_few_bytes_or_as_many_as_its_file() {
    for (file, most) in [("scene.jpeg", 10_000), ("scene.bmp", 0)] {
        let images = TestImages::configured(|config| {
            config.limits.max_rendition_bytes_kept = most;
        })
        .await;
        let ana = images.user("ana");
        let scene = stored(&ana, file).await;
        for width in 60..97 {
            let order = ReadRenditionRequest {
                accepted_formats: vec!["png".to_owned()],
                ..sized(&scene, width)
            };
            let rendition = ana.rendition(order).await.expect("made");
            assert_eq!(decoded(&rendition.bytes).picture.width(), width);
        }
        let mut bytes = 0;
        for name in kept(&images).await {
            let key = StorageKey::new(name).expect("a key");
            let object = images.storage.storage.head(&key).await;
            bytes += object.expect("there").size;
        }
        let most = scene.size.max(most);
        assert!((1..=most).contains(&bytes), "{bytes} of {most}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendition_that_cannot_be_kept_is_made_all_the_same() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    // A file where the folder would be.
    let folder = images.storage.config.path.as_ref().expect("a folder");
    std::fs::write(folder.join("renditions"), "in the way").expect("written");
    let rendition = ana.rendition(sized(&scene, 48)).await.expect("made");
    assert_eq!(decoded(&rendition.bytes).picture.width(), 48);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_of_what_is_kept_hold_no_memory() {
    let images = TestImages::configured(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 2 << 20;
    })
    .await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    // Each would hold a share of 64 KiB, of which there are 32.
    let mut readers = Vec::new();
    for width in 10..60 {
        let reader = ana.open_rendition(sized(&scene, width)).await;
        readers.push(reader.expect("made"));
    }
    assert_eq!(kept(&images).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_of_what_is_not_kept_hold_memory_that_others_wait_for() {
    let images = TestImages::configured(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 2 << 20;
        config.limits.max_renditions_kept = 0;
    })
    .await;
    let ana = images.user("ana");
    let scene = stored(&ana, "scene.jpeg").await;
    let mut readers = Vec::new();
    for width in 10..42 {
        let reader = ana.open_rendition(sized(&scene, width)).await;
        readers.push(reader.expect("made"));
    }
    let error = ana.upload(colour([1; 3])).await.expect_err("no memory");
    assert_eq!(error.reason, "TOO_MANY_UPLOADS");
    let (another, ()) = tokio::join!(ana.rendition(sized(&scene, 50)), async { drop(readers) });
    another.expect("memory again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_large_pictures_waits_for_its_turn() {
    let images = TestImages::configured(|config| {
        config.limits.max_image_bytes = 1 << 20;
        config.limits.max_buffered_bytes = 2 << 20;
        config.pool.workers = 2;
        config.pool.queue = 0;
    })
    .await;
    let ana = images.user("ana");
    let mut pictures = Vec::new();
    for shade in 0..30 {
        let stored = ana.upload(large(shade)).await;
        pictures.push(stored.expect("stored"));
    }
    let thumbnails = pictures
        .iter()
        .map(|picture| ana.rendition(sized(picture, 64)));
    for thumbnail in join_all(thumbnails).await {
        thumbnail.expect("made");
    }
}
