//! A message for one browser: `aes128gcm` (RFC 8188) with keys that only the browser can derive too (RFC 8291).

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand,
};

/// Bytes of an uncompressed point on P-256 (SEC 1, section 2.3.3).
const POINT: usize = 65;
/// Bytes of a browser's secret, and of a salt.
const SALT: usize = 16;
/// The size of a record that the header announces. There is one record, which is shorter: push services need not take
/// more than 4096 bytes in all (RFC 8030, section 7.2).
const RECORD_SIZE: u32 = 4096;
/// Ends the last record (RFC 8188, section 2).
const LAST: u8 = 2;

/// The keys of a browser's subscription.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subscription<'a> {
    p256dh: &'a [u8; POINT],
    auth: &'a [u8; SALT],
}

impl<'a> Subscription<'a> {
    /// The browser's public key, an uncompressed point on P-256, and its secret of 16 bytes.
    ///
    /// # Errors
    /// One of them has another length.
    pub(super) fn new(p256dh: &'a [u8], auth: &'a [u8]) -> Result<Self, Unspecified> {
        Ok(Self {
            p256dh: p256dh.try_into().map_err(|_| Unspecified)?,
            auth: auth.try_into().map_err(|_| Unspecified)?,
        })
    }

    /// The message as only the browser can read it.
    ///
    /// # Errors
    /// The browser's key is no point on the curve, or there is no randomness.
    pub(super) fn encrypt(self, message: Vec<u8>) -> Result<Vec<u8>, Unspecified> {
        let mut salt = [0; SALT];
        rand::fill(&mut salt)?;
        self.encrypt_with(&PrivateKey::generate(&ECDH_P256)?, salt, message)
    }

    /// The same with a key and a salt, neither of which is ever used twice.
    fn encrypt_with(
        self,
        own: &PrivateKey,
        salt: [u8; SALT],
        mut message: Vec<u8>,
    ) -> Result<Vec<u8>, Unspecified> {
        let public = own.compute_public_key()?;
        let public = public.as_ref();
        let peer = UnparsedPublicKey::new(&ECDH_P256, self.p256dh.as_slice());
        // RFC 8291, section 3.3: what both sides know, bound to the browser's secret and to both public keys.
        let shared: [u8; 32] = agree(own, peer, Unspecified, |shared| {
            let info = [b"WebPush: info\0", self.p256dh.as_slice(), public];
            derive(self.auth, shared, &info)
        })?;
        // RFC 8188, sections 2.2 and 2.3.
        let key: [u8; 16] = derive(&salt, &shared, &[b"Content-Encoding: aes128gcm\0"])?;
        let nonce: [u8; NONCE_LEN] = derive(&salt, &shared, &[b"Content-Encoding: nonce\0"])?;
        message.push(LAST);
        LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut message,
        )?;
        let id_length = [u8::try_from(public.len()).map_err(|_| Unspecified)?];
        let size = RECORD_SIZE.to_be_bytes();
        Ok([&salt, size.as_slice(), &id_length, public, &message].concat())
    }
}

/// HKDF with SHA-256 (RFC 5869): extracts from `secret` with `salt`, expands with the parts of `info` in a row.
fn derive<const N: usize>(
    salt: &[u8],
    secret: &[u8],
    info: &[&[u8]],
) -> Result<[u8; N], Unspecified> {
    let mut derived = [0; N];
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Length(N))?
        .fill(&mut derived)?;
    Ok(derived)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use web_push_native::{Auth, decrypt, p256};

    use super::*;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out_byte_by_byte() {
        let p256dh = decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let auth = decoded("BTBZMqHH6r4Tts7J_aSIgg");
        let own = decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).expect("a key");
        let salt = decoded("DGv6ra1nlYgDCS1FRnbzlw");
        let salt = salt.try_into().expect("16 bytes");
        let message = b"When I grow up, I want to be a watermelon".to_vec();
        let subscription = Subscription::new(&p256dh, &auth).expect("right lengths");
        let encrypted = subscription.encrypt_with(&own, salt, message);
        assert_eq!(
            URL_SAFE_NO_PAD.encode(encrypted.expect("encrypted")),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr\
             u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn another_implementation_reads_it_and_no_two_are_alike() {
        let key = p256::SecretKey::from_slice(&[7; 32]).expect("a key");
        let p256dh = key.public_key().to_sec1_bytes();
        let auth = [9; SALT];
        let subscription = Subscription::new(&p256dh, &auth).expect("right lengths");
        let mut encrypted: Vec<_> = (0..2)
            .map(|_| subscription.encrypt(b"ready".to_vec()).expect("encrypted"))
            .collect();
        assert_ne!(encrypted[0], encrypted[1]);
        assert_ne!(encrypted[0][21..86], encrypted[1][21..86], "the key is new");
        for message in encrypted.drain(..) {
            let read = decrypt(message, &key, &Auth::from(auth)).expect("read");
            assert_eq!(read, b"ready");
        }
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        assert!(Subscription::new(&[4; 64], &[0; 16]).is_err());
        assert!(Subscription::new(&[4; 65], &[0; 15]).is_err());
        let off_the_curve = [4; POINT];
        let subscription = Subscription::new(&off_the_curve, &[0; 16]).expect("right lengths");
        assert!(subscription.encrypt(Vec::new()).is_err());
    }
}
