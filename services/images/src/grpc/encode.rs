//! From our words to messages.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use pupila_core::Listing;
use pupila_proto::images::v1 as proto;
use pupila_runtime::rpc;
use tonic::Status;

use super::pieces::pieces;
use crate::{
    ImagesError, archives::Archive, content::Content, image::Image, renditions::Rendition,
    store::Usage, sweeper::Findings,
};

pub(super) fn image(image: Image) -> proto::Image {
    let file = image.file;
    proto::Image {
        id: image.id.to_string(),
        owner: image.owner.to_string(),
        name: image.name,
        description: image.description,
        format: file.format.name().to_owned(),
        size: file.size,
        width: file.width,
        height: file.height,
        sha256: file.sha256.to_string(),
        taken_at: file.taken_at,
        camera: file.camera,
        location: file.location.map(|place| proto::Location {
            latitude: place.latitude,
            longitude: place.longitude,
        }),
        create_time: Some(timestamp(image.create_time)),
        update_time: Some(timestamp(image.update_time)),
        revision: image.revision.get(),
    }
}

pub(super) fn listing(listing: Listing<Image>) -> proto::ListImagesResponse {
    let next = listing.next.map(|cursor| cursor.to_token());
    proto::ListImagesResponse {
        images: listing.items.into_iter().map(image).collect(),
        next_page_token: next.unwrap_or_default(),
    }
}

pub(super) fn usage(usage: Usage) -> proto::Usage {
    proto::Usage {
        images: usage.images,
        bytes: usage.bytes,
        quota_bytes: usage.quota.unwrap_or_default(),
    }
}

pub(super) fn findings(findings: Findings) -> proto::SweepStorageResponse {
    let missing = findings.missing.iter();
    proto::SweepStorageResponse {
        objects_seen: findings.seen,
        objects_removed: findings.removed,
        records_removed: findings.records,
        missing_sha256: missing.map(ToString::to_string).collect(),
    }
}

/// The image, then its bytes.
pub(super) fn content(
    content: Content,
) -> impl Stream<Item = Result<proto::ReadContentResponse, Status>> + Send {
    use proto::read_content_response::Part;
    let header = Part::Header(image(content.image));
    let chunks = pieces(content.bytes).map(|piece| piece.map(Part::Chunk));
    stream::iter([Ok(header)]).chain(chunks).map(|part| {
        let part = Some(part.map_err(rpc::into_status)?);
        Ok(proto::ReadContentResponse { part })
    })
}

/// What the rendition is, then its bytes.
pub(super) fn rendition(
    rendition: Rendition,
) -> impl Stream<Item = Result<proto::ReadRenditionResponse, Status>> + Send {
    use proto::read_rendition_response::Part;
    let header = Part::Header(proto::RenditionHeader {
        format: rendition.format.as_str().to_owned(),
        size: rendition.size,
        etag: rendition.etag,
    });
    let chunks = pieces(rendition.bytes).map(|piece| piece.map(Part::Chunk));
    stream::iter([Ok(header)]).chain(chunks).map(|part| {
        let part = Some(part.map_err(rpc::into_status)?);
        Ok(proto::ReadRenditionResponse { part })
    })
}

pub(super) fn archive(archive: Archive) -> proto::Archive {
    proto::Archive {
        id: archive.id.to_string(),
        name: archive.name,
        size: archive.size,
        create_time: Some(timestamp(archive.create_time)),
    }
}

/// What the archive is, then its bytes.
pub(super) fn archive_content(
    header: Archive,
    bytes: impl Stream<Item = Result<Bytes, ImagesError>> + Send + Unpin,
) -> impl Stream<Item = Result<proto::ReadArchiveResponse, Status>> + Send {
    use proto::read_archive_response::Part;
    let header = Part::Header(archive(header));
    let chunks = pieces(bytes).map(|piece| piece.map(Part::Chunk));
    stream::iter([Ok(header)]).chain(chunks).map(|part| {
        let part = Some(part.map_err(rpc::into_status)?);
        Ok(proto::ReadArchiveResponse { part })
    })
}

fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}
