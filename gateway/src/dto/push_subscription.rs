//! Browsers that take push messages.

use std::{fmt, mem};

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use pupila_proto::accounts::v1 as proto;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

use super::time;

/// Browsers leave the padding out, some libraries do not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A device whose browser takes push messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushDevice {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// The device: the `User-Agent` that subscribed.
    user_agent: String,
    /// When it was made, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
}

/// A browser's push subscription, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushSubscription {
    #[serde(flatten)]
    device: PushDevice,
    /// Where it leads.
    #[schema(format = "uri")]
    endpoint: String,
}

/// Bytes that are written in base64url.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Base64Url(pub(crate) Bytes);

impl<'de> Deserialize<'de> for Base64Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text);
        let bytes = bytes.map_err(|_| D::Error::custom("expected bytes in base64url"))?;
        Ok(Self(bytes.into()))
    }
}

/// A browser's keys are secrets.
impl fmt::Debug for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Base64Url(…)")
    }
}

impl From<proto::PushSubscription> for PushSubscription {
    fn from(mut subscription: proto::PushSubscription) -> Self {
        Self {
            endpoint: mem::take(&mut subscription.endpoint),
            device: subscription.into(),
        }
    }
}

/// Whoever knows the endpoint may send to the browser, so it is left out.
impl From<proto::PushSubscription> for PushDevice {
    fn from(subscription: proto::PushSubscription) -> Self {
        Self {
            id: subscription.id,
            user_agent: subscription.user_agent,
            create_time: time::required(subscription.create_time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_may_be_there_or_not() {
        let read = |text: &str| serde_json::from_value::<Base64Url>(text.into());
        let bytes = Base64Url(Bytes::from_static(&[0xfb, 0xef]));
        assert_eq!(read("--8").expect("bytes"), bytes);
        assert_eq!(read("--8=").expect("bytes"), bytes);
        for text in ["++8=", "a", "ñ"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
