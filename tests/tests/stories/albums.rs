//! Albums, and the people who look at them.

use std::io::{Cursor, Read as _};

use pupila_tests::{File, Pupila, Reply, Shape, User, stories, text};
use reqwest::Method;
use serde_json::{Value, json};

stories!(
    an_album_has_an_order,
    a_viewer_sees_and_an_editor_changes,
    somebody_elses_picture_is_not_shared_by_adding_it,
    a_share_link_shows_one_album_to_whoever_has_it,
    an_album_is_downloaded_as_one_file,
);

struct Family {
    ana: User,
    luis: User,
    eva: User,
    images: Vec<Value>,
    album: String,
}

impl Family {
    /// Ana has an album of three pictures.
    async fn gather(app: &Pupila) -> Self {
        User::register(app, "root").await;
        let ana = User::register(app, "ana").await;
        let mut images = Vec::new();
        for number in 0..3 {
            images.push(ana.store(&File::numbered(number)).await);
        }
        let ids: Vec<_> = images.iter().map(|image| text(image, "id")).collect();
        let album = ana.album("Summer", &ids).await;
        Self {
            luis: User::register(app, "luis").await,
            eva: User::register(app, "eva").await,
            ana,
            images,
            album,
        }
    }

    fn image(&self, number: usize) -> &str {
        text(&self.images[number], "id")
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/albums/{}{rest}", self.album)
    }

    async fn let_in(&self, user: &User, role: &str) -> Reply {
        let member = json!({"email": user.email, "role": role});
        self.ana.post_json(&self.path("/members"), &member).await
    }

    async fn order(&self) -> Vec<String> {
        let items = self.ana.all_pages(&self.path("/images?page_size=2")).await;
        items
            .iter()
            .map(|item| text(&item["image"], "name").to_owned())
            .collect()
    }
}

async fn an_album_has_an_order(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let family = Family::gather(&app).await;
    assert_eq!(family.order().await, ["0.png", "1.png", "2.png"]);
    let place = family.path(&format!("/images/{}", family.image(2)));
    let front = family.ana.patch_json(&place, &json!({"after": null})).await;
    assert_eq!(front.status, 204, "{}", front.text());
    assert_eq!(family.order().await, ["2.png", "0.png", "1.png"]);
    let behind = json!({"after": family.image(0)});
    family.ana.patch_json(&place, &behind).await;
    assert_eq!(family.order().await, ["0.png", "2.png", "1.png"]);
    family
        .ana
        .delete(&format!("/v1/images/{}", family.image(2)))
        .await;
    assert_eq!(family.order().await, ["0.png", "1.png"]);
    let cover = json!({"cover_image_id": family.image(0), "name": "Late summer"});
    let album = family.ana.patch_json(&family.path(""), &cover).await.ok();
    assert_eq!(album["name"], "Late summer");
}

async fn a_viewer_sees_and_an_editor_changes(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let family = Family::gather(&app).await;
    let image = format!("/v1/images/{}", family.image(0));
    assert_eq!(family.luis.get(&image).await.status, 404);
    let known = family.let_in(&family.luis, "viewer").await.ok();
    family.let_in(&family.eva, "editor").await.ok();
    let unknown = json!({"email": "nobody@example.org", "role": "viewer"});
    let unknown = family
        .ana
        .post_json(&family.path("/members"), &unknown)
        .await
        .ok();
    let fields = |member: &Value| {
        member
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        fields(&known),
        fields(&unknown),
        "it is not told who has an account"
    );

    assert_eq!(family.luis.get(&image).await.status, 200);
    assert_eq!(
        family
            .luis
            .get(&format!("{image}/rendition?width=20"))
            .await
            .status,
        200
    );
    assert_eq!(
        family.luis.all_pages("/v1/albums").await[0]["role"],
        "viewer"
    );
    assert_eq!(
        family
            .luis
            .patch_json(&family.path(""), &json!({"name": "Mine"}))
            .await
            .status,
        403
    );
    assert_eq!(
        family.luis.delete(&image).await.status,
        404,
        "only the owner's to delete"
    );
    let asked = json!({"image_id": family.image(0)});
    family.luis.post_json("/v1/predictions", &asked).await.ok();
    assert!(
        family.ana.all_pages("/v1/predictions").await.is_empty(),
        "it is the caller's"
    );

    let hers = family.eva.store(&File::x_ray()).await;
    let add = json!({"image_ids": [hers["id"]]});
    family
        .eva
        .post_json(&family.path("/images"), &add)
        .await
        .ok();
    let through = format!("/v1/images/{}", text(&hers, "id"));
    assert_eq!(family.luis.get(&through).await.status, 200);
    assert_eq!(family.eva.delete(&family.path("")).await.status, 403);

    let leave = family.luis.delete(&family.path("/members/me")).await;
    assert_eq!(leave.status, 204, "{}", leave.text());
    assert_eq!(family.luis.get(&image).await.status, 404);
}

