//! `pupila`: everything in one process, on SQLite and a folder, and the command line.

mod command;
mod config;
mod data_lock;
mod files;
mod jobs;
mod models;
mod predict;
mod serve;
mod server;
mod services;
mod table;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Self-hosted image analysis: an image goes in, a recorded prediction comes out.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API: all services in this process, no other server needed
    Serve(serve::Args),
    /// Analyse image files here and now, and record the answers
    Predict(predict::Args),
    /// Have a running server work in the background: submit, watch, list, cancel
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Look at the model repository
    #[command(subcommand)]
    Models(models::Command),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Jobs(command) => jobs::run(command),
        Command::Models(command) => models::run(command),
    }
}
