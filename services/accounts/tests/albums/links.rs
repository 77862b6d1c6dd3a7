//! Share links are made, listed and ended.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{
    callers::timestamp,
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    the_newest_link_comes_first,
    a_link_tells_its_secret_once,
    a_repeated_creation_is_told_that_there_is_a_link,
    a_link_that_cannot_be_is_refused,
    a_link_belongs_to_its_album,
    an_album_has_no_more_links_than_it_may,
);

async fn the_newest_link_comes_first(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        test.pass(1);
        expected.insert(0, ana.link(&album).await.0);
    }
    let mut message = proto::ListLinksRequest {
        album_id: album.id.clone(),
        page_size: 2,
        ..Default::default()
    };
    let mut listed = Vec::new();
    for _ in 0..3 {
        let page = ana.list_links(message.clone()).await.expect("a page");
        listed.extend(page.links);
        message.page_token = page.next_page_token;
    }
    assert_eq!(listed, expected);
    assert_eq!(message.page_token, "");
}

async fn a_link_tells_its_secret_once(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let end = timestamp(test.now() + jiff::SignedDuration::from_hours(1));
    let message = proto::CreateLinkRequest {
        album_id: album.id.clone(),
        expire_time: Some(end),
        password: "open sesame".to_owned(),
        idempotency_key: String::new(),
    };
    let made = ana.create_link(message).await.expect("made");
    let link = made.link.expect("a link");
    let expected = proto::Link {
        id: link.id.clone(),
        create_time: Some(timestamp(test.now())),
        expire_time: Some(end),
        has_password: true,
        last_use_time: None,
    };
    assert_eq!(link, expected);
    assert_eq!(ana.links(&album).await.expect("listed"), [expected]);
    // 256 bits of base64url behind a prefix that scanners for leaked secrets know.
    let secret = made.link_token.strip_prefix("pupila_link_").expect("ours");
    assert_eq!(secret.len(), 43);
    assert_ne!(ana.link(&album).await.1, made.link_token);
}

async fn a_repeated_creation_is_told_that_there_is_a_link(test: TestAlbums) {
    let ana = test.user("ana").await;
    let [album, other] = [ana.album("Lisbon").await, ana.album("Porto").await];
    let message = |album: &proto::Album, password: &str| proto::CreateLinkRequest {
        album_id: album.id.clone(),
        password: password.to_owned(),
        idempotency_key: "key-1".to_owned(),
        ..Default::default()
    };
    ana.create_link(message(&album, "")).await.expect("made");
    let error = ana
        .create_link(message(&album, ""))
        .await
        .expect_err("again");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.reason, "ALREADY_CREATED");
    for message in [message(&album, "open sesame"), message(&other, "")] {
        let answer = ana.create_link(message).await;
        assert_eq!(reason(answer), "IDEMPOTENCY_KEY_REUSED");
    }
    assert_eq!(ana.links(&album).await.expect("listed").len(), 1);
    assert_eq!(ana.links(&other).await.expect("listed").len(), 0);
}

async fn a_link_that_cannot_be_is_refused(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let message = |expire_time, password: &str| proto::CreateLinkRequest {
        album_id: album.id.clone(),
        expire_time,
        password: password.to_owned(),
        ..Default::default()
    };
    let now = timestamp(test.now());
    let never = prost_types::Timestamp {
        seconds: i64::MAX,
        nanos: 0,
    };
    for (message, fields) in [
        (message(Some(now), ""), &["expire_time"][..]),
        (message(Some(never), ""), &["expire_time"]),
        (message(None, "abc"), &["password"]),
        (message(None, &"ñ".repeat(201)), &["password"]),
        (message(Some(now), "abc"), &["expire_time", "password"]),
    ] {
        assert_eq!(blamed(ana.create_link(message).await), fields);
    }
    ana.create_link(message(None, &"ñ".repeat(200)))
        .await
        .expect("made");
    assert_eq!(ana.links(&album).await.expect("listed").len(), 1);
}

async fn a_link_belongs_to_its_album(test: TestAlbums) {
    let ana = test.user("ana").await;
    let [album, other] = [ana.album("Lisbon").await, ana.album("Porto").await];
    let (link, _) = ana.link(&album).await;
    assert_eq!(reason(ana.unlink(&other, &link).await), "LINK_NOT_FOUND");
    assert_eq!(ana.links(&other).await.expect("listed"), []);
    ana.unlink(&album, &link).await.expect("deleted");
    assert_eq!(reason(ana.unlink(&album, &link).await), "LINK_NOT_FOUND");
}

async fn an_album_has_no_more_links_than_it_may(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let mut oldest = None;
    for _ in 0..1_000 {
        let (link, _) = ana.link(&album).await;
        oldest.get_or_insert(link);
    }
    let message = || proto::CreateLinkRequest {
        album_id: album.id.clone(),
        ..Default::default()
    };
    let error = ana.create_link(message()).await.expect_err("full");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.message, "an album has at most 1000 links");
    ana.unlink(&album, &oldest.expect("made"))
        .await
        .expect("deleted");
    ana.create_link(message()).await.expect("one fits again");
}
