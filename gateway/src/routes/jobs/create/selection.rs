//! Which stored images a job is over.

use std::collections::{HashMap, HashSet};

use pupila_core::Page;
use pupila_proto::{
    accounts::v1::ListAlbumImagesRequest,
    history::v1::NewItem,
    images::v1::{Image, ImageFilter},
};
use uuid::Uuid;

use crate::{
    app::Gateway,
    authentication::LastingContext,
    error::RequestError,
    problem::Problem,
    refusal::Refusal,
    routes::{albums::images::list, images::batch},
    upload::NAMELESS,
};

/// Most images of a job, whatever history is configured to: what they cost to look up has a bound. Fewer is for history to say.
const MAX_IMAGES: usize = 10_000;

/// Stored images.
pub(super) enum Selection {
    /// These.
    Images(Vec<String>),
    /// All of an album.
    Album(String),
}

impl Selection {
    /// What a caller named: one of the two.
    pub(super) fn new(
        image_ids: Option<Vec<Uuid>>,
        album_id: Option<Uuid>,
    ) -> Result<Self, RequestError> {
        match (image_ids, album_id) {
            (Some(ids), None) => Self::of_images(&ids),
            (None, Some(album)) => Ok(Self::Album(album.to_string())),
            (Some(_), Some(_)) => {
                let description = "must not be there together with `image_ids`";
                Err(RequestError::invalid("album_id", description))
            }
            (None, None) => {
                let description = "is missing, as is `album_id`: one of them must be there";
                Err(RequestError::invalid("image_ids", description))
            }
        }
    }

    fn of_images(ids: &[Uuid]) -> Result<Self, RequestError> {
        if !(1..=MAX_IMAGES).contains(&ids.len()) {
            let description = format!("must be 1 to {MAX_IMAGES} images");
            return Err(RequestError::invalid("image_ids", description));
        }
        let mut seen = HashSet::new();
        if let Some(place) = ids.iter().position(|id| !seen.insert(id)) {
            let description = "is there twice";
            return Err(RequestError::invalid(
                format!("image_ids/{place}"),
                description,
            ));
        }
        Ok(Self::Images(ids.iter().map(Uuid::to_string).collect()))
    }

    /// The field that names them.
    pub(super) const fn field(&self) -> &'static str {
        match self {
            Self::Images(_) => "image_ids",
            Self::Album(_) => "album_id",
        }
    }

    /// The images as items of a job, in order.
    ///
    /// # Errors
    /// Images or an album that the caller may not see, or too many.
    pub(super) async fn items(
        self,
        gateway: &Gateway,
        context: &LastingContext,
    ) -> Result<Vec<NewItem>, Problem> {
        match self {
            Self::Images(ids) => named(gateway, context, ids).await,
            Self::Album(id) => of_album(gateway, context, id).await,
        }
    }
}

async fn named(
    gateway: &Gateway,
    context: &LastingContext,
    ids: Vec<String>,
) -> Result<Vec<NewItem>, Problem> {
    let mut items = Vec::with_capacity(ids.len());
    let mut unknown = Vec::new();
    for ids in ids.chunks(Page::MAX_SIZE as usize) {
        let context = context.get().await?;
        let images = batch::fetch(gateway, &context, ids.to_vec(), ImageFilter::default()).await?;
        let images = images.into_iter().map(|image| (image.id.clone(), image));
        let mut images: HashMap<_, _> = images.collect();
        for id in ids {
            match images.remove(id) {
                Some(image) => items.push(item(image)),
                None => unknown.push(id.clone()),
            }
        }
    }
    if unknown.is_empty() {
        Ok(items)
    } else {
        Err(Refusal::UnknownImages(unknown).into())
    }
}

async fn of_album(
    gateway: &Gateway,
    context: &LastingContext,
    album_id: String,
) -> Result<Vec<NewItem>, Problem> {
    let refused = |description: String| RequestError::invalid("album_id", description);
    let mut items = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListAlbumImagesRequest {
            album_id: album_id.clone(),
            page_size: Page::MAX_SIZE,
            page_token,
            image_ids: Vec::new(),
        };
        let context = context.get().await?;
        let page = list::fetch(gateway, &context, request).await;
        let page = page.map_err(|problem| {
            problem.rename_fields(|field| match field {
                "id" => "album_id".to_owned(),
                field => field.to_owned(),
            })
        });
        let (images, next) = page?;
        items.extend(images.into_iter().map(|(_, image)| item(image)));
        if items.len() > MAX_IMAGES {
            let description = format!("has more than {MAX_IMAGES} images");
            return Err(refused(description).into());
        }
        if next.is_empty() {
            break;
        }
        page_token = next;
    }
    if items.is_empty() {
        return Err(refused("has no images that you may see".to_owned()).into());
    }
    Ok(items)
}

fn item(image: Image) -> NewItem {
    NewItem {
        filename: match image.name.is_empty() {
            true => NAMELESS.to_owned(),
            false => image.name,
        },
        image_id: image.id,
        failure: None,
    }
}

#[cfg(test)]
mod tests {
    use pupila_core::Fault as _;

    use super::*;

    fn refused(image_ids: Option<Vec<Uuid>>, album_id: Option<Uuid>) -> String {
        match Selection::new(image_ids, album_id) {
            Err(error) => error.violations()[0].field.clone(),
            Ok(_) => "nothing".to_owned(),
        }
    }

    #[test]
    fn images_or_an_album_are_named_and_not_both() {
        let ids = |count: u128| Some((0..count).map(Uuid::from_u128).collect());
        let album = Some(Uuid::nil());
        assert_eq!(refused(None, None), "image_ids");
        assert_eq!(refused(ids(1), album), "album_id");
        assert_eq!(refused(ids(0), None), "image_ids");
        assert_eq!(refused(ids(10_001), None), "image_ids");
        let twice = vec![Uuid::nil(), Uuid::max(), Uuid::nil()];
        assert_eq!(refused(Some(twice), None), "image_ids/2");
        assert_eq!(refused(ids(10_000), None), "nothing");
        assert_eq!(refused(None, album), "nothing");
    }
}
