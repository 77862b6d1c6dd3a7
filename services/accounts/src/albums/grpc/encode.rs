//! From our words to messages.

use jiff::Timestamp;
use pupila_core::Listing;
use pupila_proto::accounts::v1 as proto;

use crate::albums::{AlbumImage, AlbumRole, AlbumView, Link, Member};

pub(super) fn album(AlbumView { album, role }: AlbumView) -> proto::Album {
    let cover = album.cover.map(|image| image.to_string());
    proto::Album {
        id: album.id.to_string(),
        owner: album.owner.to_string(),
        name: album.name,
        description: album.description,
        cover_image_id: cover.unwrap_or_default(),
        image_count: album.image_count,
        role: self::role(role).into(),
        create_time: Some(timestamp(album.create_time)),
        update_time: Some(timestamp(album.update_time)),
        revision: album.revision.get(),
    }
}

pub(super) fn albums(listing: Listing<AlbumView>) -> proto::ListAlbumsResponse {
    proto::ListAlbumsResponse {
        next_page_token: next(&listing),
        albums: listing.items.into_iter().map(album).collect(),
    }
}

pub(super) fn images(listing: Listing<AlbumImage>) -> proto::ListAlbumImagesResponse {
    proto::ListAlbumImagesResponse {
        next_page_token: next(&listing),
        images: listing
            .items
            .into_iter()
            .map(|place| proto::AlbumImage {
                image_id: place.image.to_string(),
                added_by: place.added_by.to_string(),
                add_time: Some(timestamp(place.add_time)),
            })
            .collect(),
    }
}

pub(super) fn members(listing: Listing<Member>) -> proto::ListMembersResponse {
    proto::ListMembersResponse {
        next_page_token: next(&listing),
        members: listing.items.into_iter().map(member).collect(),
    }
}

pub(super) fn member(member: Member) -> proto::Member {
    proto::Member {
        id: member.id.to_string(),
        email: member.email,
        role: role(member.role.into()).into(),
        create_time: Some(timestamp(member.create_time)),
    }
}

pub(super) fn links(listing: Listing<Link>) -> proto::ListLinksResponse {
    proto::ListLinksResponse {
        next_page_token: next(&listing),
        links: listing.items.into_iter().map(link).collect(),
    }
}

pub(super) fn link(link: Link) -> proto::Link {
    proto::Link {
        id: link.id.to_string(),
        create_time: Some(timestamp(link.create_time)),
        expire_time: link.expire_time.map(timestamp),
        has_password: link.has_password,
        last_use_time: link.last_use_time.map(timestamp),
    }
}

fn role(role: AlbumRole) -> proto::AlbumRole {
    match role {
        AlbumRole::Viewer => proto::AlbumRole::Viewer,
        AlbumRole::Editor => proto::AlbumRole::Editor,
        AlbumRole::Owner => proto::AlbumRole::Owner,
    }
}

fn next<T>(listing: &Listing<T>) -> String {
    listing
        .next
        .map(|cursor| cursor.to_token())
        .unwrap_or_default()
}

fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}
