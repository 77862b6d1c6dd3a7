//! Services of ours that call accounts.

use pupila_proto::accounts::v1 as proto;
use pupila_runtime::identity::Credential;

use crate::fixtures::{TestAccounts, nobody, told};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Accounts that knows the services `worker` and `images`.
pub(crate) async fn with_services(accounts: &TestAccounts) -> TestAccounts {
    let services = |config: &mut pupila_accounts::AccountsConfig| {
        for name in ["worker", "images"] {
            let secret = secrecy::SecretString::from(SECRET);
            config.services.insert(name.to_owned(), secret.into());
        }
    };
    accounts.configured(services).await
}

/// The token of a service.
pub(crate) async fn service(accounts: &TestAccounts, name: &str) -> Credential {
    let message = proto::SignInServiceRequest {
        service: name.to_owned(),
        secret: SECRET.to_owned(),
    };
    let answer = told(accounts.auth.clone().sign_in_service(nobody(message)).await);
    let access = answer.expect("a token").access.expect("a token");
    Credential::bearer(&access.token)
}
