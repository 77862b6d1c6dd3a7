//! ZIP archives: stored as they arrive, read by their owner, and gone in the end whatever happens.

use bytes::Bytes;
use futures_util::{FutureExt as _, future::join_all, stream};
use jiff::SignedDuration;
use pupila_core::{AlbumId, ErrorCode};
use pupila_storage::StorageKey;
use tokio::sync::mpsc;

use crate::{
    archivist::{archive_chunk, archive_head},
    harness::TestImages,
    pictures::colour,
};

crate::on_every_store!(
    an_archive_comes_back_as_it_was_sent,
    a_deleted_archive_leaves_nothing,
    an_upload_that_breaks_off_leaves_nothing,
    archives_go_with_their_owner,
    archives_that_nobody_unpacks_go_after_a_week,
    what_a_dead_process_left_goes,
);
crate::stories!(sqlite_at_once: Sqlite Folder nobody_has_more_than_ten_archives the_oldest_makes_way_after_an_hour);
crate::stories!(mysql_at_once: MySql Folder nobody_has_more_than_ten_archives the_oldest_makes_way_after_an_hour);

/// An archive as far as images looks: its beginning.
fn archive(size: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend((bytes.len()..size).map(|at| (at % 251) as u8));
    bytes
}

async fn an_archive_comes_back_as_it_was_sent(images: TestImages) {
    let ana = images.user("ana");
    // Less than a piece of four megabytes, one exactly, and three of them.
    for size in [4, 100_000, 4 << 20, (8 << 20) + 1] {
        let sent = archive(size);
        let stored = ana.store_archive(&sent).await.expect("stored");
        assert_eq!((&*stored.name, stored.size), ("x-rays.zip", size as u64));
        let read = ana.read_archive(&stored.id).await.expect("there");
        assert_eq!(read.header, stored);
        assert!(read.bytes == sent, "{size}");
        assert_eq!(images.objects().await.len(), size.div_ceil(4 << 20));
        // The sweeper knows what it is.
        images.clock.advance(SignedDuration::from_hours(2));
        let swept = images.admin().sweep().await.expect("swept");
        assert_eq!(swept.objects_removed, 0);
        assert_eq!(ana.usage().await.expect("counted").bytes, size as u64);
        ana.delete_archive(&stored.id).await.expect("deleted");
    }
}

async fn a_deleted_archive_leaves_nothing(images: TestImages) {
    let ana = images.user("ana");
    let stored = ana.store_archive(archive(5 << 20)).await.expect("stored");
    ana.delete_archive(&stored.id).await.expect("deleted");
    ana.delete_archive(&stored.id).await.expect("already");
    let error = ana.read_archive(&stored.id).await.err().expect("gone");
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.reason, "ARCHIVE_NOT_FOUND");
    assert_no_trace(&images).await;
}

/// No object, no row, and nothing counted.
async fn assert_no_trace(images: &TestImages) {
    assert_eq!(images.objects().await, [""; 0]);
    assert_eq!(images.rows("archives").await, 0);
    let usage = images.user("ana").usage().await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (0, 0));
}

async fn an_upload_that_breaks_off_leaves_nothing(images: TestImages) {
    let ana = images.user("ana");
    let whole = archive(5 << 20);
    for parts in [
        // A second header after a piece was written.
        vec![
            archive_head("a.zip"),
            archive_chunk(&whole),
            archive_head("b.zip"),
        ],
        // No header, no bytes, no name, and no ZIP.
        vec![archive_chunk(&whole)],
        vec![archive_head("a.zip")],
        vec![archive_head("folder/"), archive_chunk(&whole)],
        vec![archive_head("a.zip"), archive_chunk(&[0; 5 << 20])],
        vec![archive_head("a.zip"), archive_chunk(b"PK\x03")],
    ] {
        let refused = ana.store_archive_parts(stream::iter(parts)).await;
        refused.expect_err("refused");
        assert_no_trace(&images).await;
    }
}

