//! Progressive JPEG that says nothing again and again: a hundred kilobytes that cost a pass over all pixels each time.

use pupila_imaging::{Limits, verify};

const SIDE: u16 = 7000;

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("short");
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

/// A Huffman table in which a single zero bit stands for the one symbol that there is.
fn table(class: u8, symbol: u8) -> Vec<u8> {
    let lengths = [&[1][..], &[0; 15]].concat();
    segment(0xC4, &[&[class], lengths.as_slice(), &[symbol]].concat())
}

/// 49 megapixels of grey, the brightness in one scan, nothing in so many others.
fn empty_scans(count: usize) -> Vec<u8> {
    let [high, low] = SIDE.to_be_bytes();
    let blocks = usize::from(SIDE).div_ceil(8).pow(2);
    let scan = |band: [u8; 3], bits: usize| {
        let header = segment(0xDA, &[&[1, 1, 0], band.as_slice()].concat());
        [header, vec![0; bits.div_ceil(8)]].concat()
    };
    // 2^14 blocks without a coefficient are a symbol of one bit and fourteen more.
    let empty = scan([1, 63, 0], blocks.div_ceil(1 << 14) * 15);
    [
        vec![0xFF, 0xD8],
        segment(0xDB, &[&[0], [1; 64].as_slice()].concat()),
        segment(0xC2, &[8, high, low, high, low, 1, 1, 0x11, 0]),
        table(0x00, 0x00),
        table(0x10, 0xE0),
        scan([0, 0, 0], blocks),
        empty.repeat(count),
        vec![0xFF, 0xD9],
    ]
    .concat()
}

#[test]
fn a_large_picture_has_few_scans() {
    let picture = empty_scans(15);
    assert!(picture.len() < 200_000);
    assert!(verify(&picture, &Limits::default()).is_ok());

    let refused = verify(&empty_scans(80), &Limits::default()).expect_err("too many");
    assert!(refused.to_string().contains("scans"), "{refused}");
}
