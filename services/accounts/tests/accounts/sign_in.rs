//! Signing in: with a password, as the local user, as a service.

use pupila_core::{Caller, ErrorCode, Role, Scope, UserId};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::identity::{Credential, SecretConfig, Verifier};

use crate::{
    fixtures::{TestAccounts, call, nobody, reason, told},
    on_every_engine,
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn a_wrong_password_and_an_unknown_address_answer_the_same(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let wrong = accounts.sign_in_with("admin", "not the password").await;
    let unknown = accounts.sign_in_with("stranger", "not the password").await;
    let (wrong, unknown) = (wrong.expect_err("wrong"), unknown.expect_err("unknown"));
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.code, ErrorCode::Unauthenticated);
    assert_eq!(wrong.reason, "CREDENTIALS_INVALID");

    let record = accounts.record(&ana).await;
    let subjects = |entry: &proto::AuditEntry| (entry.action.clone(), entry.subject.clone());
    assert_eq!(
        subjects(&record[0]),
        ("session.refused".to_owned(), String::new())
    );
    assert_eq!(
        subjects(&record[1]),
        ("session.refused".to_owned(), ana.id.clone())
    );
}

async fn an_address_is_the_same_in_upper_case(accounts: TestAccounts) {
    accounts.register("Ana.Perez").await.expect("registered");
    let ana = accounts.sign_in("aNA.pEREZ").await.expect("signed in");
    assert_eq!(
        accounts.me(&ana).await.expect("in").email,
        "ana.perez@example.com"
    );
}

async fn tokens_hold_as_long_as_they_say(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let access = ana.tokens.access.clone().expect("a token");
    let end = access.expire_time.expect("an end");
    let now = pupila_core::Clock::now(&*accounts.clock);
    assert_eq!(end.seconds - now.as_second(), 300);
    accounts.wait(299);
    assert!(accounts.me(&ana).await.is_ok());
    accounts.wait(1);
    assert_eq!(reason(accounts.me(&ana).await), "TOKEN_EXPIRED");
}

async fn there_is_no_local_user_unless_the_operator_says_so(accounts: TestAccounts) {
    let refused = accounts.auth.clone();
    let refused = refused
        .clone()
        .sign_in_locally(nobody(proto::SignInLocallyRequest {}))
        .await;
    let refused = told(refused).expect_err("there are accounts");
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    assert_eq!(refused.reason, "LOCAL_USER_OFF");
}

async fn the_local_user_may_do_everything_and_stays(accounts: TestAccounts) {
    let local = accounts.configured(|config| config.local_user = true).await;
    let second = accounts.configured(|config| config.local_user = true).await;
    let credential = sign_in_locally(&local).await;
    sign_in_locally(&second).await;
    let call = |message| call(credential.clone(), None, message);
    let mut users = local.users.clone();

    let me = told(users.get_me(call(proto::GetMeRequest {})).await).expect("in");
    let me = me.user.expect("a user");
    assert_eq!(me.id, UserId::LOCAL.to_string());
    assert_eq!(
        (me.display_name.as_str(), me.email.as_str()),
        ("Local user", "")
    );
    assert_eq!(me.role(), proto::Role::Admin);

    let mut auth = local.auth.clone();
    let delete = self::call(
        credential.clone(),
        None,
        proto::DeleteMeRequest {
            password: "any password".to_owned(),
        },
    );
    assert_eq!(reason(told(users.delete_me(delete).await)), "LOCAL_USER");
    let block = self::call(
        credential.clone(),
        None,
        proto::UpdateUserRequest {
            id: me.id.clone(),
            blocked: Some(true),
            ..proto::UpdateUserRequest::default()
        },
    );
    assert_eq!(reason(told(users.update_user(block).await)), "LOCAL_USER");
    let sign_out = self::call(credential.clone(), None, proto::SignOutRequest {});
    told(auth.sign_out(sign_out).await).expect("nothing to end");
}

async fn the_local_user_is_not_the_first_administrator(accounts: TestAccounts) {
    let local = accounts.configured(|config| config.local_user = true).await;
    sign_in_locally(&local).await;
    // The operator turns accounts on.
    let ana = accounts.administrator().await;
    assert_eq!(
        accounts.me(&ana).await.expect("in").role(),
        proto::Role::Admin
    );
    let last = accounts
        .update_user(
            &ana,
            proto::UpdateUserRequest {
                id: ana.id.clone(),
                role: Some(proto::Role::User.into()),
                ..proto::UpdateUserRequest::default()
            },
        )
        .await;
    assert_eq!(reason(last), "LAST_ADMINISTRATOR");
}

