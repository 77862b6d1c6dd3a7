//! How files are put together: their pieces in order, without a look inside. Lengths are those that the file claims,
//! cut to the bytes that there are.

pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod riff;
