//! A process may die at any moment. What it had acknowledged is there; what it had not leaves no row without bytes, and
//! nothing that the sweeper does not find.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use jiff::SignedDuration;

use crate::{
    harness::TestImages,
    pictures::{colour, numbered},
};

crate::on_every_engine!(
    an_upload_that_dies_on_its_way_leaves_nothing,
    a_deletion_that_dies_on_its_way_is_finished,
    a_new_profile_picture_that_dies_on_its_way_harms_nothing,
);
crate::stories!(sqlite_and_s3: Sqlite Bucket an_upload_that_dies_on_its_way_leaves_nothing);

/// A future that is dropped when it has been polled so many times: between any two steps, when tried with every number.
struct Doomed<F> {
    future: Pin<Box<F>>,
    polls: usize,
}

/// What came of it; `None` where it died.
async fn dying_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    Doomed {
        future: Box::pin(future),
        polls,
    }
    .await
}

impl<F: Future> Future for Doomed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.future.as_mut().poll(context).map(Some)
    }
}

/// After a sweep, every image has its bytes, all bytes have an image, and what owners store is counted right.
async fn assert_whole(images: &TestImages, story: &str) {
    images.clock.advance(SignedDuration::from_hours(2));
    let found = images.admin().sweep().await.expect("swept");
    assert_eq!(found.missing_sha256, [""; 0], "{story}");
    assert_eq!(images.rows("loose_objects").await, 0, "{story}");
    let (objects, blobs) = (images.originals().await, images.rows("blobs").await);
    assert_eq!(objects.len() as i64, blobs, "{story}: {objects:?}");
    let ana = images.user("ana");
    let list = ana.list(Default::default()).await.expect("a page").images;
    let face = ana.avatar().await.ok();
    let usage = ana.usage().await.expect("counted");
    let mut bytes = 0;
    for image in list.iter().chain(&face) {
        let content = ana.content(&image.id).await;
        bytes += content
            .unwrap_or_else(|error| panic!("{story}: {error}"))
            .bytes
            .len() as u64;
    }
    let count = (list.len() + face.iter().len()) as u64;
    assert_eq!((usage.images, usage.bytes), (count, bytes), "{story}");
    assert_eq!(images.rows("images").await, count as i64, "{story}");
}

async fn an_upload_that_dies_on_its_way_leaves_nothing(images: TestImages) {
    let ana = images.user("ana");
    for polls in 0.. {
        let file = numbered(polls as u32);
        let stored = dying_after(polls, ana.upload(&file)).await;
        assert_whole(&images, &format!("died at {polls}")).await;
        if let Some(stored) = stored {
            let stored = stored.expect("stored");
            assert!(ana.content(&stored.id).await.expect("there").bytes == file);
            assert!(polls > 5, "there were steps to die between");
            return;
        }
    }
}

async fn a_deletion_that_dies_on_its_way_is_finished(images: TestImages) {
    let ana = images.user("ana");
    for polls in 0.. {
        let stored = ana.upload(numbered(polls as u32)).await.expect("stored");
        let deleted = dying_after(polls, ana.delete(&stored.id)).await;
        assert_whole(&images, &format!("died at {polls}")).await;
        if let Some(deleted) = deleted {
            deleted.expect("deleted");
            ana.get(&stored.id).await.expect_err("gone");
            assert!(polls > 0, "there were steps to die between");
            return;
        }
    }
}

async fn a_new_profile_picture_that_dies_on_its_way_harms_nothing(images: TestImages) {
    let ana = images.user("ana");
    ana.put_avatar(colour([255; 3])).await.expect("stored");
    for polls in 0.. {
        let file = numbered(polls as u32);
        let put = dying_after(polls, ana.put_avatar(&file)).await;
        assert_whole(&images, &format!("died at {polls}")).await;
        ana.avatar().await.expect("the old one or the new one");
        if let Some(put) = put {
            assert_eq!(
                ana.avatar().await.expect("the new one"),
                put.expect("stored")
            );
            return;
        }
    }
}