async fn archives_go_with_their_owner(images: TestImages) {
    let (ana, accounts) = (images.user("ana"), images.service("accounts"));
    ana.upload(colour([1; 3])).await.expect("stored");
    for _ in 0..3 {
        ana.store_archive(archive(100)).await.expect("stored");
    }
    accounts.erase(&ana).await.expect("erased");
    assert_no_trace(&images).await;
    let error = ana.store_archive(archive(100)).await.expect_err("gone");
    assert_eq!(error.reason, "ACCOUNT_DELETED");
}

async fn archives_that_nobody_unpacks_go_after_a_week(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    let stored = ana.store_archive(archive(5 << 20)).await.expect("stored");
    images.clock.advance(SignedDuration::from_hours(7 * 24 - 1));
    admin.sweep().await.expect("swept");
    ana.read_archive(&stored.id).await.expect("there");
    images.clock.advance(SignedDuration::from_hours(2));
    let swept = admin.sweep().await.expect("swept");
    assert_eq!(swept.objects_removed, 2);
    assert_no_trace(&images).await;
}

async fn what_a_dead_process_left_goes(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    let stored = ana.store_archive(archive(100)).await.expect("stored");
    // As a process leaves it that dies while it writes: not seen, and not counted.
    images
        .execute("UPDATE archives SET state = 'writing'")
        .await;
    images.execute("UPDATE owners SET bytes = 0").await;
    ana.read_archive(&stored.id).await.err().expect("not whole");
    // And a piece that was written while the row went.
    let stray = "archives/00/00000000-0000-0000-0000-000000000000/0";
    let stray = StorageKey::new(stray).expect("a key");
    let storage = &images.storage.storage;
    storage
        .put(&stray, Bytes::from_static(b"PK"))
        .await
        .expect("written");

    let swept = admin.sweep().await.expect("swept");
    assert_eq!(
        (swept.objects_seen, swept.objects_removed),
        (2, 0),
        "too young"
    );
    images.clock.advance(SignedDuration::from_hours(2));
    let swept = admin.sweep().await.expect("swept");
    assert_eq!(swept.objects_removed, 2);
    assert_no_trace(&images).await;
}

