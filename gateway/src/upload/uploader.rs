//! Files of a form on their way to images.

use std::time::Duration;

use pupila_proto::images::v1::{
    Archive, ArchiveHeader, CreateArchiveResponse, CreateImageResponse, Image, ImageHeader,
    archive_service_client::ArchiveServiceClient, image_service_client::ImageServiceClient,
};
use pupila_runtime::transport::Transport;

use super::{Failure, FormField, relay};
use crate::{app::Gateway, authentication::LastingContext};

/// Stores the files of one form, each with a token that is fresh where it can be: a form may last longer than a token,
/// and without one nothing that follows can be stored.
pub(crate) struct Uploader {
    images: ImageServiceClient<Transport>,
    archives: ArchiveServiceClient<Transport>,
    context: LastingContext,
    patience: Duration,
}

impl Uploader {
    pub(crate) fn new(gateway: &Gateway, context: LastingContext) -> Self {
        Self {
            images: gateway.images.clone(),
            archives: gateway.archives.clone(),
            context,
            patience: gateway.call_timeout,
        }
    }

    /// Stores an image.
    pub(crate) async fn image(
        &self,
        file: &mut FormField<'_>,
        header: ImageHeader,
    ) -> Result<Image, Failure> {
        let context = self.context.get().await.map_err(Failure::Broken)?;
        let mut images = self.images.clone();
        let stored: CreateImageResponse = relay(file, header, self.patience, |messages| {
            let request = context.stream(messages);
            async move { images.create_image(request).await }
        })
        .await?;
        Ok(stored.image.unwrap_or_default())
    }

    /// Stores a ZIP, for a worker to unpack.
    pub(crate) async fn archive(
        &self,
        file: &mut FormField<'_>,
        header: ArchiveHeader,
    ) -> Result<Archive, Failure> {
        let context = self.context.get().await.map_err(Failure::Broken)?;
        let mut archives = self.archives.clone();
        let stored: CreateArchiveResponse = relay(file, header, self.patience, |messages| {
            let request = context.stream(messages);
            async move { archives.create_archive(request).await }
        })
        .await?;
        Ok(stored.archive.unwrap_or_default())
    }
}
