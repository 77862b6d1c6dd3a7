//! How a worker is configured.

mod limits;
mod upstream;

use std::{num::NonZero, thread::available_parallelism};

use pupila_runtime::config::Validate;
use serde::Deserialize;

use crate::NotifyConfig;

pub use self::{limits::LimitsConfig, upstream::UpstreamConfig};

/// Longest name of a worker, in characters.
const MAX_NAME: usize = 100;
/// Most tasks at once: as many leases are renewed by one call.
const MAX_CONCURRENCY: usize = 1000;
/// Longest that a stop may take: what a process is given (25 s), without the time to report what was given back.
const MAX_GRACE: u64 = 20;
/// Tasks at once for each core: most of their time they wait for other services.
const TASKS_PER_CORE: usize = 4;
/// Fewest by default: with fewer, messages and ZIPs may take the places of all.
const FEWEST_TASKS: usize = 8;

/// The `worker` section of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerConfig {
    /// What the worker is known by, unique among those alive; one that the machine's name begins where it is empty.
    pub name: String,
    /// Tasks at once; four a core by default, and at least eight.
    pub concurrency: usize,
    /// Images that are worked on at once; one a core by default. Each takes one core.
    pub cpu_workers: usize,
    /// How long a task may go on after the worker was told to stop. Then it is given back.
    pub shutdown_grace_seconds: u64,
    /// How long an attempt at a task may take.
    pub task_timeout_seconds: u64,
    /// How long another service may take to answer.
    pub call_timeout_seconds: u64,
    /// What an image may cost.
    pub limits: LimitsConfig,
    /// How people are told that a job ended.
    pub notify: NotifyConfig,
}

impl Default for WorkerConfig {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self {
            name: String::new(),
            concurrency: default_concurrency(cores),
            cpu_workers: cores,
            shutdown_grace_seconds: MAX_GRACE,
            task_timeout_seconds: 600,
            call_timeout_seconds: 60,
            limits: LimitsConfig::default(),
            notify: NotifyConfig::default(),
        }
    }
}

/// How many tasks a machine with so many cores works on at once.
pub(crate) fn default_concurrency(cores: usize) -> usize {
    (TASKS_PER_CORE * cores).clamp(FEWEST_TASKS, MAX_CONCURRENCY)
}

impl Validate for WorkerConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = self.limits.faults();
        let notify = self.notify.faults().into_iter();
        faults.extend(notify.map(|fault| format!("notify.{fault}")));
        if self.name.chars().count() > MAX_NAME {
            faults.push(format!("name: must have at most {MAX_NAME} characters"));
        }
        for (field, value) in [
            ("concurrency", self.concurrency),
            ("cpu_workers", self.cpu_workers),
        ] {
            if !(1..=MAX_CONCURRENCY).contains(&value) {
                faults.push(format!("{field}: must be from 1 to {MAX_CONCURRENCY}"));
            }
        }
        if self.shutdown_grace_seconds > MAX_GRACE {
            faults.push(format!(
                "shutdown_grace_seconds: must be at most {MAX_GRACE}"
            ));
        }
        for (field, value) in [
            ("task_timeout_seconds", self.task_timeout_seconds),
            ("call_timeout_seconds", self.call_timeout_seconds),
        ] {
            if value == 0 {
                faults.push(format!("{field}: must be at least 1"));
            }
        }
        faults
            .into_iter()
            .map(|fault| format!("worker.{fault}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_to_be_set() {
        assert_eq!(WorkerConfig::default().faults(), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let config: WorkerConfig = toml::from_str(
            "concurrency = 0\ncpu_workers = 2000\nshutdown_grace_seconds = 60\ntask_timeout_seconds = 0\n\
             limits.max_buffered_bytes = 1",
        )
        .expect("valid TOML");
        let faults = config.faults();
        let fields: Vec<_> = faults
            .iter()
            .filter_map(|fault| fault.split(':').next())
            .collect();
        assert_eq!(
            fields,
            [
                "worker.limits.max_buffered_bytes",
                "worker.concurrency",
                "worker.cpu_workers",
                "worker.shutdown_grace_seconds",
                "worker.task_timeout_seconds",
            ]
        );
        assert!(toml::from_str::<WorkerConfig>("threads = 1").is_err());
    }
}
