//! What accounts knows of who wants to be told where.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::{
    accounts::v1::{
        DropRouteRequest, NotifyRequest, ResolveRouteRequest, ResolveRouteResponse,
        notification_service_client::NotificationServiceClient,
    },
    history::v1::Task,
};
use pupila_runtime::{
    context::RequestContext, identity::ServiceIdentity, rpc::RpcError, transport::Transport,
};
use tonic::{Response, Status};

use super::notice::Notice;
use crate::{Outcome, Service};

/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks accounts, as the worker itself.
#[derive(Clone)]
pub(crate) struct Routes {
    accounts: NotificationServiceClient<Transport>,
    identity: ServiceIdentity,
}

impl Routes {
    /// Those that `accounts` knows.
    pub(crate) fn new(accounts: Transport, identity: ServiceIdentity) -> Self {
        Self {
            accounts: NotificationServiceClient::new(accounts),
            identity,
        }
    }

    /// Tells accounts that a job of the task's owner ended; once per end, however often it is told. Answers where else to
    /// deliver it; `None` where there is nobody to tell.
    ///
    /// # Errors
    /// The outcome of the task: what accounts answers.
    pub(crate) async fn tell(
        &self,
        task: &Task,
        notice: &Notice,
    ) -> Result<Option<Vec<String>>, Outcome> {
        let request = NotifyRequest {
            user_id: task.owner.clone(),
            key: notice.key(),
            job_ended: Some(notice.event()),
        };
        let call = self.own().await?.call(request, TIMEOUT);
        let answer = found(self.accounts.clone().notify(call).await)?;
        Ok(answer.map(|answer| answer.routes))
    }

    /// Where a route leads now; `None` where it leads nowhere any more.
    ///
    /// # Errors
    /// The outcome of the task: what accounts answers.
    pub(crate) async fn resolve(
        &self,
        task: &Task,
        route: &str,
    ) -> Result<Option<ResolveRouteResponse>, Outcome> {
        let request = ResolveRouteRequest {
            user_id: task.owner.clone(),
            route: route.to_owned(),
        };
        let call = self.own().await?.call(request, TIMEOUT);
        found(self.accounts.clone().resolve_route(call).await)
    }

    /// Forgets a route, because the other side says that it leads nowhere.
    ///
    /// # Errors
    /// The outcome of the task: what accounts answers.
    pub(crate) async fn drop(&self, task: &Task, route: &str) -> Result<(), Outcome> {
        let request = DropRouteRequest {
            user_id: task.owner.clone(),
            route: route.to_owned(),
        };
        let call = self.own().await?.call(request, TIMEOUT);
        let dropped = self.accounts.clone().drop_route(call).await;
        dropped.map_err(|status| refused(status.into()))?;
        Ok(())
    }

    async fn own(&self) -> Result<RequestContext, Outcome> {
        let own = self.identity.request().await;
        own.map_err(|error| Outcome::shut_out(&error))
    }
}

/// An answer; `None` where accounts knows nothing of what it was asked about.
fn found<T>(answer: Result<Response<T>, Status>) -> Result<Option<T>, Outcome> {
    match answer.map_err(RpcError::from) {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: RpcError) -> Outcome {
    Outcome::from_service(Service::Accounts, error)
}
