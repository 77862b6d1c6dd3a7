//! Tables as CSV (RFC 4180), safe to open in a spreadsheet.

use std::borrow::Cow;

use csv::Writer;

/// A line could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error("the line was not written")]
    Buffer,
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// A line with these cells.
pub(crate) fn line<'a>(
    cells: impl IntoIterator<Item = Cow<'a, str>>,
) -> Result<Vec<u8>, TableError> {
    let mut writer = Writer::from_writer(Vec::new());
    let cells: Vec<_> = cells.into_iter().collect();
    writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    writer.into_inner().map_err(|_| TableError::Buffer)
}

/// A number, or anything else that is ours.
pub(crate) fn number(value: impl ToString) -> Cow<'static, str> {
    value.to_string().into()
}

/// The same, or nothing.
pub(crate) fn optional(value: Option<&impl ToString>) -> Cow<'static, str> {
    value.map(ToString::to_string).unwrap_or_default().into()
}

/// A caller's text, which a spreadsheet must not take for a formula: OWASP's remedy is a quote in front.
pub(crate) fn text(value: &str) -> Cow<'_, str> {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{value}").into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_no_formula() {
        assert_eq!(text("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(text("x-ray.jpg"), "x-ray.jpg");
    }

    #[test]
    fn a_cell_keeps_its_line_breaks_and_quotes() {
        let line = line([text("a\"b"), text("c\nd"), number(7)]).expect("a line");
        assert_eq!(line, b"\"a\"\"b\",\"c\nd\",7\n");
    }
}
