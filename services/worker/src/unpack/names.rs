//! What entries are called. A name is shown and nothing else: no file is ever made by it.

use pupila_core::is_unseen;

/// Most characters of a name.
const MOST: usize = 255;
/// Files that systems leave in folders, in lower case.
const JUNK: [&str; 3] = [".ds_store", "thumbs.db", "desktop.ini"];
/// The folder into which a Mac packs what it knows of the other files, and what the names of such files begin with.
const MAC: [&str; 2] = ["__MACOSX", "._"];

/// The path as people may read it: without roots, drives, steps upwards and letters that cannot be seen or that turn the
/// direction of reading. Of one that is too long, the end.
pub(super) fn clean(path: &str) -> String {
    let plain: String = path.chars().filter(|letter| !is_unseen(*letter)).collect();
    let steps = plain.split(['/', '\\']).map(str::trim);
    let steps: Vec<_> = steps.filter(|step| is_name(step)).collect();
    let path = steps.join("/");
    let excess = path.chars().count().saturating_sub(MOST);
    let path: String = path.chars().skip(excess).collect();
    match path.is_empty() {
        true => "unnamed".to_owned(),
        false => path,
    }
}

/// Whether a file of that path, which is clean, was put there by a system and not by a person.
pub(super) fn is_junk(path: &str) -> bool {
    let [folder, prefix] = MAC;
    let name = path.rsplit('/').next().unwrap_or_default();
    path.split('/').any(|step| step == folder)
        || name.starts_with(prefix)
        || JUNK.contains(&name.to_lowercase().as_str())
}

/// Whether a part of a path names something: neither nothing, nor here, nor above, nor a drive.
fn is_name(step: &str) -> bool {
    let is_drive = matches!(step.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    !step.is_empty() && step != "." && step != ".." && !is_drive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_elsewhere() {
        for (path, expected) in [
            ("a.png", "a.png"),
            ("left/knee.png", "left/knee.png"),
            ("tórax/ñandú.png", "tórax/ñandú.png"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            (r"C:\Windows\a.png", "Windows/a.png"),
            (r"..\..\a.png", "a.png"),
            ("a/./b//c.png", "a/b/c.png"),
            ("a\0.png\r\n", "a.png"),
            ("exe\u{202e}gnp.png", "exegnp.png"),
            ("knee\u{200b}.\u{feff}png\u{2028}", "knee.png"),
            ("\u{2065}\u{61c}", "unnamed"),
            ("...", "..."),
            ("c:", "unnamed"),
            ("", "unnamed"),
            ("../..", "unnamed"),
        ] {
            assert_eq!(clean(path), expected, "{path:?}");
        }
    }

    #[test]
    fn of_a_long_path_the_end_is_kept() {
        let long = format!("{}/{}.png", "ñ".repeat(1000), "b".repeat(200));
        let name = clean(&long);
        assert_eq!(name.chars().count(), MOST);
        assert!(name.ends_with("b.png"));
    }

    #[test]
    fn what_systems_leave_behind_is_known() {
        for path in [
            "__MACOSX/left/._knee.png",
            "left/__MACOSX/a.png",
            "left/.DS_Store",
            "Thumbs.db",
            "THUMBS.DB",
            "desktop.ini",
            "left/._knee.png",
        ] {
            assert!(is_junk(path), "{path}");
        }
        for path in [
            "knee.png",
            "MACOSX/a.png",
            "thumbs.db.png",
            "_a.png",
            ".a.png",
        ] {
            assert!(!is_junk(path), "{path}");
        }
    }
}
