//! What there is to be seen and changed.

use pupila_tests::{Api, File, Pupila, User, text};
use serde_json::json;

use crate::{
    callers::{READING, Who},
    http::subscription,
    tokens,
};

/// The people. They stay, whatever happens to what they own.
pub(crate) struct People {
    admin: User,
    owner: User,
    stranger: User,
    reader: Api,
    expired: Api,
    misdirected: Api,
    /// A job of the owner's that has ended.
    job: String,
    /// The owner's. Nobody may have one for every row.
    webhook: String,
    browser: String,
}

/// What the owner owns: made anew for every row, because rows delete.
pub(crate) struct Things {
    image: String,
    album: String,
    member: String,
    link: String,
    link_token: String,
    prediction: String,
    session: String,
    key: String,
    guest: Api,
}

impl People {
    /// An administrator, an owner and a stranger.
    pub(crate) async fn gather(app: &Pupila) -> Self {
        // The first one is the administrator.
        let admin = User::register(app, "root").await;
        let owner = User::register(app, "ana").await;
        let stranger = User::register(app, "luis").await;
        let token = text(&owner.tokens, "access_token");
        let key = tokens::signing_key(app, token).await;
        let image = owner.store(&File::sample("grey-8-bit.png")).await;
        let steps = json!([{"operation": "grayscale"}]);
        let job = json!({"image_ids": [image["id"]], "steps": steps});
        let job = owner.post_json("/v1/jobs", &job).await.ok();
        let job = owner.ended(text(&job, "id")).await;
        let webhook = json!({"url": "https://hooks.example.org/another"});
        let webhook = owner.post_json("/v1/me/webhooks", &webhook).await.ok();
        let browser = subscription("https://push.example.org/another");
        let browser = owner.post_json("/v1/me/push-subscriptions", &browser).await;
        Self {
            job: text(&job, "id").to_owned(),
            webhook: text(&webhook, "id").to_owned(),
            browser: text(&browser.ok(), "id").to_owned(),
            reader: owner.key(&READING).await,
            expired: app.with_token(&tokens::expired(&key, token)),
            misdirected: app.with_token(&tokens::misdirected(&key, token)),
            admin,
            owner,
            stranger,
        }
    }

    /// One of them, or the guest of these things.
    pub(crate) fn caller(&self, who: Who, things: &Things) -> Api {
        match who {
            Who::Nobody => self.owner.without_token(),
            Who::Expired => self.expired.clone(),
            Who::Misdirected => self.misdirected.clone(),
            Who::Reader => self.reader.clone(),
            Who::Stranger => Api::clone(&self.stranger),
            Who::Guest => things.guest.clone(),
            Who::Admin => Api::clone(&self.admin),
            Who::Owner => Api::clone(&self.owner),
        }
    }
}

impl Things {
    /// One of everything.
    pub(crate) async fn of(people: &People) -> Self {
        let owner = &people.owner;
        let image = text(&owner.store(&File::x_ray()).await, "id").to_owned();
        let album = owner.album("Summer", &[&image]).await;
        let address = json!({"email": "eva@example.org", "role": "viewer"});
        let member = owner
            .post_json(&format!("/v1/albums/{album}/members"), &address)
            .await;
        let link = owner
            .post_json(&format!("/v1/albums/{album}/links"), &json!({}))
            .await
            .ok();
        let opening = json!({"token": link["token"]});
        let opened = owner.post_json("/v1/links:open", &opening).await.ok();
        let question = json!({"image_id": image});
        let prediction = owner.post_json("/v1/predictions", &question).await.ok();
        let session = User::sign_in(owner, "ana").await;
        let key = json!({"name": "another key", "scopes": ["images:read"]});
        let key = owner.post_json("/v1/me/api-keys", &key).await.ok();
        Self {
            member: text(&member.ok(), "id").to_owned(),
            link: text(&link, "id").to_owned(),
            link_token: text(&link, "token").to_owned(),
            prediction: text(&prediction, "id").to_owned(),
            session: text(&session.tokens, "session_id").to_owned(),
            key: text(&key, "id").to_owned(),
            guest: owner.with_token(text(&opened, "access_token")),
            image,
            album,
        }
    }

    /// The image's id.
    pub(crate) fn image(&self) -> &str {
        &self.image
    }

    /// The secret of the share link's address.
    pub(crate) fn link_token(&self) -> &str {
        &self.link_token
    }

    /// The address of a route, its parameters being these things.
    pub(crate) fn address(&self, people: &People, route: &str) -> String {
        let mut folders = route.split('/').skip(2);
        let parent = match folders.next().unwrap_or_default() {
            "images" => &self.image,
            "jobs" => &people.job,
            "albums" => &self.album,
            "predictions" => &self.prediction,
            "auth" => &self.session,
            "me" => match folders.next() {
                Some("webhooks") => &people.webhook,
                Some("push-subscriptions") => &people.browser,
                _ => &self.key,
            },
            _ => &people.stranger.id,
        };
        route
            .replace("{id}", parent)
            .replace("{image_id}", &self.image)
            .replace("{member_id}", &self.member)
            .replace("{link_id}", &self.link)
            .replace("{name}", "pneumonia")
            .replace("{version}", "1")
    }
}
