//! What a password must be like (NIST SP 800-63B, section 5.1.1.2): long enough, and none that everybody tries first.
//! No rules about kinds of characters: they make passwords worse.

use crate::email::Email;

/// Fewest characters of a password.
const MIN: usize = 8;
/// Most characters of a password.
pub(crate) const MAX: usize = 200;

/// Those of [`MIN`] characters or more that people choose most, one a line, in lower case: from the published lists of
/// stolen passwords.
const COMMON: &str = include_str!("common.txt");

/// What is wrong with a new password for the account of `email`; `Ok` where nothing is.
pub(crate) fn check(password: &str, email: Option<&Email>) -> Result<(), String> {
    let length = password.chars().take(MAX + 1).count();
    if !(MIN..=MAX).contains(&length) {
        return Err(format!("must have from {MIN} to {MAX} characters"));
    }
    let plain = password.to_lowercase();
    if email.is_some_and(|email| email.as_str() == plain) {
        return Err("must not be the e-mail address".to_owned());
    }
    let mut characters = plain.chars();
    let first = characters.next();
    let repeats = characters.all(|character| Some(character) == first);
    if repeats || COMMON.lines().any(|common| common == plain) {
        return Err("must not be one of the passwords that everybody tries first".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(check("ñandú-ñu", None).is_ok());
        assert!(check("ñandúes", None).is_err());
        assert!(check(&"aB".repeat(100), None).is_ok());
        assert!(check(&"aB".repeat(101), None).is_err());
        assert!(check(&"aB".repeat(1_000_000), None).is_err());
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for password in ["Password1", "12345678", "QWERTYUIOP", "aaaaaaaaaa"] {
            assert!(check(password, None).is_err(), "{password}");
        }
        let email = "ana@example.com".parse().expect("an address");
        assert!(check("Ana@Example.com", Some(&email)).is_err());
        assert!(check("ana@example.com!", Some(&email)).is_ok());
    }

    #[test]
    fn the_list_holds_nothing_that_is_refused_anyway() {
        for common in COMMON.lines() {
            assert!(common.chars().count() >= MIN, "{common}");
            assert_eq!(common, common.to_lowercase());
        }
    }
}
