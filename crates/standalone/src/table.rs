//! Tables for people.

use std::io::{self, IsTerminal as _};

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use crate::terminal::{printable, shortened};

/// Longest name on a terminal, in characters: as long as an id.
const NAME: usize = 36;

/// Where a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A terminal: no row is wider, long cells are wrapped.
    Terminal,
    /// A file or another program: each row is one line, nothing is left out.
    Pipe,
}

impl Medium {
    /// Where standard output goes.
    pub(crate) fn of_stdout() -> Self {
        match io::stdout().is_terminal() {
            true => Self::Terminal,
            false => Self::Pipe,
        }
    }

    /// Somebody's name for something, as there is room for it.
    pub(crate) fn name(self, name: &str) -> String {
        let name = printable(name);
        match self {
            Self::Terminal => shortened(&name, NAME),
            Self::Pipe => name,
        }
    }
}

/// A table without rows, as wide as the terminal at most.
pub(crate) fn with_header<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_header(header)
        // Where there is no terminal there is no width, and nothing is arranged.
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}
