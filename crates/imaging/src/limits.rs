//! How much one picture may cost.

/// What [`decode`](crate::decode) refuses to exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the encoded file. 20 MiB holds any photograph that a phone takes.
    pub max_bytes: u64,
    /// Most pixels, width times height, as the header declares them. 50 megapixels by default.
    pub max_pixels: u64,
    /// Most bytes that a decoder may allocate for one picture, its output included; 512 MiB by default.
    /// 50 megapixels of a progressive JPEG take 450 MB, and 550 MB if it is one for print (CMYK).
    pub max_alloc: u64,
}

impl Limits {
    /// Most pixels of a side: what a JPEG or a GIF can have at all. Longer ones are ribbons that no picture needs,
    /// and for which work along a side would cost more than all pixels together.
    pub const MAX_SIDE: u32 = 65_535;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 20 * 1024 * 1024,
            max_pixels: 50_000_000,
            max_alloc: 512 * 1024 * 1024,
        }
    }
}
