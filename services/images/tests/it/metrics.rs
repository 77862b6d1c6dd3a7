//! What the service does is counted and timed.

use metrics_exporter_prometheus::PrometheusBuilder;
use pupila_proto::images::v1::ReadRenditionRequest;

use crate::{harness::TestImages, pictures::fixture};

/// The recorder is that of the whole process, so other stories are counted too.
#[tokio::test(flavor = "multi_thread")]
async fn what_it_does_is_counted_and_timed() {
    let recorder = PrometheusBuilder::new().install_recorder();
    let metrics = recorder.expect("no other story installs one");
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(fixture("scene.jpeg")).await.expect("stored");
    let thumbnail = ReadRenditionRequest {
        id: stored.id,
        preset: "thumbnail".to_owned(),
        ..Default::default()
    };
    let made = ana.rendition(thumbnail.clone()).await.expect("made");
    ana.rendition(thumbnail.clone()).await.expect("kept");
    let known = ReadRenditionRequest {
        known_etag: made.header.etag,
        ..thumbnail
    };
    ana.rendition(known).await.expect("known");
    images.admin().sweep().await.expect("swept");

    let told = metrics.render();
    for line in [
        "pupila_stage_seconds_count{stage=\"image_queue\"}",
        "pupila_stage_seconds_count{stage=\"examine\"}",
        "pupila_stage_seconds_count{stage=\"store\"}",
        "pupila_stage_seconds_count{stage=\"render\"}",
        "pupila_renditions_total{source=\"made\"}",
        "pupila_renditions_total{source=\"store\"}",
        "pupila_renditions_total{source=\"caller\"}",
        "pupila_sweep_objects_removed_total",
        "pupila_sweep_objects_missing",
    ] {
        assert!(told.contains(line), "{line} is missing in\n{told}");
    }
}
