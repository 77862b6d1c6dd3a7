//! What an image is called that was made of another.

/// Longest name of an image, in characters.
const MAX_NAME: usize = 255;

/// The name of the original with the extension of the new format.
pub(super) fn made_of(original: &str, extension: &str) -> String {
    let stem = match original.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => original,
    };
    let room = MAX_NAME - extension.len() - 1;
    let stem: String = stem.chars().take(room).collect();
    format!("{stem}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_follows_the_format() {
        assert_eq!(made_of("x-ray.1.png", "webp"), "x-ray.1.webp");
        assert_eq!(made_of("image", "png"), "image.png");
        assert_eq!(made_of(".png", "jpg"), ".png.jpg");
        let longest = made_of(&"ñ".repeat(255), "webp");
        assert_eq!(longest.chars().count(), 255);
    }
}
