//! People sign up, sign in and out, and leave.

use pupila_tests::{Api, File, Part, Pupila, Reply, Shape, User, eventually, stories, text};
use serde_json::{Value, json};

stories!(
    the_first_one_is_the_administrator,
    nobody_learns_who_has_an_account,
    a_refresh_token_works_once,
    a_changed_password_ends_the_other_sessions,
    an_api_key_does_what_its_scopes_say,
    whoever_guesses_passwords_has_to_wait,
    whoever_leaves_takes_everything_along,
    an_administrator_keeps_somebody_out,
    what_happened_to_rights_is_on_record,
);

fn login(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

async fn refresh(api: &Api, tokens: &Value) -> Reply {
    let token = json!({"refresh_token": tokens["refresh_token"]});
    api.post_json("/v1/auth/refresh", &token).await
}

async fn the_first_one_is_the_administrator(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let luis = User::register(&app, "luis").await;
    assert_eq!(ana.get("/v1/me").await.ok()["role"], "admin");
    assert_eq!(luis.get("/v1/me").await.ok()["role"], "user");
    assert_eq!(ana.all_pages("/v1/admin/users").await.len(), 2);
    assert_eq!(luis.get("/v1/admin/users").await.status, 403);
    let page = format!("/v1/admin/users/{}", ana.id);
    let demoted = ana.patch_json(&page, &json!({"role": "user"})).await;
    assert_eq!(demoted.status, 409, "somebody has to be the administrator");
}

async fn nobody_learns_who_has_an_account(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    User::register(&app, "ana").await;
    let register = async |email: &str| {
        let account = json!({"email": email, "password": User::PASSWORD, "display_name": "A"});
        let answer = app.post_json("/v1/auth/register", &account).await;
        (answer.status, answer.text())
    };
    assert_eq!(
        register("ANA@example.org").await,
        register("eva@example.org").await
    );
    let known = app
        .post_json("/v1/auth/login", &login("ana@example.org", "wrong horse"))
        .await;
    let unknown = app
        .post_json("/v1/auth/login", &login("x@example.org", "wrong horse"))
        .await;
    assert_eq!(known.problem(), unknown.problem());
    assert_eq!(known.status, 401);
    let still = app
        .post_json("/v1/auth/login", &login("ana@example.org", User::PASSWORD))
        .await;
    assert_eq!(still.status, 200, "the second registration changed nothing");
}

async fn a_refresh_token_works_once(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let second = refresh(&app, &ana.tokens).await.ok();
    let third = refresh(&app, &second).await.ok();
    let fresh = app.with_token(text(&third, "access_token"));
    assert_eq!(fresh.get("/v1/me").await.ok()["id"], ana.id.as_str());
    // Somebody else has the second one, too.
    assert_eq!(refresh(&app, &second).await.status, 401);
    assert_eq!(
        refresh(&app, &third).await.status,
        401,
        "the whole session has ended"
    );
    assert!(fresh.all_pages("/v1/auth/sessions").await.is_empty());
}

async fn a_changed_password_ends_the_other_sessions(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let laptop = User::register(&app, "ana").await;
    let phone = User::sign_in(&app, "ana").await;
    let sessions = laptop.all_pages("/v1/auth/sessions").await;
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let change =
        json!({"current_password": User::PASSWORD, "new_password": "staple battery horse"});
    let answer = laptop
        .request(reqwest::Method::PUT, "/v1/me/password")
        .json(&change);
    assert_eq!(laptop.send(answer).await.status, 204);
    assert_eq!(refresh(&app, &phone.tokens).await.status, 401);
    refresh(&app, &laptop.tokens).await.ok();
    let old = app
        .post_json("/v1/auth/login", &login(&laptop.email, User::PASSWORD))
        .await;
    assert_eq!(old.status, 401);
    app.post_json(
        "/v1/auth/login",
        &login(&laptop.email, "staple battery horse"),
    )
    .await
    .ok();
}

async fn an_api_key_does_what_its_scopes_say(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let image = ana.store(&File::x_ray()).await;
    let reader = ana.key(&["images:read"]).await;
    let address = format!("/v1/images/{}", text(&image, "id"));
    assert_eq!(reader.get(&address).await.ok()["id"], image["id"]);
    assert_eq!(reader.delete(&address).await.status, 403);
    let keys = ana.all_pages("/v1/me/api-keys").await;
    assert!(keys[0]["last_use_time"].is_string(), "{keys:?}");
    let too_much = json!({"name": "k", "scopes": ["account:write"]});
    assert_eq!(
        ana.post_json("/v1/me/api-keys", &too_much).await.status,
        400
    );
    assert_eq!(
        app.with_token("pupila_made_up").get("/v1/me").await.status,
        401
    );
}

async fn whoever_guesses_passwords_has_to_wait(shape: Shape) {
    let app = Pupila::of(shape).with_throttled_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let guess = async || {
        app.post_json("/v1/auth/login", &login(&ana.email, "wrong horse"))
            .await
    };
    let answer = eventually("the door is shut", async || {
        Some(guess().await).filter(|answer| answer.status != 401)
    });
    let answer = answer.await;
    assert_eq!(answer.status, 429, "{}", answer.text());
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=900).contains(&wait), "{wait}");
    let right = app
        .post_json("/v1/auth/login", &login(&ana.email, User::PASSWORD))
        .await;
    assert_eq!(right.status, 429, "also for whoever knows the password");
    assert_eq!(ana.get("/v1/me").await.status, 200, "who is in stays in");
}

