//! The product's stories, each told of both its shapes where it has two.

/// Both shapes answer this text. An inline snapshot of insta's, which wants to be told that it is seen twice.
macro_rules! assert_alike {
    ($text:expr, @$expected:literal) => {{
        let text = $text;
        insta::allow_duplicates! {
            insta::assert_snapshot!(text, @$expected);
        }
    }};
}

mod accounts;
mod albums;
mod bad_files;
mod bad_requests;
mod command_line;
mod configuration;
mod crash;
mod fuzz;
mod grpc;
mod images;
mod job_accidents;
mod job_batches;
mod job_command_accidents;
mod job_commands;
mod job_events;
mod job_outages;
mod job_requests;
mod job_results;
mod jobs;
mod library;
mod memory;
mod models;
mod notifications;
mod operation;
mod operations;
mod outage;
mod predictions;
mod renditions;
mod stored_predictions;
mod terminal;
mod traces;
mod uploads;
mod web;
