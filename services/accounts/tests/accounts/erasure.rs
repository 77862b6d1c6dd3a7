//! Deleting users, with all that they own in every service.

use std::time::Duration;

use futures_util::future::join_all;
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::rpc::RpcError;
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    fixtures::{PASSWORD, Person, TestAccounts, nobody, reason, told},
    on_every_engine,
    owners::{Mood, Owners},
};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The erasure of a process, at work.
struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(accounts: &mut TestAccounts, owners: &Owners) -> Self {
        let stop = CancellationToken::new();
        let erasure = accounts.erasure.take().expect("not running yet");
        let (images, history) = (owners.images.clone(), owners.history.clone());
        let task = tokio::spawn(erasure.run(images, history, stop.clone()));
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task)
            .await
            .expect("in time")
            .expect("no panic");
    }
}

async fn who_goes_is_gone_at_once_and_erased_everywhere(mut accounts: TestAccounts) {
    let mut owners = Owners::start(&accounts, &[Mood::Erases], &[Mood::Erases]).await;
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let key = api_key(&accounts, &ana).await;
    let wrong = delete_me(&accounts, &ana, "not the password").await;
    assert_eq!(reason(wrong), "PASSWORD_WRONG");

    delete_me(&accounts, &ana, PASSWORD).await.expect("decided");
    // Nobody can be them any more, and their address is free.
    assert_eq!(reason(accounts.me(&ana).await), "ACCOUNT_ENDED");
    assert_eq!(
        reason(accounts.refresh(&ana).await),
        "REFRESH_TOKEN_INVALID"
    );
    assert_eq!(reason(accounts.sign_in("ana").await), "CREDENTIALS_INVALID");
    let call = nobody(proto::ExchangeApiKeyRequest { api_key: key });
    let traded = told(accounts.auth.clone().exchange_api_key(call).await);
    assert_eq!(reason(traded), "API_KEY_INVALID");
    let user = accounts
        .user(&admin, &ana.id)
        .await
        .expect("on the way out");
    assert_eq!(
        (user.state(), &*user.email),
        (proto::UserState::Deleting, "")
    );
    let changed = accounts.update_user(&admin, blocked(&ana)).await;
    assert_eq!(reason(changed), "USER_DELETING");
    let successor = accounts.person("ana").await;
    assert_ne!(successor.id, ana.id);

    let running = Running::start(&mut accounts, &owners);
    assert_eq!(owners.next().await, format!("images {}", ana.id));
    assert_eq!(owners.next().await, format!("history {}", ana.id));
    until_gone(&accounts, &ana).await;
    accounts.me(&successor).await.expect("not concerned");
    let actions = accounts.actions(&admin).await;
    assert_eq!(
        actions
            .iter()
            .filter(|action| *action == "user.erased")
            .count(),
        1
    );
    assert_eq!(
        actions
            .iter()
            .filter(|action| *action == "user.deleted")
            .count(),
        1
    );
    running.stop().await;
}

async fn a_deletion_wakes_the_erasure(mut accounts: TestAccounts) {
    let mut owners = Owners::start(&accounts, &[Mood::Erases], &[Mood::Erases]).await;
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let running = Running::start(&mut accounts, &owners);
    let call = admin.call(proto::DeleteUserRequest { id: ana.id.clone() });
    told(accounts.users.clone().delete_user(call).await).expect("decided");
    // Long before it would look by itself.
    let asked = timeout(Duration::from_secs(20), owners.next())
        .await
        .expect("at once");
    assert_eq!(asked, format!("images {}", ana.id));
    until_gone(&accounts, &ana).await;
    let call = admin.call(proto::DeleteUserRequest { id: ana.id.clone() });
    let again = told(accounts.users.clone().delete_user(call).await);
    assert_eq!(reason(again), "USER_NOT_FOUND");
    running.stop().await;
}

