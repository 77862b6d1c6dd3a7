//! What is asked of renditions.

use pupila_proto::images::v1::{Image, ReadRenditionRequest, Recipe};

use crate::{pictures::fixture, user::TestUser};

pub(crate) fn order(image: &Image) -> ReadRenditionRequest {
    ReadRenditionRequest {
        id: image.id.clone(),
        ..Default::default()
    }
}

pub(crate) fn sized(image: &Image, width: u32) -> ReadRenditionRequest {
    ReadRenditionRequest {
        recipe: Some(Recipe {
            width: Some(width),
            ..Default::default()
        }),
        ..order(image)
    }
}

pub(crate) async fn stored(user: &TestUser, name: &str) -> Image {
    user.upload(fixture(name)).await.expect("stored")
}