async fn nobody_has_more_than_ten_archives(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let answers = join_all((0..14).map(|_| ana.store_archive(archive(100)))).await;
    let (stored, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((stored.len(), refused.len()), (10, 4));
    for answer in refused {
        let error = answer.expect_err("one too many");
        assert_eq!(error.code, ErrorCode::Conflict);
        assert_eq!(error.reason, "TOO_MANY_ARCHIVES");
    }
    luis.store_archive(archive(100)).await.expect("his first");
    let one = stored.into_iter().next().expect("ten").expect("stored");
    ana.delete_archive(&one.id).await.expect("deleted");
    ana.store_archive(archive(100)).await.expect("the tenth");
}

async fn the_oldest_makes_way_after_an_hour(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let his = luis.store_archive(archive(100)).await.expect("stored");
    let mut hers = Vec::new();
    for _ in 0..10 {
        hers.push(ana.store_archive(archive(100)).await.expect("stored").id);
        images.clock.advance(SignedDuration::from_mins(1));
    }
    images.clock.advance(SignedDuration::from_mins(49));
    let error = ana.store_archive(archive(100)).await.expect_err("too soon");
    assert_eq!(error.reason, "TOO_MANY_ARCHIVES");

    images.clock.advance(SignedDuration::from_mins(1));
    ana.store_archive(archive(100)).await.expect("in its place");
    let error = ana.read_archive(&hers[0]).await.err().expect("gone");
    assert_eq!(error.reason, "ARCHIVE_NOT_FOUND");
    ana.read_archive(&hers[1]).await.expect("still there");
    luis.read_archive(&his.id)
        .await
        .expect("nobody else's goes");
    assert_eq!(ana.usage().await.expect("counted").bytes, 10 * 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_see_or_delete_an_archive() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.store_archive(archive(100)).await.expect("stored");
    for stranger in [images.user("luis"), images.admin()] {
        let error = stranger.read_archive(&stored.id).await.err();
        assert_eq!(error.expect("not theirs").reason, "ARCHIVE_NOT_FOUND");
        let deleted = stranger.delete_archive(&stored.id).await;
        deleted.expect("as if it was not there");
    }
    let guest = images.guest(AlbumId::new(jiff::Timestamp::UNIX_EPOCH));
    let error = guest.read_archive(&stored.id).await.err().expect("refused");
    assert_eq!(error.code, ErrorCode::PermissionDenied);
    let error = guest
        .store_archive(archive(100))
        .await
        .expect_err("refused");
    assert_eq!(error.code, ErrorCode::PermissionDenied);
    ana.read_archive(&stored.id).await.expect("there");
    let error = ana.read_archive("7").await.err().expect("no id");
    assert_eq!(error.code, ErrorCode::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_zip_is_refused_before_more_of_it_is_read() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    for start in [&b"PK\x07\x08"[..], b"\x89PNG", b"PK\x03\x05", b"MZ\x90\0PK"] {
        // A sender that waits for the answer: whoever reads on never gives it.
        let parts = stream::iter([archive_head("a.zip"), archive_chunk(start)]);
        let parts = futures_util::StreamExt::chain(parts, stream::pending());
        let error = ana.store_archive_parts(parts).await.expect_err("no ZIP");
        assert_eq!(error.code, ErrorCode::UnsupportedFormat);
        assert_eq!(error.reason, "UNSUPPORTED_FORMAT");
    }
    assert_no_trace(&images).await;
    // An archive without entries begins with its end.
    let empty = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    ana.store_archive(empty).await.expect("an empty ZIP");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_over_the_limit_or_the_quota_is_read_no_further() {
    let images = TestImages::configured(|config| config.limits.max_archive_bytes = 5 << 20).await;
    let (ana, admin) = (images.user("ana"), images.admin());
    let endless = || {
        let parts = [archive_head("big.zip"), archive_chunk(b"PK\x03\x04")];
        let more = stream::repeat(archive_chunk(&[0; 1 << 20]));
        futures_util::StreamExt::chain(stream::iter(parts), more)
    };
    let error = ana.store_archive_parts(endless()).await.expect_err("large");
    assert_eq!(
        (error.code, &*error.reason),
        (ErrorCode::TooLarge, "TOO_LARGE")
    );
    admin.set_quota(&ana, Some(1 << 20)).await.expect("set");
    let error = ana.store_archive_parts(endless()).await.expect_err("large");
    assert_eq!(error.reason, "QUOTA_EXCEEDED");
    assert_no_trace(&images).await;
    ana.store_archive(archive(1 << 20))
        .await
        .expect("all the room");
    let error = ana.upload(colour([1; 3])).await.expect_err("none is left");
    assert_eq!(error.reason, "QUOTA_EXCEEDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_outlives_its_row_is_told_and_leaves_nothing() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let (send, receive) = mpsc::unbounded_channel();
    let parts = stream::unfold(receive, |mut receive| async {
        receive.recv().await.map(|part| (part, receive))
    });
    let mut upload = Box::pin(ana.store_archive_parts(parts));
    send.send(archive_head("slow.zip")).expect("heard");
    while images.rows("archives").await == 0 {
        assert!((&mut upload).now_or_never().is_none(), "it is not done");
        tokio::task::yield_now().await;
    }
    // Nothing is heard of it for longer than the sweeper waits.
    images.clock.advance(SignedDuration::from_hours(2));
    images.admin().sweep().await.expect("swept");
    assert_eq!(images.rows("archives").await, 0);
    send.send(archive_chunk(&archive(100))).expect("heard");
    drop(send);
    let error = upload.await.expect_err("too late");
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert_no_trace(&images).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_is_lost_or_cut_is_our_fault() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.store_archive(archive(5 << 20)).await.expect("stored");
    let storage = &images.storage.storage;
    let last = images.objects().await.pop().expect("two");
    let last = StorageKey::new(last).expect("a key");
    storage.put(&last, "cut".into()).await.expect("written");
    let error = ana.read_archive(&stored.id).await.err().expect("cut");
    assert_eq!(error.code, ErrorCode::Internal);
    assert_eq!(error.reason, "ARCHIVE_BYTES_MISSING");
    storage.delete(&last).await.expect("deleted");
    let error = ana.read_archive(&stored.id).await.err().expect("lost");
    assert_eq!(error.reason, "ARCHIVE_BYTES_MISSING");
}
