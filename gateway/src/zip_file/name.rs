//! What a file is called in a ZIP file, and how old it is.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use pupila_proto::images::v1::Image;

use crate::upload::NAMELESS;

/// Longest name of a folder, or of a file without its number and its extension, in bytes: file systems take 255 for all.
const MAX_STEM: usize = 200;
/// What is between folders, on any system.
const SEPARATORS: [char; 2] = ['/', '\\'];

/// A name that is like no other, sorts in the order of the numbers, and means nothing else to any file system:
/// `0001-x-ray.jpg`.
pub(crate) fn in_order(number: usize, image: &Image) -> String {
    let (stem, extension) = split(&image.name, &image.format);
    let stem = plain(stem);
    format!("{number:04}-{stem}.{extension}")
}

/// Gives out names, none of them twice.
#[derive(Debug, Default)]
pub(crate) struct UniqueNames {
    /// Of files, in lower case: many a file system takes `A.png` for `a.png`.
    given: HashSet<String>,
    /// Of the folders that they are in.
    folders: HashSet<String>,
    /// By the name that was asked for: the number to try next.
    numbers: HashMap<String, u32>,
}

impl UniqueNames {
    /// Those that are not one of `taken`.
    pub(crate) fn beside(taken: &[&str]) -> Self {
        Self {
            given: taken.iter().map(|name| name.to_lowercase()).collect(),
            ..Self::default()
        }
    }

    /// The name of an image of that format, in the folders of the file `source`: its own, or `x-ray-2.jpg` where that was
    /// given out already.
    pub(crate) fn give(&mut self, source: &str, name: &str, format: &str) -> String {
        let folder = self.folder(source);
        let (stem, extension) = split(last(name), format);
        let stem = match harmless(stem) {
            stem if stem.is_empty() => NAMELESS.to_owned(),
            stem => stem,
        };
        let mut path = format!("{folder}{stem}.{extension}");
        let number = self.numbers.entry(path.to_lowercase()).or_insert(1);
        while self.folders.contains(&path.to_lowercase()) || !self.given.insert(path.to_lowercase())
        {
            *number += 1;
            path = format!("{folder}{stem}-{number}.{extension}");
        }
        path
    }

    /// The folders of a path, with a `/` behind each: none of them leads elsewhere, and none is called like a file.
    fn folder(&mut self, path: &str) -> String {
        let above = path.strip_suffix(last(path)).unwrap_or_default();
        let mut folder = String::new();
        for step in above.split(SEPARATORS).map(harmless) {
            // Nothing is left of those that mean this folder, or the one above.
            if step.is_empty() {
                continue;
            }
            folder += &step;
            while self.given.contains(&folder.to_lowercase()) {
                folder.push('_');
            }
            self.folders.insert(folder.to_lowercase());
            folder.push('/');
        }
        folder
    }
}

/// What Windows opens as a device, whatever its extension.
fn is_device(stem: &str) -> bool {
    let name = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match name.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        name => {
            let port = name
                .strip_prefix("com")
                .or_else(|| name.strip_prefix("lpt"));
            port.is_some_and(|port| port.len() == 1 && port.as_bytes()[0].is_ascii_digit())
        }
    }
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit(SEPARATORS).next().unwrap_or(path)
}

/// A part of a path that means nothing else to any file system.
fn harmless(part: &str) -> String {
    match plain(part) {
        part if is_device(&part) => format!("_{part}"),
        part => part,
    }
}

/// The same behind something else, where it is no device.
fn plain(part: &str) -> String {
    let part: String = part.chars().map(to_harmless).collect();
    let end = part.floor_char_boundary(MAX_STEM);
    part[..end].trim_end_matches(['.', ' ']).to_owned()
}

/// The name without its extension, and the extension of its format.
fn split<'a>(name: &'a str, format: &'a str) -> (&'a str, &'a str) {
    let usual: &[&str] = match format {
        "jpeg" => &["jpg", "jpeg", "jpe", "jfif"],
        "tiff" => &["tif", "tiff"],
        _ => &[format],
    };
    let is_usual = |extension: &&str| {
        usual
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    };
    match name.rsplit_once('.') {
        Some((stem, extension)) if is_usual(&extension) => (stem, extension),
        _ => (name, usual[0]),
    }
}

/// A character that is part of a name everywhere.
fn to_harmless(character: char) -> char {
    match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        control if control.is_control() => '_',
        other => other,
    }
}