async fn a_service_that_is_away_is_asked_until_it_answers(mut accounts: TestAccounts) {
    let images = [Mood::IsAway, Mood::IsAway, Mood::Erases];
    let history = [Mood::IsAway, Mood::Erases];
    let mut owners = Owners::start(&accounts, &images, &history).await;
    accounts.administrator().await;
    let ana = accounts.person("ana").await;
    delete_me(&accounts, &ana, PASSWORD).await.expect("decided");
    let running = Running::start(&mut accounts, &owners);
    let images = format!("images {}", ana.id);
    let history = format!("history {}", ana.id);
    for expected in [&images, &images, &images, &history, &images, &history] {
        let asked = loop {
            // Its next turn comes when time passes.
            match timeout(Duration::from_millis(100), owners.next()).await {
                Ok(asked) => break asked,
                Err(_) => accounts.wait(1),
            }
        };
        assert_eq!(&asked, expected);
    }
    until_gone(&accounts, &ana).await;
    running.stop().await;
}

async fn what_a_crash_broke_off_another_replica_finishes(mut accounts: TestAccounts) {
    let mut stuck = Owners::start(&accounts, &[Mood::Erases], &[Mood::NeverAnswers]).await;
    let mut owners = Owners::start(&accounts, &[Mood::Erases], &[Mood::Erases]).await;
    accounts.administrator().await;
    let ana = accounts.person("ana").await;
    delete_me(&accounts, &ana, PASSWORD).await.expect("decided");
    let running = Running::start(&mut accounts, &stuck);
    assert_eq!(stuck.next().await, format!("images {}", ana.id));
    assert_eq!(stuck.next().await, format!("history {}", ana.id));
    running.stop().await;

    let mut other = accounts.replica().await;
    let running = Running::start(&mut other, &owners);
    // While the first may be at it the other stays away.
    let early = timeout(Duration::from_millis(300), owners.next()).await;
    assert!(early.is_err(), "{early:?}");
    accounts.wait(300);
    assert_eq!(owners.next().await, format!("images {}", ana.id));
    assert_eq!(owners.next().await, format!("history {}", ana.id));
    until_gone(&accounts, &ana).await;
    running.stop().await;
}

async fn replicas_share_the_work(mut accounts: TestAccounts) {
    let owners = Owners::start(&accounts, &[Mood::Erases], &[Mood::Erases]).await;
    let admin = accounts.administrator().await;
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(accounts.person(&format!("user-{number}")).await);
    }
    let mut other = accounts.replica().await;
    let running = [
        Running::start(&mut accounts, &owners),
        Running::start(&mut other, &owners),
    ];
    let deleting = people
        .iter()
        .map(|person| delete_me(&accounts, person, PASSWORD));
    for outcome in join_all(deleting).await {
        outcome.expect("decided");
    }
    for person in &people {
        until_gone(&accounts, person).await;
    }
    let actions = accounts.actions(&admin).await;
    assert_eq!(
        actions
            .iter()
            .filter(|action| *action == "user.erased")
            .count(),
        6
    );
    for running in running {
        running.stop().await;
    }
}

async fn delete_me(
    accounts: &TestAccounts,
    person: &Person,
    password: &str,
) -> Result<(), RpcError> {
    let message = proto::DeleteMeRequest {
        password: password.to_owned(),
    };
    told(accounts.users.clone().delete_me(person.call(message)).await).map(drop)
}

async fn api_key(accounts: &TestAccounts, person: &Person) -> String {
    let message = proto::CreateApiKeyRequest {
        name: "script".to_owned(),
        scopes: vec!["images:read".to_owned()],
        ..proto::CreateApiKeyRequest::default()
    };
    let answer = told(
        accounts
            .users
            .clone()
            .create_api_key(person.call(message))
            .await,
    );
    answer.expect("made").secret
}

fn blocked(person: &Person) -> proto::UpdateUserRequest {
    proto::UpdateUserRequest {
        id: person.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    }
}

/// Asks until nothing is left of somebody.
async fn until_gone(accounts: &TestAccounts, person: &Person) {
    let gone = async {
        // Time has passed, and the token of before may have ended.
        let admin = accounts.sign_in("admin").await.expect("signed in");
        while accounts.user(&admin, &person.id).await.is_ok() {
            tokio::task::yield_now().await;
        }
        let gone = accounts.user(&admin, &person.id).await;
        assert_eq!(reason(gone), "USER_NOT_FOUND");
    };
    timeout(PATIENCE, gone).await.expect("erased in time");
}

on_every_engine! {
    who_goes_is_gone_at_once_and_erased_everywhere,
    a_deletion_wakes_the_erasure,
    a_service_that_is_away_is_asked_until_it_answers,
    what_a_crash_broke_off_another_replica_finishes,
    replicas_share_the_work,
}
