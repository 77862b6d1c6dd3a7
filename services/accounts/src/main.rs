//! `pupila-accounts`: the accounts service in a process of its own.

use std::{process::ExitCode, sync::Arc};

use pupila_accounts::AccountsConfig;
use pupila_core::SystemClock;
use pupila_runtime::process::{self, Process, StartError};

pupila_runtime::service_config!(accounts: AccountsConfig);

fn main() -> ExitCode {
    process::main("pupila-accounts", &[], serve)
}

async fn serve(config: Config, _process: Process) -> Result<(), StartError> {
    let accounts = pupila_accounts::open(&config.accounts, Arc::new(SystemClock)).await?;
    accounts.readiness.close().await;
    Ok(())
}