/// When the picture was taken, or else stored. ZIP knows no time zones.
pub(super) fn time(image: &Image) -> Option<DateTime> {
    let taken = image.taken_at.parse().ok();
    taken.or_else(|| {
        let stored = image.create_time?;
        let stored = Timestamp::new(stored.seconds, stored.nanos).ok()?;
        Some(stored.to_zoned(TimeZone::UTC).datetime())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(name: &str, format: &str) -> String {
        let image = Image {
            name: name.to_owned(),
            format: format.to_owned(),
            ..Image::default()
        };
        in_order(7, &image)
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        assert_eq!(
            called("../../etc/passwd", "png"),
            "0007-.._.._etc_passwd.png"
        );
        assert_eq!(called(r"C:\x.jpg", "jpeg"), "0007-C__x.jpg");
        assert_eq!(called("/", "gif"), "0007-_.gif");
        assert_eq!(called("a\0b\n", "bmp"), "0007-a_b_.bmp");
        assert_eq!(called("CON", "png"), "0007-CON.png");
        assert_eq!(called("dots. . .", "png"), "0007-dots.png");
    }

    #[test]
    fn the_extension_is_that_of_the_format() {
        assert_eq!(called("x-ray.JPEG", "jpeg"), "0007-x-ray.JPEG");
        assert_eq!(called("virus.exe", "jpeg"), "0007-virus.exe.jpg");
        assert_eq!(called("scan.tif", "tiff"), "0007-scan.tif");
        assert_eq!(called("tórax", "webp"), "0007-tórax.webp");
        assert_eq!(called(".png", "png"), "0007-.png");
    }

    #[test]
    fn no_name_is_given_out_twice() {
        let mut names = UniqueNames::beside(&["errors.png"]);
        let mut give = |name, format| names.give("scan.png", name, format);
        assert_eq!(give("a.png", "png"), "a.png");
        assert_eq!(give("A.PNG", "png"), "A-2.PNG");
        assert_eq!(give("a-2", "png"), "a-2-2.png");
        assert_eq!(give("a.png", "png"), "a-3.png");
        assert_eq!(give("a.png", "jpeg"), "a.png.jpg");
        assert_eq!(give("errors", "png"), "errors-2.png");
        assert_eq!(give("..", "png"), "image.png");
        assert_eq!(give("Con.x", "png"), "_Con.x.png");
        assert_eq!(give("lpt1", "png"), "_lpt1.png");
        assert_eq!(give("company", "png"), "company.png");
    }

    #[test]
    fn an_image_is_in_the_folders_of_what_it_was_made_of() {
        let mut names = UniqueNames::beside(&["results.csv"]);
        let mut give = |source| names.give(source, "a.png", "png");
        assert_eq!(give("l/a.jpg"), "l/a.png");
        assert_eq!(give("r/a.jpg"), "r/a.png");
        assert_eq!(give("L/b.jpg"), "L/a-2.png");
        assert_eq!(give(r"ward 7\left. /x.jpg"), "ward 7/left/a.png");
        // A folder is never a file, nor a file a folder.
        assert_eq!(give("results.csv/a.jpg"), "results.csv_/a.png");
        assert_eq!(give("l/A.png/a.jpg"), "l/A.png_/a.png");
        assert_eq!(give("a.png/a.jpg"), "a.png/a.png");
        assert_eq!(give("a.jpg"), "a-2.png");
        assert_eq!(names.give("a.jpg", "l/../b.png", "png"), "b.png");
    }

    #[test]
    fn no_folder_leads_elsewhere() {
        let mut names = UniqueNames::default();
        let mut give = |source| names.give(source, "a.png", "png");
        assert_eq!(give("../../etc/x.jpg"), "etc/a.png");
        assert_eq!(give("/root/x.jpg"), "root/a.png");
        assert_eq!(give(r"C:\nul\x.jpg"), "C_/_nul/a.png");
        assert_eq!(give("./ . /.../x.jpg"), "a.png");
        assert_eq!(give("b\0\n/"), "b__/a.png");
        let long = format!("{}/x.jpg", "日".repeat(100));
        assert_eq!(give(&long).len(), MAX_STEM / 3 * 3 + "/a.png".len());
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = called(&"日".repeat(255), "png");
        assert!(name.len() < 255 && name.ends_with("日.png"), "{name}");
    }

    #[test]
    fn the_time_is_when_the_picture_was_taken() {
        let mut image = Image {
            taken_at: "2008-10-22T16:28:39".to_owned(),
            create_time: Some(prost_types::Timestamp {
                seconds: 0,
                nanos: 0,
            }),
            ..Image::default()
        };
        let text = |image: &Image| time(image).map(|time| time.to_string());
        assert_eq!(text(&image).as_deref(), Some("2008-10-22T16:28:39"));
        image.taken_at = String::new();
        assert_eq!(text(&image).as_deref(), Some("1970-01-01T00:00:00"));
    }
}
