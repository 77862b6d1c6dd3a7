//! Identifiers. All are made here, in Rust: UUIDv7, so that they sort by the time they were made.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use uuid::{NoContext, Uuid};

/// The text is not a UUID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a UUID")]
pub struct IdParseError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7 (RFC 9562) of the time `now`.
            #[must_use]
            pub fn new(now: Timestamp) -> Self {
                Self(uuid_v7(now))
            }

            /// An id that was made before.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdParseError(text.to_owned()))
            }
        }
    };
}

id! {
    /// An album.
    AlbumId
}

id! {
    /// A key for programs.
    ApiKeyId
}

id! {
    /// A stored ZIP of images.
    ArchiveId
}

id! {
    /// A line of the record of who did what.
    AuditEntryId
}

id! {
    /// A stored image.
    ImageId
}

id! {
    /// A job: work over images.
    JobId
}

id! {
    /// A lease: one worker's hold on one task.
    LeaseId
}

id! {
    /// A share link.
    LinkId
}

id! {
    /// A membership in an album.
    MemberId
}

id! {
    /// Something that a user was told.
    NotificationId
}

id! {
    /// A recorded prediction.
    PredictionId
}

id! {
    /// A browser's subscription to push messages.
    PushSubscriptionId
}

id! {
    /// What a person said of a prediction.
    ReviewId
}

id! {
    /// A session: one sign-in on one device.
    SessionId
}

id! {
    /// A task: what a worker does in one go; each image of a job is one.
    TaskId
}

id! {
    /// A user.
    UserId
}

id! {
    /// An address that a user wants called.
    WebhookId
}

impl UserId {
    /// The only user where there are no accounts (`auth.mode = "off"`): the nil UUID.
    pub const LOCAL: Self = Self::from_uuid(Uuid::nil());
}

/// The name of one request, which follows it through every service, log line and record:
/// the caller's own, or a new UUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The longest that a caller's own may be, in bytes.
    pub const MAX_LEN: usize = 64;

    /// A new one.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(uuid_v7(now).to_string())
    }

    /// The caller's own, if it is short and plain enough to be written into logs and records.
    #[must_use]
    pub fn accept(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        let fits = (1..=Self::MAX_LEN).contains(&text.len());
        (fits && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// That of a call that came without one.
    #[must_use]
    pub fn none() -> Self {
        Self("-".to_owned())
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn uuid_v7(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let early = PredictionId::new(Timestamp::UNIX_EPOCH);
        let late = PredictionId::new(Timestamp::from_second(1).expect("in range"));
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
    }

    #[test]
    fn a_request_id_with_a_line_break_is_not_accepted() {
        assert!(RequestId::accept("req-1.a:b_C").is_some());
        for text in ["", "a\nb", "a b", "ñ", &"x".repeat(65)] {
            assert_eq!(RequestId::accept(text), None, "{text:?}");
        }
    }
}
