//! `/v1/auth/sessions`: where the caller is signed in.

pub(super) mod list;
pub(super) mod revoke;