async fn a_service_proves_who_it_is_by_its_secret(accounts: TestAccounts) {
    let secret = SecretConfig::from(secrecy::SecretString::from(SECRET));
    let accounts = accounts
        .configured(|config| drop(config.services.insert("images".to_owned(), secret)))
        .await;
    let sign_in = async |service: &str, secret: &str| {
        let message = proto::SignInServiceRequest {
            service: service.to_owned(),
            secret: secret.to_owned(),
        };
        told(accounts.auth.clone().sign_in_service(nobody(message)).await)
    };
    let access = sign_in("images", SECRET).await.expect("known");
    let verifier = Verifier::new(accounts.keys.clone(), accounts.clock.clone());
    let token = access.access.expect("a token").token;
    let caller = verifier.verify(&token).await.expect("ours");
    assert_eq!(caller, Caller::Service("images".to_owned()));

    for (service, secret) in [
        ("images", ""),
        ("images", "hunter2"),
        ("history", SECRET),
        ("", ""),
    ] {
        let refused = sign_in(service, secret).await.expect_err("unknown");
        assert_eq!(refused.code, ErrorCode::Unauthenticated);
        assert_eq!(refused.reason, "SERVICE_UNKNOWN");
    }
}

async fn whoever_guesses_the_secret_of_a_service_is_recorded_and_has_to_wait(
    accounts: TestAccounts,
) {
    let admin = accounts.administrator().await;
    let narrow = accounts
        .configured(|config| config.throttle.address_attempts = 3)
        .await;
    accounts.wait(1_000);
    let sign_in = async |service: &str| {
        let message = proto::SignInServiceRequest {
            service: service.to_owned(),
            secret: "hunter2".to_owned(),
        };
        reason(told(
            narrow.auth.clone().sign_in_service(nobody(message)).await,
        ))
    };
    for service in ["images", "line\nbreak", &"ñ".repeat(100_000)] {
        assert_eq!(sign_in(service).await, "SERVICE_UNKNOWN");
    }
    assert_eq!(sign_in("images").await, "TOO_MANY_ATTEMPTS");

    let admin = accounts.refresh(&admin).await.expect("refreshed");
    let record = accounts.record(&admin).await;
    let refused = record
        .iter()
        .filter(|entry| entry.action == "service.refused");
    let subjects: Vec<_> = refused.map(|entry| entry.subject.as_str()).collect();
    assert_eq!(subjects, [&*"ñ".repeat(64), "linebreak", "images"]);
}

async fn a_token_says_what_its_owner_may_do(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let verifier = Verifier::new(accounts.keys.clone(), accounts.clock.clone());
    for (person, role) in [(&admin, Role::Admin), (&ana, Role::User)] {
        let token = person.tokens.access.clone().expect("a token").token;
        let caller = verifier.verify(&token).await.expect("ours");
        let user = caller.user().expect("a user");
        assert_eq!(user.id.to_string(), person.id);
        assert_eq!(user.role, role);
        assert_eq!(user.scopes.contain(Scope::Admin), role == Role::Admin);
        assert!(user.scopes.contain(Scope::AccountWrite));
        assert_eq!(
            user.session.map(|id| id.to_string()).as_deref(),
            Some(person.session())
        );
    }
}

async fn sign_in_locally(accounts: &TestAccounts) -> Credential {
    let call = nobody(proto::SignInLocallyRequest {});
    let answer = told(accounts.auth.clone().sign_in_locally(call).await);
    let access = answer.expect("the local user").access.expect("a token");
    Credential::bearer(&access.token)
}

on_every_engine! {
    a_wrong_password_and_an_unknown_address_answer_the_same,
    an_address_is_the_same_in_upper_case,
    tokens_hold_as_long_as_they_say,
    there_is_no_local_user_unless_the_operator_says_so,
    the_local_user_may_do_everything_and_stays,
    the_local_user_is_not_the_first_administrator,
    a_service_proves_who_it_is_by_its_secret,
    whoever_guesses_the_secret_of_a_service_is_recorded_and_has_to_wait,
    a_token_says_what_its_owner_may_do,
}
