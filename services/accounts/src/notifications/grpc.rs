//! Notifications over gRPC: translates messages, decides nothing.

mod decode;
mod encode;

use pupila_core::Revision;
use pupila_db::Dialect;
use pupila_proto::accounts::v1::{
    self as proto, notification_service_server::NotificationService as NotificationApi,
};
use pupila_runtime::{identity, rpc};
use tonic::{Request, Response, Status};

use super::{NotificationError, Notifications};
use crate::origin::Origin;

/// `pupila.accounts.v1.NotificationService`.
pub(crate) struct NotificationService<DB: Dialect>(Notifications<DB>);

impl<DB: Dialect> NotificationService<DB> {
    /// The service over `notifications`.
    pub(crate) fn new(notifications: Notifications<DB>) -> Self {
        Self(notifications)
    }

    fn origin<T>(&self, request: &Request<T>) -> Result<Origin, Status> {
        let call = identity::call(request.extensions())?;
        Ok(Origin::of(call, self.0.now()))
    }
}

impl From<NotificationError> for Status {
    fn from(error: NotificationError) -> Self {
        rpc::into_status(error)
    }
}

#[tonic::async_trait]
impl<DB: Dialect> NotificationApi for NotificationService<DB> {
    async fn get_notification_settings(
        &self,
        request: Request<proto::GetNotificationSettingsRequest>,
    ) -> Result<Response<proto::GetNotificationSettingsResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let settings = Some(encode::settings(&self.0.settings(user).await?));
        let answer = proto::GetNotificationSettingsResponse { settings };
        Ok(Response::new(answer))
    }

    async fn update_notification_settings(
        &self,
        request: Request<proto::UpdateNotificationSettingsRequest>,
    ) -> Result<Response<proto::UpdateNotificationSettingsResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let expected = request.expected_revision.map(Revision::new);
        let change = decode::settings_change(&request);
        let settings = self.0.update_settings(user, &change, expected).await?;
        let settings = Some(encode::settings(&settings));
        let answer = proto::UpdateNotificationSettingsResponse { settings };
        Ok(Response::new(answer))
    }

    async fn get_push_key(
        &self,
        _: Request<proto::GetPushKeyRequest>,
    ) -> Result<Response<proto::GetPushKeyResponse>, Status> {
        let public_key = self.0.vapid.public_key().to_vec().into();
        Ok(Response::new(proto::GetPushKeyResponse { public_key }))
    }

    async fn list_push_subscriptions(
        &self,
        request: Request<proto::ListPushSubscriptionsRequest>,
    ) -> Result<Response<proto::ListPushSubscriptionsResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let subscriptions = self.0.subscriptions(user).await?.into_iter();
        let subscriptions = subscriptions.map(encode::subscription).collect();
        let answer = proto::ListPushSubscriptionsResponse { subscriptions };
        Ok(Response::new(answer))
    }

    async fn create_push_subscription(
        &self,
        request: Request<proto::CreatePushSubscriptionRequest>,
    ) -> Result<Response<proto::CreatePushSubscriptionResponse>, Status> {
        let caller = identity::user(request.extensions())?.clone();
        let new = decode::new_subscription(request.into_inner())?;
        let subscription = self.0.subscribe(&caller, &new).await?;
        let subscription = Some(encode::subscription(subscription));
        let answer = proto::CreatePushSubscriptionResponse { subscription };
        Ok(Response::new(answer))
    }

    async fn delete_push_subscription(
        &self,
        request: Request<proto::DeletePushSubscriptionRequest>,
    ) -> Result<Response<proto::DeletePushSubscriptionResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let endpoint = &request.get_ref().endpoint;
        self.0.end_browser(user, endpoint).await?;
        Ok(Response::new(proto::DeletePushSubscriptionResponse {}))
    }

    async fn end_push_subscription(
        &self,
        request: Request<proto::EndPushSubscriptionRequest>,
    ) -> Result<Response<proto::EndPushSubscriptionResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.get_ref().id)?;
        self.0.end_subscription(user, id).await?;
        Ok(Response::new(proto::EndPushSubscriptionResponse {}))
    }

    async fn list_webhooks(
        &self,
        request: Request<proto::ListWebhooksRequest>,
    ) -> Result<Response<proto::ListWebhooksResponse>, Status> {
        let caller = identity::user(request.extensions())?;
        let webhooks = self.0.webhooks(caller).await?.into_iter();
        let webhooks = webhooks.map(encode::webhook).collect();
        Ok(Response::new(proto::ListWebhooksResponse { webhooks }))
    }

    async fn create_webhook(
        &self,
        request: Request<proto::CreateWebhookRequest>,
    ) -> Result<Response<proto::CreateWebhookResponse>, Status> {
        let caller = identity::user(request.extensions())?;
        let origin = self.origin(&request)?;
        let address = decode::webhook_address(&request.get_ref().url)?;
        let webhook = self.0.create_webhook(caller, &address, &origin).await?;
        Ok(Response::new(proto::CreateWebhookResponse {
            secret: webhook.secret.clone(),
            webhook: Some(encode::webhook(webhook)),
        }))
    }

    async fn delete_webhook(
        &self,
        request: Request<proto::DeleteWebhookRequest>,
    ) -> Result<Response<proto::DeleteWebhookResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let origin = self.origin(&request)?;
        let id = decode::id("id", &request.get_ref().id)?;
        self.0.delete_webhook(user, id, &origin).await?;
        Ok(Response::new(proto::DeleteWebhookResponse {}))
    }

    async fn list_notifications(
        &self,
        request: Request<proto::ListNotificationsRequest>,
    ) -> Result<Response<proto::ListNotificationsResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let message = request.get_ref();
        let page = decode::page(message.page_size, &message.page_token)?;
        let told = self.0.told(user, message.unread, page).await?;
        Ok(Response::new(encode::told(told)))
    }

    async fn mark_notifications_read(
        &self,
        request: Request<proto::MarkNotificationsReadRequest>,
    ) -> Result<Response<proto::MarkNotificationsReadResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let up_to = decode::optional_id("up_to_id", &request.get_ref().up_to_id)?;
        self.0.mark_read(user, up_to).await?;
        Ok(Response::new(proto::MarkNotificationsReadResponse {}))
    }

    async fn unsubscribe(
        &self,
        request: Request<proto::UnsubscribeRequest>,
    ) -> Result<Response<proto::UnsubscribeResponse>, Status> {
        let language = self.0.unsubscribe(&request.get_ref().token).await?;
        let language = language.as_str().to_owned();
        Ok(Response::new(proto::UnsubscribeResponse { language }))
    }

    async fn notify(
        &self,
        request: Request<proto::NotifyRequest>,
    ) -> Result<Response<proto::NotifyResponse>, Status> {
        let event = decode::event(request.into_inner())?;
        let routes = self.0.notify(event.user, &event.key, &event.job).await?;
        let routes = routes.iter().map(ToString::to_string).collect();
        Ok(Response::new(proto::NotifyResponse { routes }))
    }

    async fn resolve_route(
        &self,
        request: Request<proto::ResolveRouteRequest>,
    ) -> Result<Response<proto::ResolveRouteResponse>, Status> {
        let message = request.get_ref();
        let (user, route) = decode::route(&message.user_id, &message.route)?;
        let destination = self.0.resolve(user, route).await?;
        Ok(Response::new(encode::destination(destination)))
    }

    async fn drop_route(
        &self,
        request: Request<proto::DropRouteRequest>,
    ) -> Result<Response<proto::DropRouteResponse>, Status> {
        let origin = self.origin(&request)?;
        let message = request.get_ref();
        let (user, route) = decode::route(&message.user_id, &message.route)?;
        self.0.drop_route(user, route, &origin).await?;
        Ok(Response::new(proto::DropRouteResponse {}))
    }
}
