//! Who calls, on the wire between the gateway and the services.
//!
//! There are no accounts yet: the gateway names the local user and the services take its word, which is why
//! they listen on loopback or inside a cluster only. Signed tokens take the place of this header with accounts.

use pupila_core::{Principal, UserId};
use tonic::{
    Status,
    metadata::{MetadataMap, MetadataValue},
};

const CALLER: &str = "x-pupila-caller";

/// Names the caller on an outgoing call.
pub fn attach(principal: Principal, metadata: &mut MetadataMap) {
    // A UUID is plain ASCII.
    if let Ok(value) = MetadataValue::try_from(principal.user.to_string()) {
        metadata.insert(CALLER, value);
    }
}

/// Who made an incoming call.
///
/// # Errors
/// `UNAUTHENTICATED` where the call does not tell.
pub fn caller(metadata: &MetadataMap) -> Result<Principal, Status> {
    metadata
        .get(CALLER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<UserId>().ok())
        .map(|user| Principal { user })
        .ok_or_else(|| Status::unauthenticated("the call does not tell who makes it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_without_a_caller_is_refused() {
        let mut metadata = MetadataMap::new();
        assert!(caller(&metadata).is_err());
        metadata.insert(CALLER, MetadataValue::from_static("root"));
        assert!(caller(&metadata).is_err());
        attach(Principal::LOCAL, &mut metadata);
        assert_eq!(caller(&metadata).ok(), Some(Principal::LOCAL));
    }
}
