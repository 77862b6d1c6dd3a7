//! From colour to grey.

use crate::{Channels, Picture};

/// The picture in grey, by Pillow's `convert("L")`: ITU-R BT.601-2 luma in 16-bit fixed point,
/// `(R * 19595 + G * 38470 + B * 7471 + 0x8000) >> 16` (`libImaging/Convert.c`). A grey picture is handed back as it is.
#[must_use]
pub fn to_luma(picture: Picture) -> Picture {
    if picture.channels() == Channels::Luma {
        return picture;
    }
    let (pixels, _) = picture.samples().as_chunks::<3>();
    let grey = pixels.iter().map(luma).collect();
    // One sample for each pixel that there was.
    Picture::new(picture.width(), picture.height(), Channels::Luma, grey).unwrap_or(picture)
}

/// The luma of one pixel.
pub(crate) fn luma(&[red, green, blue]: &[u8; 3]) -> u8 {
    let sum = u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471;
    // The weights add up to 65,536, so the quotient is a byte.
    ((sum + 0x8000) >> 16).to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_is_the_same_in_colour() {
        for level in 0..=255 {
            assert_eq!(luma(&[level; 3]), level);
        }
    }

    #[test]
    fn colours_weigh_as_in_pillow() {
        // Image.new("RGB", (1, 1), …).convert("L").getpixel((0, 0))
        assert_eq!(luma(&[255, 0, 0]), 76);
        assert_eq!(luma(&[0, 255, 0]), 150);
        assert_eq!(luma(&[0, 0, 255]), 29);
        assert_eq!(luma(&[12, 200, 77]), 130);
    }
}
