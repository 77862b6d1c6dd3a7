//! What can be done to an image: the operations that the API declares, with their parameters, types and ranges. Pure
//! words: `pupila-imaging` has the pixels.
//!
//! The table in `operation.rs` is the only place where an operation is written down. Its declaration, its Rust type and
//! the way from text to that type are all made of it, so they cannot drift apart.

mod choice;
mod colour;
mod declaration;
mod error;
mod operation;
mod parse;
mod rules;
mod table;
mod value;

pub use choice::{Direction, Fit, Format, Gravity};
pub use colour::{Colour, NoColour};
pub use declaration::{Declaration, Kind, Parameter};
pub use error::{OperationError, ParameterFault};
pub use operation::Operation;

/// Every operation that there is, in the order in which people are shown them.
#[must_use]
pub const fn catalogue() -> &'static [Declaration] {
    Operation::DECLARATIONS
}

/// The operation of that name.
#[must_use]
pub fn declaration(name: &str) -> Option<&'static Declaration> {
    catalogue()
        .iter()
        .find(|declaration| declaration.name == name)
}
