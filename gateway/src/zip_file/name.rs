//! What a file is called in a ZIP file, and how old it is.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use pupila_proto::images::v1::Image;

use crate::upload::NAMELESS;

/// Longest name between the number and the extension, in bytes: file systems take 255 for all.
const MAX_STEM: usize = 200;

/// A name that is like no other, sorts in the order of the numbers, and means nothing else to any file system:
/// `0001-x-ray.jpg`.
pub(crate) fn in_order(number: usize, image: &Image) -> String {
    let (stem, extension) = harmless(&image.name, &image.format);
    format!("{number:04}-{stem}.{extension}")
}

/// Gives out names, none of them twice.
#[derive(Debug, Default)]
pub(crate) struct UniqueNames {
    given: HashSet<String>,
    /// By the name that was asked for: the number to try next.
    numbers: HashMap<String, u32>,
}

impl UniqueNames {
    /// The name of an image of that format: its own, or `x-ray-2.jpg` where that was given out already. Many a file
    /// system takes `A.png` for `a.png`.
    pub(crate) fn give(&mut self, name: &str, format: &str) -> String {
        let (stem, extension) = harmless(name, format);
        let mut name = match stem.as_str() {
            "" => format!("{NAMELESS}.{extension}"),
            stem if is_device(stem) => format!("_{stem}.{extension}"),
            stem => format!("{stem}.{extension}"),
        };
        let number = self.numbers.entry(name.to_lowercase()).or_insert(1);
        while !self.given.insert(name.to_lowercase()) {
            *number += 1;
            name = format!("{stem}-{number}.{extension}");
        }
        name
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

/// The parts of a name that means nothing else to any file system.
fn harmless<'a>(name: &'a str, format: &'a str) -> (String, &'a str) {
    let (stem, extension) = split(name, format);
    let stem: String = stem.chars().map(to_harmless).collect();
    let end = stem.floor_char_boundary(MAX_STEM);
    (
        stem[..end].trim_end_matches(['.', ' ']).to_owned(),
        extension,
    )
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
        let mut names = UniqueNames::default();
        assert_eq!(names.give("a.png", "png"), "a.png");
        assert_eq!(names.give("A.PNG", "png"), "A-2.PNG");
        assert_eq!(names.give("a-2", "png"), "a-2-2.png");
        assert_eq!(names.give("a.png", "png"), "a-3.png");
        assert_eq!(names.give("a.png", "jpeg"), "a.png.jpg");
        assert_eq!(names.give("../a", "png"), ".._a.png");
        assert_eq!(names.give("..", "png"), "image.png");
        assert_eq!(names.give("Con.x", "png"), "_Con.x.png");
        assert_eq!(names.give("lpt1", "png"), "_lpt1.png");
        assert_eq!(names.give("company", "png"), "company.png");
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