async fn whoever_leaves_takes_everything_along(shape: Shape) {
    let mut app = Pupila::of(shape).with_accounts().start().await;
    let admin = User::register(&app, "root").await;
    let ana = User::register(&app, "ana").await;
    let luis = User::register(&app, "luis").await;
    let image = ana.store(&File::x_ray()).await;
    let album = ana.album("Summer", &[text(&image, "id")]).await;
    let member = json!({"email": luis.email, "role": "viewer"});
    ana.post_json(&format!("/v1/albums/{album}/members"), &member)
        .await
        .ok();
    ana.post_json("/v1/predictions", &json!({"image_id": image["id"]}))
        .await
        .ok();
    let address = format!("/v1/images/{}", text(&image, "id"));
    assert_eq!(luis.get(&address).await.status, 200);

    let wrong = ana
        .delete_json("/v1/me", &json!({"password": "wrong horse"}))
        .await;
    assert_eq!(wrong.status, 403, "{}", wrong.text());
    if shape == Shape::Services {
        app.program(Part::Images).kill().await;
    }
    let answer = ana
        .delete_json("/v1/me", &json!({"password": User::PASSWORD}))
        .await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let again = app
        .post_json("/v1/auth/login", &login(&ana.email, User::PASSWORD))
        .await;
    assert_eq!(again.status, 401);
    app.program(Part::Accounts).kill().await;
    app.program(Part::Accounts).start().await;
    if shape == Shape::Services {
        app.program(Part::Images).start().await;
    }
    let page = format!("/v1/admin/users/{}", ana.id);
    eventually("nothing is left of the account", async || {
        (admin.get(&page).await.status == 404).then_some(())
    })
    .await;
    assert_eq!(luis.get(&address).await.status, 404);
    assert_eq!(luis.get(&format!("/v1/albums/{album}")).await.status, 404);
    assert!(luis.all_pages("/v1/albums").await.is_empty());
    assert_eq!(
        ana.all_pages("/v1/predictions").await.len(),
        0,
        "her token has not ended yet"
    );
    let sweep = admin.post("/v1/admin/storage:sweep").await.ok();
    assert_eq!(sweep["missing_sha256"], json!([]));
    User::register(&app, "ana").await;
}

async fn an_administrator_keeps_somebody_out(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let admin = User::register(&app, "root").await;
    let luis = User::register(&app, "luis").await;
    let key = luis.key(&["images:read"]).await;
    let page = format!("/v1/admin/users/{}", luis.id);
    let user = admin
        .patch_json(&page, &json!({"blocked": true}))
        .await
        .ok();
    assert_eq!(user["state"], "BLOCKED");
    let answer = app
        .post_json("/v1/auth/login", &login(&luis.email, User::PASSWORD))
        .await;
    assert_eq!(answer.status, 403, "who knows the password is told");
    assert_eq!(refresh(&app, &luis.tokens).await.status, 401);
    assert_eq!(key.get("/v1/images").await.status, 401);
    admin
        .patch_json(&page, &json!({"blocked": false}))
        .await
        .ok();
    User::sign_in(&app, "luis").await;
}

async fn what_happened_to_rights_is_on_record(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let admin = User::register(&app, "root").await;
    let luis = User::register(&app, "luis").await;
    let page = format!("/v1/admin/users/{}", luis.id);
    admin
        .patch_json(&page, &json!({"role": "admin"}))
        .await
        .ok();
    app.post_json("/v1/auth/login", &login(&luis.email, "wrong horse"))
        .await;
    let entries = admin.all_pages("/v1/admin/audit").await;
    let change = entries
        .iter()
        .find(|entry| entry["action"] == "user.role_changed")
        .expect("the change of role");
    assert_eq!(change["actor"], admin.id.as_str());
    assert_eq!(change["subject"], luis.id.as_str());
    assert_eq!(change["address"], "127.0.0.1");
    let all = serde_json::to_string(&entries).expect("JSON");
    assert!(
        !all.contains("example.org") && !all.contains("horse"),
        "{all}"
    );
    let failures = admin
        .all_pages("/v1/admin/audit?action=session.refused")
        .await;
    assert_eq!(failures.len(), 1, "{failures:?}");
}
