//! Structured logs, OpenTelemetry traces and Prometheus metrics.

use std::{io::IsTerminal as _, time::Duration};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use serde::Deserialize;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::Validate;

/// Upper bounds of duration histograms, in seconds: from a cache hit to the longest request.
const SECONDS: [f64; 14] = [
    0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
/// Upper bounds of how long tasks wait, are had by workers, and are worked on, in seconds: from a moment to the longest batch.
const TASK_SECONDS: [f64; 18] = [
    0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 60.0, 300.0, 900.0, 3600.0,
    14_400.0, 43_200.0, 86_400.0,
];
/// The histograms of tasks.
const OF_TASKS: [&str; 3] = [
    "pupila_task_wait_seconds",
    "pupila_task_run_seconds",
    "pupila_worker_task_seconds",
];
/// How often the histograms' samples are folded into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// What is logged, and where traces go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// `tracing` directives, such as `info` or `info,pupila_gateway=debug`.
    pub log_level: String,
    /// How a log line is written.
    pub log_format: LogFormat,
    /// The OTLP/gRPC collector, such as `http://localhost:4317`; no traces are sent without one.
    pub otlp_endpoint: Option<String>,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            log_level: "info".to_owned(),
            log_format: LogFormat::Text,
            otlp_endpoint: None,
        }
    }
}

impl Validate for TelemetryConfig {
    fn faults(&self) -> Vec<String> {
        EnvFilter::try_new(&self.log_level)
            .err()
            .map(|error| format!("telemetry.log_level: {error}"))
            .into_iter()
            .collect()
    }
}

/// Telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log level.
    #[error("telemetry.log_level cannot be read")]
    LogLevel(#[from] tracing_subscriber::filter::ParseError),
    /// The trace exporter.
    #[error("traces cannot be sent to telemetry.otlp_endpoint")]
    Otlp(#[from] ExporterBuildError),
    /// The metrics recorder.
    #[error("metrics cannot be recorded")]
    Metrics(#[from] BuildError),
}

/// The telemetry of this process; sends what is left when it is shut down.
pub struct Telemetry {
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    traces: Option<SdkTracerProvider>,
}

/// Sets up the telemetry of this process, once. Must be called inside the Tokio runtime.
///
/// # Errors
/// A setting that cannot be used.
pub fn start(config: &TelemetryConfig, service: &'static str) -> Result<Telemetry, TelemetryError> {
    let traces = config
        .otlp_endpoint
        .as_deref()
        .map(|endpoint| tracer_provider(endpoint, service))
        .transpose()?;
    let spans = traces
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer(service)));
    let stderr = std::io::stderr;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal());
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    tracing_subscriber::registry()
        .with(spans)
        .with(lines)
        // One filter for all, and none per layer: a library that asks `enabled!` leaves those of tracing-subscriber 0.3
        // with a stale answer, and lines and spans get lost.
        .with(EnvFilter::try_new(&config.log_level)?)
        .init();
    let mut metrics = PrometheusBuilder::new().set_buckets(&SECONDS)?;
    for name in OF_TASKS {
        metrics = metrics.set_buckets_for_metric(Matcher::Full(name.to_owned()), &TASK_SECONDS)?;
    }
    let metrics = metrics.install_recorder()?;
    tokio::spawn(keep_up(metrics.clone()));
    Ok(Telemetry { metrics, traces })
}

fn tracer_provider(
    endpoint: &str,
    service: &'static str,
) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(service).build())
        .build())
}

async fn keep_up(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

impl Telemetry {
    /// Sends the traces that wait. Blocks for a few seconds at most.
    pub fn shutdown(self) {
        let Some(traces) = self.traces else { return };
        if let Err(error) = traces.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}