async fn somebody_elses_picture_is_not_shared_by_adding_it(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let family = Family::gather(&app).await;
    let theft = family.luis.album("Loot", &[]).await;
    let add = json!({"image_ids": [family.image(0)]});
    let path = format!("/v1/albums/{theft}/images");
    assert_eq!(family.luis.post_json(&path, &add).await.status, 404);
    // Eva may see it, which does not make it hers to share.
    family.let_in(&family.eva, "viewer").await.ok();
    let theft = family.eva.album("Shared on", &[]).await;
    family
        .eva
        .post_json(&format!("/v1/albums/{theft}/images"), &add)
        .await;
    let member = json!({"email": family.luis.email, "role": "viewer"});
    family
        .eva
        .post_json(&format!("/v1/albums/{theft}/members"), &member)
        .await
        .ok();
    let image = format!("/v1/images/{}", family.image(0));
    assert_eq!(family.luis.get(&image).await.status, 404);
}

async fn a_share_link_shows_one_album_to_whoever_has_it(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let family = Family::gather(&app).await;
    let lone = family.ana.store(&File::x_ray()).await;
    let link = json!({"password": "open sesame", "expire_time": "2100-01-01T00:00:00Z"});
    let link = family
        .ana
        .post_json(&family.path("/links"), &link)
        .await
        .ok();
    let open = async |password: Value| {
        let opening = json!({"token": link["token"], "password": password});
        app.post_json("/v1/links:open", &opening).await
    };
    assert_eq!(open(Value::Null).await.status, 401);
    assert_eq!(open(json!("sesame")).await.status, 401);
    let opened = open(json!("open sesame")).await.ok();
    assert_eq!(opened["album_id"], family.album.as_str());
    let guest = app.with_token(text(&opened, "access_token"));
    assert_eq!(guest.all_pages(&family.path("/images")).await.len(), 3);
    let image = format!("/v1/images/{}/rendition?preset=thumbnail", family.image(1));
    assert_eq!(guest.get(&image).await.status, 200);
    assert_eq!(
        guest
            .get(&format!("/v1/images/{}", text(&lone, "id")))
            .await
            .status,
        404
    );
    assert_eq!(guest.get("/v1/images").await.status, 403);
    assert_eq!(guest.get("/v1/me").await.status, 403);

    let end = format!("/links/{}", text(&link, "id"));
    assert_eq!(family.ana.delete(&family.path(&end)).await.status, 204);
    assert_eq!(guest.get(&image).await.status, 404, "at once");
    assert_eq!(open(json!("open sesame")).await.status, 404);
    let past = json!({"expire_time": "2001-01-01T00:00:00Z"});
    assert_eq!(
        family
            .ana
            .post_json(&family.path("/links"), &past)
            .await
            .status,
        400
    );
}

async fn an_album_is_downloaded_as_one_file(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let family = Family::gather(&app).await;
    let evil = format!("/v1/images/{}", family.image(0));
    family
        .ana
        .patch_json(&evil, &json!({"name": "..\\../etc/passwd"}))
        .await
        .ok();
    let twin = format!("/v1/images/{}", family.image(1));
    family
        .ana
        .patch_json(&twin, &json!({"name": "2.png"}))
        .await
        .ok();
    let answer = family
        .ana
        .send(family.ana.request(Method::GET, &family.path("/archive")))
        .await;
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body)).expect("a ZIP");
    let mut names = Vec::new();
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).expect("an entry");
        assert!(
            entry
                .enclosed_name()
                .is_some_and(|name| name.components().count() == 1)
        );
        names.push(entry.name().expect("a name").into_owned());
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        assert!(bytes == File::numbered(number).bytes, "byte for byte");
    }
    assert_eq!(
        names,
        ["0001-.._.._etc_passwd.png", "0002-2.png", "0003-2.png"]
    );
}
