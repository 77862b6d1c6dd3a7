//! One request is one trace, through every process that works on it.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use pupila_tests::{File, Part, Pupila, Shape};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// A collector that hands on what it is sent.
struct Collector(mpsc::UnboundedSender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let handed_on = self.0.send(request.into_inner());
        handed_on.map_err(|_| Status::unavailable("nobody reads"))?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// Starts a collector, and answers its address and what it is sent.
async fn collector() -> (String, mpsc::UnboundedReceiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, spans) = mpsc::unbounded_channel();
    let server = Server::builder().add_service(TraceServiceServer::new(Collector(sender)));
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    (address, spans)
}

/// The services that took part in each trace, by its id.
fn services_by_trace(sent: Vec<ExportTraceServiceRequest>) -> BTreeMap<Vec<u8>, Vec<String>> {
    let mut traces = BTreeMap::<_, Vec<String>>::new();
    for resource in sent.into_iter().flat_map(|request| request.resource_spans) {
        let service = format!("{:?}", resource.resource);
        let spans = resource
            .scope_spans
            .into_iter()
            .flat_map(|scope| scope.spans);
        for span in spans {
            traces
                .entry(span.trace_id)
                .or_default()
                .push(service.clone());
        }
    }
    traces
}

async fn one_trace_through_every_service(variable: &str) {
    let (address, mut spans) = collector().await;
    let mut app = Pupila::of(Shape::Services)
        .with(variable, address)
        .start()
        .await;
    app.predict(&File::x_ray()).await.ok();
    // What waits to be sent is sent at the end.
    for part in [Part::Gateway, Part::Inference, Part::History] {
        assert!(app.program(part).terminate().await.success());
    }
    let mut sent = Vec::new();
    while let Ok(request) = spans.try_recv() {
        sent.push(request);
    }
    let traces = services_by_trace(sent);
    let whole = traces.values().any(|services| {
        let took_part = |name: &str| services.iter().any(|service| service.contains(name));
        ["pupila-gateway", "pupila-inference", "pupila-history"]
            .into_iter()
            .all(took_part)
    });
    assert!(whole, "no trace goes through all services: {traces:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prediction_is_one_trace_through_all_services() {
    one_trace_through_every_service("telemetry.otlp_endpoint").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standard_variable_names_the_collector_too() {
    one_trace_through_every_service("OTEL_EXPORTER_OTLP_ENDPOINT").await;
}
