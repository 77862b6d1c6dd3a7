//! Albums share what their owners put into them, and nothing else.

use pupila_core::ImageId;
use pupila_proto::accounts::v1::{self as proto, AlbumRole};

use crate::{
    callers::{image, images},
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    who_is_out_shares_nothing_with_an_old_token,
    what_its_owner_added_is_shared_with_all_who_see_the_album,
    adding_somebody_elses_image_shares_nothing,
    naming_another_owner_shares_nothing,
    whoever_comes_first_does_not_keep_an_owner_from_sharing,
    what_is_taken_out_is_shared_no_more,
    an_image_in_many_albums_is_answered_once,
    a_guest_is_shown_nothing_of_other_albums,
    a_whole_page_is_asked_at_once,
);

async fn what_its_owner_added_is_shared_with_all_who_see_the_album(test: TestAlbums) {
    let [ana, eva, vera, luis] = test.users(["ana", "eva", "vera", "luis"]).await;
    let album = ana.album("Lisbon").await;
    for (member, role) in [(&eva, AlbumRole::Editor), (&vera, AlbumRole::Viewer)] {
        ana.invite(&album, &member.email, role)
            .await
            .expect("added");
    }
    let [hers, evas, kept] = images();
    ana.add(&album, &[hers]).await.expect("added");
    eva.add(&album, &[evas]).await.expect("added");
    for caller in [&eva, &vera] {
        assert_eq!(caller.shared(&ana, &[hers, kept]).await, [hers]);
    }
    for caller in [&ana, &vera] {
        assert_eq!(caller.shared(&eva, &[evas, kept]).await, [evas]);
    }
    assert_eq!(luis.shared(&ana, &[hers, kept]).await, []);
    assert_eq!(luis.shared(&eva, &[evas]).await, []);
}

async fn adding_somebody_elses_image_shares_nothing(test: TestAlbums) {
    let [ana, luis, vera] = test.users(["ana", "luis", "vera"]).await;
    let hers = image();
    let hers_alone = ana.album("Lisbon").await;
    ana.add(&hers_alone, &[hers]).await.expect("added");

    let his = luis.album("stolen").await;
    luis.add(&his, &[hers]).await.expect("an id is an id");
    luis.invite(&his, &vera.email, AlbumRole::Viewer)
        .await
        .expect("added");
    let guest = test.guest(&luis, &his).await;
    for caller in [&luis, &vera, &guest] {
        assert_eq!(caller.shared(&ana, &[hers]).await, []);
    }
}

async fn naming_another_owner_shares_nothing(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    ana.invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    let [hers, his] = images();
    ana.add(&album, &[hers]).await.expect("added");
    luis.add(&album, &[his]).await.expect("added");
    assert_eq!(luis.shared(&luis, &[hers]).await, []);
    assert_eq!(ana.shared(&ana, &[his]).await, []);
}

async fn whoever_comes_first_does_not_keep_an_owner_from_sharing(test: TestAlbums) {
    let [ana, luis, vera] = test.users(["ana", "luis", "vera"]).await;
    let album = luis.album("ours").await;
    luis.invite(&album, &ana.email, AlbumRole::Editor)
        .await
        .expect("added");
    luis.invite(&album, &vera.email, AlbumRole::Viewer)
        .await
        .expect("added");
    let hers = image();
    luis.add(&album, &[hers]).await.expect("added");
    assert_eq!(vera.shared(&ana, &[hers]).await, []);

    ana.add(&album, &[hers]).await.expect("added");
    assert_eq!(vera.shared(&ana, &[hers]).await, [hers]);
    // Nor does whoever comes once more.
    luis.add(&album, &[hers]).await.expect("added");
    assert_eq!(vera.shared(&ana, &[hers]).await, [hers]);
    assert_eq!(luis.order(&album).await, [hers]);
}

