//! People are let into albums, and leave them.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1::{self as proto, AlbumRole};

use crate::{
    callers::image,
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    an_invitation_tells_nothing_of_the_address,
    whoever_registers_later_was_not_let_in,
    upper_and_lower_case_are_one_member,
    a_role_can_be_changed,
    a_member_may_leave,
    a_member_is_not_sent_away_by_another,
    members_are_listed_as_they_came,
    the_owner_is_no_member,
    an_album_has_no_more_members_than_it_may,
    changes_of_rights_are_in_the_record,
);

async fn an_invitation_tells_nothing_of_the_address(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let role = AlbumRole::Viewer;
    let known = ana.invite(&album, &luis.email, role).await.expect("added");
    test.pass(1);
    let unknown = ana
        .invite(&album, "nobody@example.com", role)
        .await
        .expect("added");
    let alike = proto::Member {
        id: known.id.clone(),
        email: known.email.clone(),
        create_time: known.create_time,
        ..unknown.clone()
    };
    assert_eq!(known, alike);
    assert_eq!(ana.members(&album).await.expect("listed"), [known, unknown]);
}

async fn whoever_registers_later_was_not_let_in(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let hers = image();
    ana.add(&album, &[hers]).await.expect("added");
    let email = "luis@example.com";
    let member = ana
        .invite(&album, email, AlbumRole::Viewer)
        .await
        .expect("added");

    // Nobody has proved that the address is theirs.
    let luis = test.user("luis").await;
    assert_eq!(reason(luis.get(&album).await), "ALBUM_NOT_FOUND");
    assert_eq!(luis.shared(&ana, &[hers]).await, []);
    assert_eq!(reason(luis.expel(&album, "me").await), "ALBUM_NOT_FOUND");

    let again = ana
        .invite(&album, email, AlbumRole::Viewer)
        .await
        .expect("added");
    assert_eq!(again, member);
    luis.get(&album).await.expect("let in");
    assert_eq!(luis.shared(&ana, &[hers]).await, [hers]);
}

async fn upper_and_lower_case_are_one_member(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    for email in ["LUIS@Example.com", " luis@example.com ", "luis@EXAMPLE.COM"] {
        let member = ana
            .invite(&album, email, AlbumRole::Viewer)
            .await
            .expect("added");
        assert_eq!(member.email, "luis@example.com");
    }
    assert_eq!(ana.members(&album).await.expect("listed").len(), 1);
    luis.get(&album).await.expect("let in");
}

async fn a_role_can_be_changed(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let viewer = ana
        .invite(&album, &luis.email, AlbumRole::Viewer)
        .await
        .expect("added");
    assert_eq!(
        reason(luis.add(&album, &[image()]).await),
        "NOT_ALBUM_EDITOR"
    );
    test.pass(1);
    let editor = ana
        .invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("changed");
    let expected = proto::Member {
        role: AlbumRole::Editor.into(),
        ..viewer
    };
    assert_eq!(editor, expected);
    let his = image();
    luis.add(&album, &[his]).await.expect("an editor now");
    ana.invite(&album, &luis.email, AlbumRole::Viewer)
        .await
        .expect("changed");
    assert_eq!(
        reason(luis.add(&album, &[image()]).await),
        "NOT_ALBUM_EDITOR"
    );
    // What one added oneself one may still take out.
    luis.remove(&album, his).await.expect("removed");
}

async fn a_member_may_leave(test: TestAlbums) {
    let [ana, luis, vera] = test.users(["ana", "luis", "vera"]).await;
    let album = ana.album("Lisbon").await;
    let role = AlbumRole::Viewer;
    let his = ana.invite(&album, &luis.email, role).await.expect("added");
    let hers = ana.invite(&album, &vera.email, role).await.expect("added");
    luis.expel(&album, "me").await.expect("left");
    vera.expel(&album, &hers.id).await.expect("left");
    for gone in [&luis, &vera] {
        assert_eq!(reason(gone.get(&album).await), "ALBUM_NOT_FOUND");
        let listed = gone.list_albums(proto::ListAlbumsRequest::default()).await;
        assert_eq!(listed.expect("listed").albums, []);
    }
    assert_eq!(ana.members(&album).await.expect("listed"), []);
    assert_eq!(reason(ana.expel(&album, &his.id).await), "MEMBER_NOT_FOUND");
    assert_eq!(reason(ana.expel(&album, "me").await), "MEMBER_NOT_FOUND");
}

