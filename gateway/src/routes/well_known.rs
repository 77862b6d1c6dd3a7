//! `GET /.well-known/jwks.json`: the public keys of access tokens, for others who want to verify them.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, header};
use pupila_proto::accounts::v1::{ListKeysRequest, VerificationKey};
use pupila_runtime::context::RequestContext;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::Json,
    openapi::PublicProblems,
    problem::{Problem, message},
};

/// The media type of a key set (RFC 7517, section 8.5.2).
const MEDIA_TYPE: &str = "application/jwk-set+json";
/// As long as our own services trust a key that they know.
const CACHE_CONTROL: &str = "public, max-age=300";

/// Public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeySet {
    /// Those that a valid token may be signed with now.
    keys: Vec<Key>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
struct Key {
    /// `OKP`: an octet key pair.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// The curve.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// The signature's algorithm.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// `sig`: it signs.
    #[schema(example = "sig")]
    r#use: &'static str,
    /// Its id, as in a token's header.
    kid: String,
    /// The public key: 32 bytes in base64url.
    x: String,
}

impl From<VerificationKey> for Key {
    fn from(key: VerificationKey) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            r#use: "sig",
            kid: key.id,
            x: BASE64_URL_SAFE_NO_PAD.encode(key.public_key),
        }
    }
}

/// The public keys of access tokens
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "auth", operation_id = "list_keys",
    responses(
        (status = 200, description = "A JSON Web Key Set", body = KeySet, content_type = "application/jwk-set+json"),
        PublicProblems,
    ),
)]
pub(crate) async fn list_keys(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
) -> Result<Response, Problem> {
    let request = context.call(ListKeysRequest {}, gateway.call_timeout);
    let keys = message(gateway.auth.clone().list_keys(request).await)?.keys;
    let keys = KeySet {
        keys: keys.into_iter().map(Key::from).collect(),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(CACHE_CONTROL),
        ),
    ];
    Ok((headers, Json(keys)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_rfc_8037_has_it() {
        // The public key of RFC 8037, appendix A.2.
        let public_key = [
            0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64,
            0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68,
            0xf7, 0x07, 0x51, 0x1a,
        ];
        let key = Key::from(VerificationKey {
            id: "1".to_owned(),
            public_key: public_key.to_vec().into(),
        });
        assert_eq!(key.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!((key.kty, key.crv), ("OKP", "Ed25519"));
    }
}