async fn what_is_taken_out_is_shared_no_more(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let [album, other] = [ana.album("Lisbon").await, ana.album("Porto").await];
    let member = ana
        .invite(&album, &luis.email, AlbumRole::Viewer)
        .await
        .expect("added");
    let [one, two] = images();
    ana.add(&album, &[one, two]).await.expect("added");
    ana.add(&other, &[one]).await.expect("added");
    ana.remove(&album, one).await.expect("removed");
    assert_eq!(luis.shared(&ana, &[one, two]).await, [two]);
    ana.expel(&album, &member.id).await.expect("removed");
    assert_eq!(luis.shared(&ana, &[one, two]).await, []);
}

async fn an_image_in_many_albums_is_answered_once(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let hers = image();
    for n in 0..5 {
        let album = ana.album(&format!("{n}")).await;
        ana.add(&album, &[hers]).await.expect("added");
        ana.invite(&album, &luis.email, AlbumRole::Viewer)
            .await
            .expect("added");
    }
    assert_eq!(luis.shared(&ana, &[hers, hers]).await, [hers]);
}

async fn a_guest_is_shown_nothing_of_other_albums(test: TestAlbums) {
    let ana = test.user("ana").await;
    let [album, other] = [ana.album("Lisbon").await, ana.album("Porto").await];
    let [shown, hidden] = images();
    ana.add(&album, &[shown]).await.expect("added");
    ana.add(&other, &[hidden]).await.expect("added");
    let guest = test.guest(&ana, &album).await;
    test.guest(&ana, &other).await;
    assert_eq!(guest.shared(&ana, &[shown, hidden]).await, [shown]);
}

async fn a_whole_page_is_asked_at_once(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let hers: [ImageId; 200] = images();
    ana.add(&album, &hers).await.expect("added");
    ana.invite(&album, &luis.email, AlbumRole::Viewer)
        .await
        .expect("added");
    let guest = test.guest(&ana, &album).await;
    for caller in [&luis, &guest] {
        let mut shared = caller.shared(&ana, &hers).await;
        shared.sort_unstable();
        let mut expected = hers;
        expected.sort_unstable();
        assert_eq!(shared, expected);
    }

    assert_eq!(luis.shared(&ana, &[]).await, []);
    let owned = |image_id: &str, owner: &str| proto::OwnedImage {
        image_id: image_id.to_owned(),
        owner: owner.to_owned(),
    };
    let many = vec![owned(&hers[0].to_string(), &ana.id); 201];
    let ask = |images| proto::CheckSharesRequest { images };
    assert_eq!(blamed(luis.check_shares(ask(many)).await), ["images"]);
    let garbage = vec![owned(&hers[0].to_string(), &ana.id), owned("x", &ana.id)];
    let field = "images/1/image_id";
    assert_eq!(blamed(luis.check_shares(ask(garbage)).await), [field]);
    let garbage = vec![owned(&hers[0].to_string(), "x")];
    assert_eq!(
        blamed(luis.check_shares(ask(garbage)).await),
        ["images/0/owner"]
    );
    // Services ask on behalf of others, not for themselves.
    let service = test.images_service().await;
    assert_eq!(
        reason(service.check_shares(ask(Vec::new())).await),
        "PERMISSION_DENIED"
    );
}

async fn who_is_out_shares_nothing_with_an_old_token(test: TestAlbums) {
    let [admin, ana, luis] = test.users(["admin", "ana", "luis"]).await;
    for (owner, expected) in [(&ana, "ACCOUNT_ENDED"), (&luis, "SESSION_ENDED")] {
        let album = owner.album("Lisbon").await;
        match expected {
            "ACCOUNT_ENDED" => test.block(&admin, owner).await,
            _ => test.sign_out(owner).await,
        }
        let message = proto::CreateLinkRequest {
            album_id: album.id.clone(),
            ..Default::default()
        };
        assert_eq!(reason(owner.create_link(message).await), expected);
        let invited = owner.invite(&album, &admin.email, AlbumRole::Viewer);
        assert_eq!(reason(invited.await), expected);
        assert_eq!(owner.links(&album).await.expect("listed"), []);
        assert_eq!(owner.members(&album).await.expect("listed"), []);
    }
}
