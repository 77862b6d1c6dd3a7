//! What an access token says: a JWT (RFC 7519) with the claims of RFC 9068 and ours.

use jiff::Timestamp;
use pupila_core::{Caller, Guest, Role, User};
use serde::{Deserialize, Serialize};

/// Who signs tokens (`iss`).
pub const ISSUER: &str = "pupila";
/// Whom they are for (`aud`): the services of Pupila.
pub const AUDIENCE: &str = "pupila";

/// The content of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// When it was signed, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Whose it is: the id of a user or of a share link, or the name of a service.
    pub sub: String,
    /// Who acts for them while they are away, where somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// What kind of caller it is, with what only that kind has.
    #[serde(flatten)]
    pub kind: Kind,
}

/// Who uses a token that is about somebody else (RFC 8693, section 4.1). It tells readers of a token; what the token
/// opens is decided by whom it is about and by its scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name of a service of ours.
    pub sub: String,
}

/// What kind of caller a token is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    /// A user.
    User {
        /// What they may do.
        role: Role,
        /// What the token may be used for: names with a space between.
        scope: String,
        /// The session; absent for an API key's token.
        #[serde(skip_serializing_if = "Option::is_none")]
        sid: Option<String>,
    },
    /// The holder of a share link.
    Guest {
        /// The album that it shows.
        album: String,
    },
    /// A service of ours.
    Service,
}

impl Claims {
    /// What a token for `caller` says that holds from `now` until `end`; `None` for nobody.
    #[must_use]
    pub fn new(caller: &Caller, now: Timestamp, end: Timestamp) -> Option<Self> {
        let (sub, kind) = match caller {
            Caller::Nobody => return None,
            Caller::User(user) => {
                let kind = Kind::User {
                    role: user.role,
                    scope: user.scopes.to_string(),
                    sid: user.session.map(|session| session.to_string()),
                };
                (user.id.to_string(), kind)
            }
            Caller::Guest(guest) => {
                let album = guest.album.to_string();
                (guest.link.to_string(), Kind::Guest { album })
            }
            Caller::Service(name) => (name.clone(), Kind::Service),
        };
        Some(Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now.as_second(),
            exp: end.as_second(),
            sub,
            act: None,
            kind,
        })
    }

    /// The same, for the service `name` to use.
    #[must_use]
    pub fn used_by(self, name: &str) -> Self {
        let sub = name.to_owned();
        Self {
            act: Some(Actor { sub }),
            ..self
        }
    }

    /// The caller that the token is about; `None` where it was not made by us.
    #[must_use]
    pub fn caller(&self) -> Option<Caller> {
        Some(match &self.kind {
            Kind::User { role, scope, sid } => Caller::User(User {
                id: self.sub.parse().ok()?,
                role: *role,
                // A scope that only a newer release knows opens nothing here.
                scopes: scope
                    .split_ascii_whitespace()
                    .filter_map(|name| name.parse().ok())
                    .collect(),
                session: sid.as_ref().map(|id| id.parse()).transpose().ok()?,
            }),
            Kind::Guest { album } => Caller::Guest(Guest {
                link: self.sub.parse().ok()?,
                album: album.parse().ok()?,
            }),
            Kind::Service => Caller::Service(self.sub.clone()),
        })
    }
}
