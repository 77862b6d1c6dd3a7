//! How a service proves who it is, on calls that it makes for itself.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Clock, RequestId};
use pupila_proto::accounts::v1::{SignInServiceRequest, auth_service_client::AuthServiceClient};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::Credential;
use crate::{context::RequestContext, rpc::RpcError, transport::Transport};

/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A token is not used any more this long before its end, so that it does not end on its way.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// A service of ours, which trades its secret for tokens of its own.
#[derive(Clone)]
pub struct ServiceIdentity(Arc<Inner>);

struct Inner {
    name: &'static str,
    secret: SecretString,
    accounts: AuthServiceClient<Transport>,
    clock: Arc<dyn Clock>,
    current: Mutex<Option<(Credential, Timestamp)>>,
}

impl ServiceIdentity {
    /// The service `name`, which accounts knows by `secret`.
    pub fn new(
        name: &'static str,
        secret: SecretString,
        accounts: Transport,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            name,
            secret,
            accounts: AuthServiceClient::new(accounts),
            clock,
            current: Mutex::default(),
        }))
    }

    /// A request that the service makes for itself.
    ///
    /// # Errors
    /// accounts does not know the service or is away.
    pub async fn request(&self) -> Result<RequestContext, RpcError> {
        Ok(RequestContext {
            request_id: RequestId::new(self.0.clock.now()),
            credential: self.credential().await?,
            address: None,
        })
    }

    async fn credential(&self) -> Result<Credential, RpcError> {
        let mut current = self.0.current.lock().await;
        let now = self.0.clock.now();
        if let Some((credential, end)) = &*current
            && now + MARGIN < *end
        {
            return Ok(credential.clone());
        }
        let request = SignInServiceRequest {
            service: self.0.name.to_owned(),
            secret: self.0.secret.expose_secret().to_owned(),
        };
        let mut request = tonic::Request::new(request);
        request.set_timeout(TIMEOUT);
        let answer = self.0.accounts.clone().sign_in_service(request).await?;
        let access = answer.into_inner().access.unwrap_or_default();
        let end = access.expire_time.unwrap_or_default();
        let end = Timestamp::from_second(end.seconds).unwrap_or(now);
        let credential = Credential::bearer(&access.token);
        *current = Some((credential.clone(), end));
        Ok(credential)
    }
}
