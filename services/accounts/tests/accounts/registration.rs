//! Making accounts.

use futures_util::future::join_all;
use pupila_accounts::Registration;
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{
    fixtures::{PASSWORD, TestAccounts, email, nobody, reason, told},
    on_every_engine,
};

async fn the_first_user_administers_and_nobody_after_them(accounts: TestAccounts) {
    let ana = accounts.person("ana").await;
    let luis = accounts.person("luis").await;
    let role = |user: proto::User| user.role();
    let me = accounts.me(&ana).await.expect("signed in");
    assert_eq!(me.email, "ana@example.com");
    assert_eq!(
        (me.display_name.as_str(), me.language.as_str()),
        ("ana", "en")
    );
    assert_eq!((me.state(), me.revision), (proto::UserState::Active, 1));
    assert_eq!(role(me), proto::Role::Admin);
    assert_eq!(
        role(accounts.me(&luis).await.expect("in")),
        proto::Role::User
    );
}

async fn of_many_who_come_first_one_administers(accounts: TestAccounts) {
    let other = accounts.replica().await;
    let names: Vec<_> = (0..8).map(|number| format!("user-{number}")).collect();
    let registering = names.iter().enumerate().map(|(number, name)| {
        let replica = if number % 2 == 0 { &accounts } else { &other };
        replica.register(name)
    });
    for outcome in join_all(registering).await {
        outcome.expect("registered");
    }
    let mut administrators = 0;
    for name in &names {
        let person = accounts.sign_in(name).await.expect("signed in");
        let me = accounts.me(&person).await.expect("somebody");
        administrators += usize::from(me.role() == proto::Role::Admin);
    }
    assert_eq!(administrators, 1);
}

async fn an_address_that_is_taken_answers_the_same(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let again = proto::RegisterRequest {
        email: "ADMIN@Example.com".to_owned(),
        password: "another password".to_owned(),
        display_name: "Mallory".to_owned(),
        language: "es".to_owned(),
    };
    told(accounts.auth.clone().register(nobody(again)).await).expect("the same answer");

    let me = accounts.me(&ana).await.expect("as before");
    assert_eq!(me.display_name, "admin");
    let other = accounts.sign_in_with("admin", "another password").await;
    assert_eq!(reason(other), "CREDENTIALS_INVALID");
    let entry = &accounts.record(&ana).await[1];
    assert_eq!(entry.action, "user.registration_refused");
    assert_eq!(
        (entry.subject.as_str(), entry.actor.as_str()),
        (ana.id.as_str(), "")
    );
}

async fn of_many_with_one_address_one_gets_it(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let registering = (0..8).map(|_| accounts.register("ana"));
    for outcome in join_all(registering).await {
        outcome.expect("the same answer for all");
    }
    let actions = accounts.actions(&admin).await;
    let count = |name: &str| actions.iter().filter(|action| *action == name).count();
    assert_eq!(count("user.created"), 2);
    assert_eq!(count("user.registration_refused"), 7);
}

async fn while_registration_is_closed_administrators_make_accounts(accounts: TestAccounts) {
    let closed = accounts
        .configured(|config| config.registration = Registration::Closed)
        .await;
    // Somebody has to be the first.
    let admin = closed.administrator().await;
    let refused = closed.register("ana").await.expect_err("closed");
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    assert_eq!(refused.reason, "REGISTRATION_CLOSED");

    let new = proto::CreateUserRequest {
        email: email("ana"),
        password: PASSWORD.to_owned(),
        display_name: "Ana".to_owned(),
        language: "es".to_owned(),
        role: proto::Role::Admin.into(),
    };
    let mut users = closed.users.clone();
    let made = told(users.create_user(admin.call(new.clone())).await);
    let made = made.expect("made").user.expect("a user");
    assert_eq!(
        (made.role(), made.language.as_str()),
        (proto::Role::Admin, "es")
    );
    let again = told(users.create_user(admin.call(new)).await);
    assert_eq!(reason(again), "EMAIL_TAKEN");
    closed.sign_in("ana").await.expect("signed in");
}

async fn of_many_who_come_first_while_it_is_closed_one_gets_in(accounts: TestAccounts) {
    let closed = accounts
        .configured(|config| config.registration = Registration::Closed)
        .await;
    let names: Vec<_> = (0..6).map(|number| format!("user-{number}")).collect();
    let outcomes = join_all(names.iter().map(|name| closed.register(name))).await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for outcome in refused {
        assert_eq!(reason(outcome), "REGISTRATION_CLOSED");
    }
}

on_every_engine! {
    the_first_user_administers_and_nobody_after_them,
    of_many_who_come_first_one_administers,
    an_address_that_is_taken_answers_the_same,
    of_many_with_one_address_one_gets_it,
    while_registration_is_closed_administrators_make_accounts,
    of_many_who_come_first_while_it_is_closed_one_gets_in,
}
