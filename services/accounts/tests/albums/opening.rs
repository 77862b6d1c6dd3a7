//! Guests open share links.

use jiff::SignedDuration;
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{
    callers::{Caller, image, timestamp},
    fixtures::{TestAlbums, reason},
    on_every_engine,
};

on_every_engine!(
    whoever_has_the_token_sees_the_album,
    a_made_up_token_opens_nothing,
    a_deleted_link_stops_working_at_once,
    an_expired_link_stops_working_at_once,
    a_password_is_asked_for,
    wrong_passwords_have_to_wait,
    the_last_use_is_kept_to_the_minute,
    an_opening_is_recorded_once_a_minute,
    an_address_cannot_try_tokens_without_end,
    an_address_cannot_open_links_without_end,
);

async fn whoever_has_the_token_sees_the_album(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let hers = image();
    ana.add(&album, &[hers]).await.expect("added");
    let (_, token) = ana.link(&album).await;
    // A link without a password does not mind one.
    for password in ["", "anything"] {
        let guest = test.open(&token, password).await.expect("opened");
        assert_eq!(guest.get(&album).await.expect("shown").name, "Lisbon");
        assert_eq!(guest.order(&album).await, [hers]);
        assert_eq!(guest.shared(&ana, &[hers, image()]).await, [hers]);
    }
}

async fn a_made_up_token_opens_nothing(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let (_, token) = ana.link(&album).await;
    let other = format!("pupila_link_{}", "A".repeat(43));
    let longer = format!("{token}A");
    let bare = token.trim_start_matches("pupila_link_");
    let huge = "a".repeat(100_000);
    for made_up in [
        "",
        "x",
        &album.id,
        &other,
        &longer,
        bare,
        &token[1..],
        "ñ",
        &huge,
    ] {
        let error = test.open(made_up, "").await.err().expect("no link");
        assert_eq!(error.code, ErrorCode::NotFound, "{made_up:.50}");
        assert_eq!(error.reason, "LINK_NOT_FOUND");
        assert!(!error.message.contains("xx"));
    }
}

/// What a guest may still do where their link has ended: nothing.
async fn is_locked_out(guest: &Caller, ana: &Caller, album: &proto::Album) {
    let error = guest.get(album).await.expect_err("ended");
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.reason, "LINK_NOT_FOUND");
    assert_eq!(reason(guest.places(album).await), "LINK_NOT_FOUND");
    let images = ana.order(album).await;
    assert_eq!(guest.shared(ana, &images).await, []);
}

async fn a_deleted_link_stops_working_at_once(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    ana.add(&album, &[image()]).await.expect("added");
    let (link, token) = ana.link(&album).await;
    let guest = test.open(&token, "").await.expect("opened");
    let other = test.guest(&ana, &album).await;
    guest.get(&album).await.expect("shown");

    ana.unlink(&album, &link).await.expect("deleted");
    is_locked_out(&guest, &ana, &album).await;
    assert_eq!(reason(test.open(&token, "").await), "LINK_NOT_FOUND");
    other
        .get(&album)
        .await
        .expect("another link is another link");
}

async fn an_expired_link_stops_working_at_once(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    ana.add(&album, &[image()]).await.expect("added");
    let end = test.now() + SignedDuration::from_secs(60);
    let message = proto::CreateLinkRequest {
        album_id: album.id.clone(),
        expire_time: Some(timestamp(end)),
        ..Default::default()
    };
    let token = ana.create_link(message).await.expect("made").link_token;
    let guest = test.open(&token, "").await.expect("opened");
    test.pass(59);
    guest.get(&album).await.expect("shown");
    test.pass(1);
    // Their token itself lasts for minutes.
    is_locked_out(&guest, &ana, &album).await;
    assert_eq!(reason(test.open(&token, "").await), "LINK_NOT_FOUND");
    assert_eq!(ana.links(&album).await.expect("listed").len(), 1);
}

async fn a_password_is_asked_for(test: TestAlbums) {
    let [admin, ana] = test.users(["admin", "ana"]).await;
    let album = ana.album("Lisbon").await;
    let token = locked(&ana, &album).await;
    for wrong in ["", "abc", "Open sesame", &"a".repeat(100_000)] {
        let error = test.open(&token, wrong).await.err().expect("wrong");
        assert_eq!(error.code, ErrorCode::Unauthenticated);
        assert_eq!(error.reason, "LINK_PASSWORD_WRONG");
    }
    let guest = test.open(&token, "open sesame").await.expect("opened");
    guest.get(&album).await.expect("shown");
    let record = test.record(&admin).await;
    let refused = record
        .iter()
        .filter(|entry| entry.action == "album.link_refused");
    assert_eq!(refused.count(), 1, "what can be no password is no guess");
}

