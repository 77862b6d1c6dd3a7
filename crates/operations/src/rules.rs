//! What holds between the parameters of one operation.

use crate::{error::OperationError, operation::Operation};

/// Ratios that somebody computed may add up to a little more than the whole.
const TOLERANCE: f64 = 1e-6;

/// Whether the values go together.
pub(crate) fn check(operation: &Operation) -> Result<(), OperationError> {
    match *operation {
        Operation::Resize {
            width: None,
            height: None,
            ..
        } => refuse(&["width", "height"], "at least one of them is needed"),
        Operation::Crop { left, width, .. } if left + width > 1.0 + TOLERANCE => {
            refuse(&["left", "width"], "together they must be at most 1")
        }
        Operation::Crop { top, height, .. } if top + height > 1.0 + TOLERANCE => {
            refuse(&["top", "height"], "together they must be at most 1")
        }
        _ => Ok(()),
    }
}

fn refuse(parameters: &'static [&'static str], rule: &'static str) -> Result<(), OperationError> {
    Err(OperationError::Combination { parameters, rule })
}
