//! Signatures of the Standard Webhooks specification (version 1.0, "Signature scheme", symmetric).

use aws_lc_rs::hmac;
use base64::{
    DecodeError, Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};

/// What the text of a secret begins with.
const PREFIX: &str = "whsec_";
/// Base64 with or without its padding: libraries differ.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a webhook's messages are signed with. Not printed.
pub(super) struct Secret(hmac::Key);

impl Secret {
    /// Reads `whsec_` and base64.
    ///
    /// # Errors
    /// The text is no base64.
    pub(super) fn parse(text: &str) -> Result<Self, DecodeError> {
        let bytes = LENIENT.decode(text.strip_prefix(PREFIX).unwrap_or(text))?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The value of `webhook-signature` for the message `id`, sent at `timestamp` (seconds since 1970) with `body`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut signed = hmac::Context::with_key(&self.0);
        signed.update(format!("{id}.{timestamp}.").as_bytes());
        signed.update(body);
        format!("v1,{}", STANDARD.encode(signed.sign()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the specification's own libraries are tested with.
    #[test]
    fn the_example_of_the_specification_comes_out() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_none_is_refused() {
        assert!(Secret::parse("whsec_not base64!").is_err());
    }
}