async fn a_member_is_not_sent_away_by_another(test: TestAlbums) {
    let [ana, luis, vera] = test.users(["ana", "luis", "vera"]).await;
    let [album, other] = [ana.album("Lisbon").await, ana.album("Porto").await];
    let role = AlbumRole::Editor;
    ana.invite(&album, &luis.email, role).await.expect("added");
    let hers = ana.invite(&album, &vera.email, role).await.expect("added");
    let error = luis.expel(&album, &hers.id).await.expect_err("not his");
    assert_eq!(error.code, ErrorCode::PermissionDenied);
    assert_eq!(error.reason, "NOT_ALBUM_OWNER");
    // Nor is told whether a membership exists.
    let none = image().to_string();
    assert_eq!(reason(luis.expel(&album, &none).await), "NOT_ALBUM_OWNER");
    // A membership belongs to its album.
    assert_eq!(
        reason(ana.expel(&other, &hers.id).await),
        "MEMBER_NOT_FOUND"
    );
    vera.get(&album).await.expect("still in");
    ana.expel(&album, &hers.id).await.expect("removed");
    assert_eq!(reason(vera.get(&album).await), "ALBUM_NOT_FOUND");
}

async fn members_are_listed_as_they_came(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let mut expected = Vec::new();
    for n in 0..5 {
        let email = format!("{n}@example.com");
        expected.push(
            ana.invite(&album, &email, AlbumRole::Viewer)
                .await
                .expect("added"),
        );
        test.pass(n % 2);
    }
    expected.sort_by_key(|member| {
        let time = member.create_time.unwrap_or_default();
        (time.seconds, member.id.clone())
    });
    let mut message = proto::ListMembersRequest {
        album_id: album.id.clone(),
        page_size: 2,
        ..Default::default()
    };
    let mut listed = Vec::new();
    for _ in 0..3 {
        let page = ana.list_members(message.clone()).await.expect("a page");
        listed.extend(page.members);
        message.page_token = page.next_page_token;
    }
    assert_eq!(listed, expected);
    assert_eq!(message.page_token, "");
}

async fn the_owner_is_no_member(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let own = ana
        .invite(&album, "ANA@example.com", AlbumRole::Viewer)
        .await;
    assert_eq!(blamed(own), ["email"]);
    assert_eq!(ana.members(&album).await.expect("listed"), []);
    assert_eq!(
        ana.get(&album).await.expect("hers").role(),
        AlbumRole::Owner
    );
}

async fn an_album_has_no_more_members_than_it_may(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    for n in 0..1_000 {
        let email = format!("{n}@example.com");
        ana.invite(&album, &email, AlbumRole::Viewer)
            .await
            .expect("added");
    }
    let error = ana.invite(&album, "one@too.many", AlbumRole::Viewer).await;
    let error = error.expect_err("full");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.message, "an album has at most 1000 members");
    ana.invite(&album, "7@example.com", AlbumRole::Editor)
        .await
        .expect("changed");
}

async fn changes_of_rights_are_in_the_record(test: TestAlbums) {
    let [admin, ana, luis] = test.users(["admin", "ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let member = ana
        .invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    luis.expel(&album, "me").await.expect("left");
    let (link, token) = ana.link(&album).await;
    test.open(&token, "").await.expect("opened");
    ana.unlink(&album, &link).await.expect("deleted");
    ana.delete(&album).await.expect("deleted");

    let added = format!(
        r#"{{"member":"{}","role":"editor","user":"{}"}}"#,
        member.id, luis.id
    );
    let removed = format!(r#"{{"member":"{}","role":"editor"}}"#, member.id);
    let linked = format!(r#"{{"link":"{}","password":false}}"#, link.id);
    let opened = format!(r#"{{"link":"{}"}}"#, link.id);
    let expected = [
        ("album.deleted", &*ana.id, "{}"),
        ("album.link_deleted", &ana.id, &opened),
        ("album.link_opened", "", &opened),
        ("album.link_created", &ana.id, &linked),
        ("album.member_removed", &luis.id, &removed),
        ("album.member_added", &ana.id, &added),
    ];
    let record = test.record(&admin).await;
    let record: Vec<_> = record
        .iter()
        .filter(|entry| entry.subject == album.id)
        .collect();
    let mut told: Vec<_> = record
        .iter()
        .map(|entry| (&*entry.action, &*entry.actor, &*entry.detail_json))
        .collect();
    // All of the same microsecond.
    told.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert!(record.iter().all(|entry| entry.request_id == "req-1"));
}
