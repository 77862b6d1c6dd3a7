//! From messages to our words. What has no form in our words is refused here, by field; whether the rest makes sense
//! is for the domain to say.

use std::str::FromStr;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use pupila_core::{ArchiveId, ImageId, Revision, UserId};
use pupila_imaging::{
    Format,
    render::{Fit, Flip, Gravity},
};
use pupila_proto::images::v1 as proto;

use crate::{
    ImagesError,
    filter::ImageFilter,
    renditions::{CropBox, Order, OutputFormat, Wish},
    text,
    upload::{Header, Part},
};

pub(super) fn image_id(text: &str) -> Result<ImageId, ImagesError> {
    parse("id", text)
}

pub(super) fn image_ids(texts: &[String]) -> Result<Vec<ImageId>, ImagesError> {
    texts.iter().map(|text| parse("ids", text)).collect()
}

pub(super) fn archive_id(text: &str) -> Result<ArchiveId, ImagesError> {
    parse("id", text)
}

pub(super) fn user_id(text: &str) -> Result<UserId, ImagesError> {
    parse("user_id", text)
}

pub(super) fn revision(count: Option<i64>) -> Option<Revision> {
    count.map(Revision::new)
}

pub(super) fn filter(message: Option<proto::ImageFilter>) -> Result<ImageFilter, ImagesError> {
    let message = message.unwrap_or_default();
    Ok(ImageFilter {
        text: message.text,
        format: message
            .format
            .map(|name| read_format("filter/format", &name))
            .transpose()?,
        from_time: timestamp("filter/from_time", message.from_time)?,
        until_time: timestamp("filter/until_time", message.until_time)?,
    })
}

/// A piece of an upload; `None` where it is empty.
pub(super) fn create_part(message: proto::CreateImageRequest) -> Option<Part<Header>> {
    use proto::create_image_request::Part as Piece;
    Some(match message.part? {
        Piece::Header(header) => Part::Header(read_header(header)),
        Piece::Chunk(chunk) => Part::Chunk(chunk),
    })
}

/// A piece of an upload; `None` where it is empty.
pub(super) fn avatar_part(message: proto::PutAvatarRequest) -> Option<Part<Header>> {
    use proto::put_avatar_request::Part as Piece;
    Some(match message.part? {
        Piece::Header(header) => Part::Header(read_header(header)),
        Piece::Chunk(chunk) => Part::Chunk(chunk),
    })
}

/// A piece of an archive, which has a name for a header; `None` where it is empty.
pub(super) fn archive_part(message: proto::CreateArchiveRequest) -> Option<Part<String>> {
    use proto::create_archive_request::Part as Piece;
    Some(match message.part? {
        Piece::Header(header) => Part::Header(text::file_name(&header.name)),
        Piece::Chunk(chunk) => Part::Chunk(chunk),
    })
}

fn read_header(message: proto::ImageHeader) -> Header {
    Header {
        name: text::file_name(&message.name),
        description: message.description,
        keep_location: message.keep_location,
        key: Some(message.idempotency_key).filter(|key| !key.is_empty()),
    }
}

pub(super) fn order(message: proto::ReadRenditionRequest) -> Result<Order, ImagesError> {
    let accepted = message.accepted_formats.iter();
    Ok(Order {
        wish: wish(message.recipe.unwrap_or_default())?,
        preset: message.preset,
        // What is not written here is nobody's choice.
        accepted: accepted
            .filter_map(|name| OutputFormat::from_name(name))
            .collect(),
        known_etag: message.known_etag,
    })
}

fn wish(message: proto::Recipe) -> Result<Wish, ImagesError> {
    Ok(Wish {
        crop: message.crop.map(|part| CropBox {
            left: part.left,
            top: part.top,
            width: part.width,
            height: part.height,
        }),
        rotate: message.rotate,
        flip: read_flip(message.flip)?,
        width: message.width,
        height: message.height,
        fit: read_fit(message.fit)?,
        gravity: read_gravity(message.gravity)?,
        enlarge: message.enlarge,
        grayscale: message.grayscale,
        brightness: message.brightness,
        contrast: message.contrast,
        saturation: message.saturation,
        blur: message.blur,
        sharpen: message.sharpen,
        background: message.background,
        format: match message.format.as_str() {
            "" => None,
            name => Some(
                OutputFormat::from_name(name)
                    .ok_or_else(|| ImagesError::field("format", "must be jpeg, png or webp"))?,
            ),
        },
        quality: message.quality,
    })
}

fn read_flip(number: i32) -> Result<Option<Flip>, ImagesError> {
    use proto::Flip as Wire;
    Ok(match known("flip", number)? {
        Wire::Unspecified => None,
        Wire::Horizontal => Some(Flip::Horizontal),
        Wire::Vertical => Some(Flip::Vertical),
        Wire::Both => Some(Flip::Both),
    })
}

fn read_fit(number: i32) -> Result<Option<Fit>, ImagesError> {
    use proto::Fit as Wire;
    Ok(match known("fit", number)? {
        Wire::Unspecified => None,
        Wire::Inside => Some(Fit::Inside),
        Wire::Cover => Some(Fit::Cover),
        Wire::Contain => Some(Fit::Contain),
        Wire::Exact => Some(Fit::Exact),
    })
}

fn read_gravity(number: i32) -> Result<Option<Gravity>, ImagesError> {
    use proto::Gravity as Wire;
    Ok(match known("gravity", number)? {
        Wire::Unspecified => None,
        Wire::Center => Some(Gravity::Center),
        Wire::North => Some(Gravity::North),
        Wire::NorthEast => Some(Gravity::NorthEast),
        Wire::East => Some(Gravity::East),
        Wire::SouthEast => Some(Gravity::SouthEast),
        Wire::South => Some(Gravity::South),
        Wire::SouthWest => Some(Gravity::SouthWest),
        Wire::West => Some(Gravity::West),
        Wire::NorthWest => Some(Gravity::NorthWest),
    })
}

/// A value of an enum that this release knows.
fn known<E: TryFrom<i32>>(field: &str, number: i32) -> Result<E, ImagesError> {
    E::try_from(number).map_err(|_| ImagesError::field(field, "has a value that is not known"))
}

fn read_format(field: &str, name: &str) -> Result<Format, ImagesError> {
    let format = Format::ALL.into_iter().find(|format| format.name() == name);
    format.ok_or_else(|| {
        let names = Format::ALL.map(Format::name).join(", ");
        ImagesError::field(field, format!("must be one of {names}"))
    })
}

/// The first whole microsecond that is not before the message's time, so that both ends of a range of nanoseconds keep
/// their meaning.
fn timestamp(
    field: &str,
    message: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, ImagesError> {
    let Some(message) = message else {
        return Ok(None);
    };
    let whole = TimestampRound::new()
        .smallest(Unit::Microsecond)
        .mode(RoundMode::Ceil);
    Timestamp::new(message.seconds, message.nanos)
        .and_then(|time| time.round(whole))
        .map(Some)
        .map_err(|error| ImagesError::field(field, error.to_string()))
}

fn parse<T>(field: &str, text: &str) -> Result<T, ImagesError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    text.parse()
        .map_err(|error: T::Err| ImagesError::field(field, error.to_string()))
}
