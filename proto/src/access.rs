//! Who may call each method, as the proto files say it (`pupila.access.v1.access`).

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodAccess {
    /// The method as gRPC addresses it: `/package.Service/Method`.
    pub path: &'static str,
    callers: &'static [i32],
    /// The scope that a user's token must hold; empty where none is needed.
    pub scope: &'static str,
    /// Where services may call: those of these names.
    pub services: &'static [&'static str],
}

/// The numbers of `pupila.access.v1.Caller`.
const NOBODY: i32 = 1;
const GUEST: i32 = 2;
const USER: i32 = 3;
const ADMIN: i32 = 4;

impl MethodAccess {
    /// Whether anybody may call, without a token.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.callers.contains(&NOBODY)
    }

    /// Whether the holder of a share link may call.
    #[must_use]
    pub fn admits_guests(&self) -> bool {
        self.callers.contains(&GUEST)
    }

    /// Whether any user may call.
    #[must_use]
    pub fn admits_users(&self) -> bool {
        self.callers.contains(&USER)
    }

    /// Whether administrators may call.
    #[must_use]
    pub fn admits_admins(&self) -> bool {
        self.admits_users() || self.callers.contains(&ADMIN)
    }

    /// Whether the service of that name may call.
    #[must_use]
    pub fn admits_service(&self, name: &str) -> bool {
        self.services.contains(&name)
    }
}

const TABLE: &[MethodAccess] = include!(concat!(env!("OUT_DIR"), "/access.rs"));

/// Who may call the method of that path; `None` where it is none of ours.
#[must_use]
pub fn access_to(path: &str) -> Option<&'static MethodAccess> {
    TABLE.iter().find(|access| access.path == path)
}

/// Every method of ours.
#[must_use]
pub fn every_access() -> &'static [MethodAccess] {
    TABLE
}
