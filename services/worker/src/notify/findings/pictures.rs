//! Small pictures of results.

use pupila_proto::{
    history::v1::{JobItem, RecordedPrediction, StepResult, step_result},
    images::v1::{
        Fit, ReadRenditionRequest, Recipe, image_service_client::ImageServiceClient,
        read_rendition_response::Part,
    },
};
use pupila_runtime::{context::RequestContext, transport::Transport};

use super::{known, one_line};

/// Most pictures of a message.
pub(super) const MOST: usize = 4;
/// Most bytes of one; a larger one is left out.
const MAX_BYTES: usize = 256 << 10;
/// The frame of a picture that is alone, in pixels: twice what is shown, for fine displays.
const ALONE: (u32, u32) = (1040, 780);
/// The frame of one among several.
const TILE: (u32, u32) = (508, 381);
/// Every mail program shows it, and a photograph stays small.
const FORMAT: &str = "jpeg";

/// A small picture of a result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// The file.
    pub(crate) jpeg: Vec<u8>,
    /// What the image is called, on one line.
    pub(crate) name: String,
    /// The label that was decided on and its probability, 0..1; `None` where no model was asked.
    pub(crate) label: Option<(String, f64)>,
}

/// What is shown of an item.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown<'a> {
    image_id: &'a str,
    item: &'a JobItem,
}

impl<'a> Shown<'a> {
    /// The last image that was made of it, or the original; `None` where there is neither.
    pub(super) fn of(item: &'a JobItem) -> Option<Self> {
        let made = item.results.iter().rev().find_map(made_image);
        let image_id = made.unwrap_or(&item.image_id);
        (!image_id.is_empty()).then_some(Self { image_id, item })
    }

    fn label(&self) -> Option<(String, f64)> {
        let last = self.item.results.iter().rev().find_map(prediction)?;
        Some((one_line(&last.label), last.score))
    }
}

fn prediction(result: &StepResult) -> Option<&RecordedPrediction> {
    match &result.kind {
        Some(step_result::Kind::Prediction(prediction)) => Some(prediction),
        _ => None,
    }
}

fn made_image(result: &StepResult) -> Option<&str> {
    match &result.kind {
        Some(step_result::Kind::Image(image)) => Some(&image.image_id),
        _ => None,
    }
}

/// The picture; `None` where images does not answer one, or one that is too large.
pub(super) async fn read(
    images: &ImageServiceClient<Transport>,
    context: &RequestContext,
    shown: Shown<'_>,
    alone: bool,
) -> Option<Picture> {
    let request = ReadRenditionRequest {
        id: shown.image_id.to_owned(),
        recipe: Some(recipe(alone)),
        ..ReadRenditionRequest::default()
    };
    let call = context.stream(request);
    let answer = images.clone().read_rendition(call).await;
    let mut pieces = known("picture", answer)?.into_inner();
    let mut jpeg = Vec::new();
    while let Some(piece) = known("picture", pieces.message().await)? {
        match piece.part {
            Some(Part::Header(header)) if header.format != FORMAT => return None,
            Some(Part::Chunk(chunk)) => jpeg.extend_from_slice(&chunk),
            Some(Part::Header(_)) | None => {}
        }
        if jpeg.len() > MAX_BYTES {
            return None;
        }
    }
    (!jpeg.is_empty()).then(|| Picture {
        jpeg,
        name: one_line(&shown.item.filename),
        label: shown.label(),
    })
}

fn recipe(alone: bool) -> Recipe {
    let (frame, fit) = if alone {
        (ALONE, Fit::Inside)
    } else {
        (TILE, Fit::Cover)
    };
    Recipe {
        width: Some(frame.0),
        height: Some(frame.1),
        fit: fit.into(),
        background: Some("FFFFFF".to_owned()),
        format: FORMAT.to_owned(),
        quality: Some(78),
        ..Recipe::default()
    }
}

#[cfg(test)]
mod tests {
    use pupila_proto::history::v1::DerivedImage;

    use super::*;

    fn item(image_id: &str, results: Vec<step_result::Kind>) -> JobItem {
        let results = results.into_iter().map(|kind| StepResult {
            step: 0,
            kind: Some(kind),
        });
        JobItem {
            image_id: image_id.to_owned(),
            results: results.collect(),
            ..JobItem::default()
        }
    }

    fn made(image_id: &str) -> step_result::Kind {
        step_result::Kind::Image(DerivedImage {
            image_id: image_id.to_owned(),
            ..DerivedImage::default()
        })
    }

    #[test]
    fn what_was_made_is_shown_before_the_original() {
        let label = step_result::Kind::Prediction(RecordedPrediction {
            label: "NORMAL".to_owned(),
            score: 0.9,
            ..RecordedPrediction::default()
        });
        let item = item("original", vec![made("first"), made("last"), label]);
        let shown = Shown::of(&item).expect("an image");
        assert_eq!(shown.image_id, "last");
        assert_eq!(shown.label(), Some(("NORMAL".to_owned(), 0.9)));
    }

    #[test]
    fn an_item_that_was_no_image_is_not_shown() {
        assert_eq!(Shown::of(&item("", Vec::new())), None);
        let item = item("original", Vec::new());
        let shown = Shown::of(&item).expect("an image");
        assert_eq!((shown.image_id, shown.label()), ("original", None));
    }
}
