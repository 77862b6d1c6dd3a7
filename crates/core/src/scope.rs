//! What a token may be used for.

use std::{fmt, str::FromStr};

/// What a token may be used for. A session's token holds all that its user may, an API key's what was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Reading the profile, sessions and keys.
    AccountRead,
    /// Changing them. Never an API key's.
    AccountWrite,
    /// Administration. Holds for administrators only.
    Admin,
    /// Seeing albums.
    AlbumsRead,
    /// Making and changing albums.
    AlbumsWrite,
    /// Seeing images.
    ImagesRead,
    /// Uploading, changing and deleting images.
    ImagesWrite,
    /// Seeing jobs.
    JobsRead,
    /// Asking for jobs and calling them off.
    JobsWrite,
    /// Seeing models.
    ModelsRead,
    /// Seeing predictions.
    PredictionsRead,
    /// Making and reviewing predictions.
    PredictionsWrite,
}

/// The text is the name of no scope.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no scope; there are {names}", names = Scope::names())]
pub struct UnknownScope(String);

impl Scope {
    /// Every scope, by name.
    pub const ALL: [Self; 12] = [
        Self::AccountRead,
        Self::AccountWrite,
        Self::Admin,
        Self::AlbumsRead,
        Self::AlbumsWrite,
        Self::ImagesRead,
        Self::ImagesWrite,
        Self::JobsRead,
        Self::JobsWrite,
        Self::ModelsRead,
        Self::PredictionsRead,
        Self::PredictionsWrite,
    ];

    /// Its name, such as `images:read`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountRead => "account:read",
            Self::AccountWrite => "account:write",
            Self::Admin => "admin",
            Self::AlbumsRead => "albums:read",
            Self::AlbumsWrite => "albums:write",
            Self::ImagesRead => "images:read",
            Self::ImagesWrite => "images:write",
            Self::JobsRead => "jobs:read",
            Self::JobsWrite => "jobs:write",
            Self::ModelsRead => "models:read",
            Self::PredictionsRead => "predictions:read",
            Self::PredictionsWrite => "predictions:write",
        }
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| UnknownScope(text.chars().take(100).collect()))
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Whether `scope` is among them.
    #[must_use]
    pub fn contain(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Those that are in the set, by name.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.contain(*scope))
    }

    /// Those that are in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

fn bit(scope: Scope) -> u16 {
    1 << scope as u16
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | bit(scope)))
    }
}

/// As in OAuth 2 (RFC 6749, section 3.3): names with a space between.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_ascii_whitespace()
            .map(str::parse::<Scope>)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_from_its_text() {
        let scopes: Scopes = "images:read albums:read".parse().expect("known");
        assert!(scopes.contain(Scope::ImagesRead) && !scopes.contain(Scope::ImagesWrite));
        assert_eq!(scopes.to_string(), "albums:read images:read");
        assert!("images:read root".parse::<Scopes>().is_err());
    }
}
