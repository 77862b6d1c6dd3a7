//! Tokens that accounts would not hand out, signed with its own key: what is wrong with them is only what they say.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pupila_runtime::identity::{Claims, SigningKey};
use pupila_tests::Pupila;
use serde_json::Value;

/// What a token says.
pub(crate) fn claims(token: &str) -> Claims {
    let content = token.split('.').nth(1).expect("a JWT");
    let content = BASE64_URL_SAFE_NO_PAD.decode(content).expect("base64");
    serde_json::from_slice(&content).expect("claims")
}

/// The same token, ended a minute ago.
pub(crate) fn expired(key: &SigningKey, token: &str) -> String {
    let claims = claims(token);
    let exp = claims.iat - 60;
    sign(key, &Claims { exp, ..claims })
}

/// The same token, for the services of somebody else.
pub(crate) fn misdirected(key: &SigningKey, token: &str) -> String {
    let aud = "somebody-else".to_owned();
    sign(
        key,
        &Claims {
            aud,
            ..claims(token)
        },
    )
}

fn sign(key: &SigningKey, claims: &Claims) -> String {
    key.sign(claims).expect("a token")
}

/// The key that accounts signs with now, from its own database.
pub(crate) async fn signing_key(app: &Pupila, token: &str) -> SigningKey {
    let header = token.split('.').next().expect("a JWT");
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).expect("base64");
    let header: Value = serde_json::from_slice(&header).expect("a header");
    let id = header["kid"].as_str().expect("a key id");
    let document = app.signing_key(id).await;
    SigningKey::from_pkcs8(id, &document).expect("a key")
}
