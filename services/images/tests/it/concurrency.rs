//! Uploads and deletions of the same bytes at the same time: no image is ever without its bytes, and nothing is left.

use futures_util::future::join_all;
use jiff::SignedDuration;
use pupila_core::ErrorCode;

use crate::{harness::TestImages, pictures::numbered, user::TestUser};

crate::on_every_store!(whoever_comes_and_goes_the_bytes_are_there_and_then_gone);

const CLIENTS: u32 = 8;
const ROUNDS: u32 = 12;
/// Few, so that they meet.
const CONTENTS: u32 = 2;

async fn whoever_comes_and_goes_the_bytes_are_there_and_then_gone(images: TestImages) {
    let clients = (0..CLIENTS).map(|client| {
        // Some of them are the same person.
        let user = images.user(["ana", "luis", "eva"][client as usize % 3]);
        tokio::spawn(come_and_go(user, client))
    });
    for client in join_all(clients).await {
        client.expect("no story fails");
    }
    // Half of the clients kept their last image.
    let kept = i64::from(CLIENTS / 2);
    assert_eq!(images.rows("images").await, kept);
    assert_eq!(
        images.originals().await.len() as i64,
        images.rows("blobs").await
    );
    assert_eq!(images.rows("loose_objects").await, 0);

    images.clock.advance(SignedDuration::from_hours(2));
    let found = images.admin().sweep().await.expect("swept");
    assert_eq!(
        (
            found.objects_removed,
            found.records_removed,
            found.missing_sha256.len()
        ),
        (0, 0, 0)
    );
    for name in ["ana", "luis", "eva"] {
        let user = images.user(name);
        let list = user.list(Default::default()).await.expect("a page");
        let usage = user.usage().await.expect("counted");
        assert_eq!(usage.images, list.images.len() as u64);
        let bytes: u64 = list.images.iter().map(|image| image.size).sum();
        assert_eq!(usage.bytes, bytes);
        for image in list.images {
            let content = user.content(&image.id).await.expect("there");
            assert_eq!(content.bytes.len() as u64, image.size);
        }
    }
}

async fn come_and_go(user: TestUser, client: u32) {
    for round in 0..ROUNDS {
        let file = numbered((client + round) % CONTENTS);
        let stored = loop {
            match user.upload(&file).await {
                Ok(stored) => break stored,
                // Others were quicker, again and again: allowed, if rare.
                Err(error) => assert_eq!(error.code, ErrorCode::Unavailable, "{error}"),
            }
        };
        // Whatever the others do: once it is acknowledged it is there.
        let content = user.content(&stored.id).await.expect("acknowledged");
        assert!(content.bytes == file);
        if round + 1 < ROUNDS || client.is_multiple_of(2) {
            user.delete(&stored.id).await.expect("deleted");
        }
    }
}
