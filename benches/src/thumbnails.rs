//! Thumbnails of 256 pixels of a JPEG of 12 megapixels: ours against those of `sharp`, on the same cores.

use pupila_imaging::{
    Limits,
    render::{Encoding, Recipe, render},
};

use crate::{
    Args, Failure, photo,
    report::{Report, Target},
    round::{Round, percentile_ms, ratio},
    sharp::Sharp,
    spread::Spread,
    workers,
};

/// Least share of sharp's throughput.
const RATIO: f64 = 1.0;
/// Pixels of the longer side.
const SIDE: u32 = 256;

/// Compares with all cores busy. Two thumbnails a core are on their way on either side: with one, sharp leaves cores idle.
pub(crate) fn measure(args: &Args, report: &mut Report) -> Result<(), Failure> {
    let photo = photo::jpeg()?;
    let megabytes = photo.len() as f64 / 1e6;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("photo.jpeg");
    std::fs::write(&file, &photo)?;
    let mut sharp = match Sharp::start(&file, args.clients()) {
        Ok(sharp) => sharp,
        Err(error) => {
            report.told("thumbnails against sharp", format!("not measured: {error}"));
            return Ok(());
        }
    };

    let (recipe, limits) = (recipe(), Limits::default());
    let thumbnail = |_| {
        render(&photo, &recipe, &limits)?;
        Ok(())
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // The first of each kind warms up and is not counted.
    for round in 0..=args.rounds.get() {
        let a = workers::round(args.clients(), args.length(), thumbnail)?;
        let b = sharp.round(args.length())?;
        if round > 0 {
            ours.push(a);
            theirs.push(b);
        }
    }
    let what = format!("thumbnails of a JPEG of 12 megapixels, {megabytes:.1} MB");
    tell(report, &format!("{what}, Pupila"), &ours);
    tell(report, &format!("{what}, {}", sharp.version), &theirs);
    let throughput = ratio(&theirs, &ours, |theirs, ours| {
        ours.throughput() / theirs.throughput()
    });
    report.judged(
        "thumbnails: throughput to sharp's",
        format!("{throughput:.2}"),
        throughput.median,
        Target::AtLeast(RATIO),
    );
    let cpu = ratio(&theirs, &ours, |theirs, ours| {
        theirs.cpu_ms() / ours.cpu_ms()
    });
    report.told("thumbnails: sharp's CPU to Pupila's", format!("{cpu:.2}"));
    Ok(())
}

/// What sharp is told too.
fn recipe() -> Recipe {
    Recipe {
        width: Some(SIDE),
        height: Some(SIDE),
        encoding: Encoding::Jpeg { quality: 80 },
        ..Recipe::default()
    }
}

fn tell(report: &mut Report, what: &str, rounds: &[Round]) {
    let throughput = Spread::of(rounds.iter().map(Round::throughput));
    let cpu = Spread::of(rounds.iter().map(Round::cpu_ms));
    let (p50, p99) = (percentile_ms(rounds, 0.5), percentile_ms(rounds, 0.99));
    report.told(&format!("{what}: a second"), throughput.to_string());
    report.told(
        &format!("{what}: p50 / p99, ms"),
        format!("{p50:.2} / {p99:.2}"),
    );
    report.told(&format!("{what}: CPU of one, ms"), format!("{cpu:.2}"));
}
