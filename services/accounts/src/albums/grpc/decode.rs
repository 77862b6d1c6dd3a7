//! From messages to our words. What has no form in our words is refused here, by field; whether the rest makes sense
//! is for the rules to say.

use std::str::FromStr;

use jiff::Timestamp;
use pupila_core::{AlbumId, Caller, Page, Revision};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::{
    identity::{self, AccessError},
    rpc,
};
use serde_json::json;
use tonic::{Extensions, Status};

use crate::{
    AccountsError,
    albums::{
        AlbumChange, AlbumError, MemberRole, NewAlbum, NewLink, OwnedImage, Reader, WhichMember,
    },
    email::Email,
    once::Once,
};

/// How callers name their own membership.
const ME: &str = "me";

/// Who reads albums: a user or a guest.
pub(super) fn reader(extensions: &Extensions) -> Result<Reader, Status> {
    match &identity::call(extensions)?.caller {
        Caller::User(user) => Ok(Reader::User(user.id)),
        Caller::Guest(guest) => Ok(Reader::Guest(*guest)),
        Caller::Nobody | Caller::Service(_) => Err(rpc::into_status(AccessError::WrongCaller)),
    }
}

pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, AlbumError> {
    // What was sent may be long, and is not said again.
    text.parse()
        .map_err(|_| AlbumError::field(field, "must be a UUID"))
}

/// An id, where the text is not empty.
pub(super) fn optional_id<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, AlbumError> {
    match text {
        "" => Ok(None),
        text => id(field, text).map(Some),
    }
}

pub(super) fn ids<T: FromStr>(field: &str, texts: &[String]) -> Result<Vec<T>, AlbumError> {
    let texts = texts.iter().enumerate();
    texts
        .map(|(index, text)| id(&format!("{field}/{index}"), text))
        .collect()
}

pub(super) fn page(size: u32, token: &str) -> Result<Page, AlbumError> {
    Ok(Page::new(size, token)?)
}

pub(super) fn revision(expected: Option<i64>) -> Option<Revision> {
    expected.map(Revision::new)
}

pub(super) fn new_album(
    message: proto::CreateAlbumRequest,
) -> Result<(NewAlbum, Option<Once>), AlbumError> {
    let name = message.name.trim().to_owned();
    let content = json!([name, message.description]);
    let once = once(&message.idempotency_key, &content)?;
    let new = NewAlbum {
        name,
        description: message.description,
    };
    Ok((new, once))
}

pub(super) fn change(message: proto::UpdateAlbumRequest) -> Result<AlbumChange, AlbumError> {
    let cover = message.cover_image_id;
    let cover = cover.map(|text| optional_id("cover_image_id", &text));
    Ok(AlbumChange {
        name: message.name.map(|name| name.trim().to_owned()),
        description: message.description,
        cover: cover.transpose()?,
    })
}

pub(super) fn new_member(
    message: &proto::AddMemberRequest,
) -> Result<(Email, MemberRole), AlbumError> {
    let email = message.email.parse();
    let email = email.map_err(|error| AlbumError::field("email", format!("{error}")))?;
    let role = match message.role() {
        proto::AlbumRole::Viewer => MemberRole::Viewer,
        proto::AlbumRole::Editor => MemberRole::Editor,
        proto::AlbumRole::Unspecified | proto::AlbumRole::Owner => {
            return Err(AlbumError::field("role", "must be viewer or editor"));
        }
    };
    Ok((email, role))
}

pub(super) fn which_member(text: &str) -> Result<WhichMember, AlbumError> {
    match text {
        ME => Ok(WhichMember::Me),
        text => id("member_id", text).map(WhichMember::Id),
    }
}

pub(super) fn new_link(
    album: AlbumId,
    message: proto::CreateLinkRequest,
) -> Result<(NewLink, Option<Once>), AlbumError> {
    let expire_time = message.expire_time.map(time).transpose()?;
    let password = Some(message.password).filter(|password| !password.is_empty());
    // A quick digest of a password would give it away.
    let content = json!([
        album,
        expire_time.map(|time| time.as_microsecond()),
        password.is_some()
    ]);
    let once = once(&message.idempotency_key, &content)?;
    let new = NewLink {
        expire_time,
        password,
    };
    Ok((new, once))
}

fn once(key: &str, content: &serde_json::Value) -> Result<Option<Once>, AlbumError> {
    let once = Once::new(key, content.to_string().as_bytes());
    Ok(once.map_err(|violation| AccountsError::Invalid(vec![violation]))?)
}

/// A time, cut to the microseconds that are kept.
fn time(message: prost_types::Timestamp) -> Result<Timestamp, AlbumError> {
    Timestamp::new(message.seconds, message.nanos)
        .and_then(|time| Timestamp::from_microsecond(time.as_microsecond()))
        .map_err(|error| AlbumError::field("expire_time", error.to_string()))
}

pub(super) fn owned_images(messages: &[proto::OwnedImage]) -> Result<Vec<OwnedImage>, AlbumError> {
    let messages = messages.iter().enumerate();
    messages
        .map(|(index, message)| {
            Ok(OwnedImage {
                image: id(&format!("images/{index}/image_id"), &message.image_id)?,
                owner: id(&format!("images/{index}/owner"), &message.owner)?,
            })
        })
        .collect()
}
