//! Cutting a part out.

use crate::{raster::Raster, render::area::Area};

/// A part in whole pixels, as crops are.
pub(super) fn cut(raster: Raster, part: Area) -> Option<Raster> {
    if part == Area::whole((raster.width(), raster.height())) {
        return Some(raster);
    }
    let count = raster.layout().count();
    let (left, top) = (part.left as usize * count, part.top as usize);
    let (width, height) = (part.width as u32, part.height as u32);
    let length = width as usize * count;
    let rows = raster
        .samples()
        .chunks_exact(raster.width() as usize * count);
    let mut samples = Vec::with_capacity(length * height as usize);
    for row in rows.skip(top).take(height as usize) {
        samples.extend_from_slice(row.get(left..left + length)?);
    }
    Raster::new(width, height, raster.layout(), samples)
}