async fn wrong_passwords_have_to_wait(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let token = locked(&ana, &album).await;
    for _ in 0..5 {
        assert_eq!(
            reason(test.open(&token, "guess").await),
            "LINK_PASSWORD_WRONG"
        );
    }
    let error = test
        .open(&token, "open sesame")
        .await
        .err()
        .expect("too soon");
    assert_eq!(error.code, ErrorCode::ResourceExhausted);
    assert_eq!(error.reason, "TOO_MANY_ATTEMPTS");
    // Other links are not concerned.
    test.open(&locked(&ana, &album).await, "open sesame")
        .await
        .expect("opened");
    test.pass(60);
    test.open(&token, "open sesame").await.expect("opened");
    // All is forgiven.
    assert_eq!(
        reason(test.open(&token, "guess").await),
        "LINK_PASSWORD_WRONG"
    );
    test.open(&token, "open sesame").await.expect("opened");
}

async fn the_last_use_is_kept_to_the_minute(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let (_, token) = ana.link(&album).await;
    let minute = |seconds| prost_types::Timestamp { seconds, nanos: 0 };
    for (pass, expected) in [
        (0, 1_795_435_200),
        (59, 1_795_435_200),
        (1, 1_795_435_260),
        (90, 1_795_435_320),
    ] {
        test.pass(pass);
        test.open(&token, "").await.expect("opened");
        let links = ana.links(&album).await.expect("listed");
        assert_eq!(links[0].last_use_time, Some(minute(expected)));
    }
}

async fn an_opening_is_recorded_once_a_minute(test: TestAlbums) {
    let [admin, ana] = test.users(["admin", "ana"]).await;
    let album = ana.album("Lisbon").await;
    let (_, token) = ana.link(&album).await;
    for expected in [1, 2] {
        for _ in 0..5 {
            test.open(&token, "").await.expect("opened");
        }
        let record = test.record(&admin).await.into_iter();
        let opened = record.filter(|entry| entry.action == "album.link_opened");
        assert_eq!(opened.count(), expected);
        test.pass(60);
    }
}

async fn an_address_cannot_try_tokens_without_end(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let (_, token) = ana.link(&album).await;
    let locked = locked(&ana, &album).await;
    let home = Some("192.0.2.1");
    // Whoever is let in spends nothing, nor does whoever asks whether there is a password.
    for _ in 0..70 {
        test.open_from(home, &token, "").await.expect("opened");
        let asked = test.open_from(home, &locked, "").await;
        assert_eq!(reason(asked), "LINK_PASSWORD_WRONG");
    }
    let made_up = format!("pupila_link_{}", "A".repeat(43));
    for _ in 0..60 {
        let guess = test.open_from(home, &made_up, "").await;
        assert_eq!(reason(guess), "LINK_NOT_FOUND");
    }
    for token in [&made_up, &token, &locked] {
        let refused = test.open_from(home, token, "").await;
        assert_eq!(reason(refused), "TOO_MANY_ATTEMPTS");
    }
    test.open_from(Some("192.0.2.2"), &token, "")
        .await
        .expect("others are not concerned");
}

async fn an_address_cannot_open_links_without_end(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let (_, token) = ana.link(&album).await;
    let home = Some("192.0.2.1");
    for _ in 0..600 {
        test.open_from(home, &token, "").await.expect("opened");
    }
    let refused = test.open_from(home, &token, "").await;
    assert_eq!(reason(refused), "TOO_MANY_ATTEMPTS");
    test.open_from(Some("192.0.2.2"), &token, "")
        .await
        .expect("others are not concerned");
    test.pass(1);
    test.open_from(home, &token, "")
        .await
        .expect("one grew back");
}

/// The token of a link that asks for a password.
async fn locked(owner: &Caller, album: &proto::Album) -> String {
    let message = proto::CreateLinkRequest {
        album_id: album.id.clone(),
        password: "open sesame".to_owned(),
        ..Default::default()
    };
    owner.create_link(message).await.expect("made").link_token
}
