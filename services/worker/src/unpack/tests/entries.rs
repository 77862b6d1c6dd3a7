//! Entries, and whole archives, of every kind.

use super::{
    MOST, attempt, keeping, numbered, reason,
    zip::{Packed, zip, zip_of},
};
use crate::{Outcome, Service};

const KNEE: &str = "left/knee.png";
/// What a file begins with, and more.
const BYTES: &[u8] = b"\x89PNG and so on";

/// A Unicode path (APPNOTE 4.6.9) that ends before it begins.
const TORN: &[u8] = b"\x75\x70\x02\0\0\0";

/// An entry, the name of its item, and why there is no image: empty where there is one.
type Story = (Packed, &'static str, &'static str);

/// What is stored.
fn good() -> Vec<Story> {
    let file = |path: &[u8]| Packed::stored(path, BYTES.repeat(50));
    let streamed = Packed {
        flags: 0x0808,
        ..Packed::deflated("streamed.png", BYTES)
    };
    vec![
        (knee(), KNEE, ""),
        (file(b"plain.png"), "plain.png", ""),
        // Its name is UTF-8, and its sizes follow it: as it is packed by who does not know them before.
        (streamed, "streamed.png", ""),
        // The same name once more is another file.
        (Packed::stored("plain.png", "other"), "plain.png", ""),
        (Packed::stored("empty.png", ""), "empty.png", ""),
        // Names are only shown.
        (file(b"../../etc/passwd"), "etc/passwd", ""),
        (file(b"/root.png"), "root.png", ""),
        (file(br"C:\x\a.png"), "x/a.png", ""),
        (file(b"a\0b.png"), "ab.png", ""),
        (file("niño.png".as_bytes()), "niño.png", ""),
        // As DOS wrote it (code page 437).
        (file(b"t\xa2rax.png"), "tórax.png", ""),
        (file(b""), "unnamed", ""),
    ]
}

/// What is no item: no files, or nobody's.
fn skipped() -> Vec<Packed> {
    let link = Packed::stored("link", "/etc/passwd");
    vec![
        Packed::stored("left/", ""),
        Packed {
            mode: 0o120_777,
            ..link
        },
        Packed::stored("__MACOSX/left/._knee.png", BYTES),
        Packed::stored("left/.DS_Store", BYTES),
        Packed::stored("Thumbs.db", BYTES),
        // What they are shows, whatever else cannot be read.
        Packed {
            extra: TORN.to_vec(),
            ..Packed::stored("right/", "")
        },
        Packed {
            extra: TORN.to_vec(),
            ..Packed::stored("__MACOSX/._knee.png", BYTES)
        },
    ]
}

/// What is not read.
fn unread() -> Vec<Story> {
    let odd = |flags, method| Packed {
        flags,
        method,
        ..knee()
    };
    let nested = zip(&numbered(1));
    vec![
        (Packed::stored("a.zip", &nested), "a.zip", "NESTED_ARCHIVE"),
        (
            Packed::deflated("a.docx", &nested),
            "a.docx",
            "NESTED_ARCHIVE",
        ),
        (
            Packed::deflated("a.png", b"7z\xBC\xAF\x27\x1C"),
            "a.png",
            "NESTED_ARCHIVE",
        ),
        (odd(1, 8), KNEE, "ENCRYPTED_ENTRY"),
        (odd(0, 12), KNEE, "UNSUPPORTED_COMPRESSION"),
        (odd(0, 99), KNEE, "UNSUPPORTED_COMPRESSION"),
    ]
}

/// What lies, or is broken.
fn broken() -> Vec<Story> {
    let sized = |size| Packed { size, ..knee() };
    let packed = |packed| Packed { packed, ..knee() };
    let summed = Packed { crc: 7, ..knee() };
    let extra = |extra: &[u8]| Packed {
        extra: extra.to_vec(),
        ..knee()
    };
    // Its size is in an extra field (APPNOTE 4.5.3) that is cut off.
    let cut = Packed {
        size: u32::MAX,
        ..extra(b"\x01\0\x04\0\0\0\0\0")
    };
    let nowhere = Packed {
        place: Some(u32::MAX - 1),
        ..knee()
    };
    let bomb = Packed::deflated("bomb.png", vec![0; 50 * MOST as usize]);
    let quiet = Packed {
        size: 1_000,
        ..bomb.clone()
    };
    vec![
        (summed, KNEE, "ENTRY_UNREADABLE"),
        (sized(10), KNEE, "ENTRY_UNREADABLE"),
        (sized(0), KNEE, "ENTRY_UNREADABLE"),
        (sized(90_000), KNEE, "ENTRY_UNREADABLE"),
        (packed(vec![0xff; 40]), KNEE, "ENTRY_UNREADABLE"),
        (
            packed(knee().packed[..5].to_vec()),
            KNEE,
            "ENTRY_UNREADABLE",
        ),
        (sized(u32::MAX - 1), KNEE, "TOO_LARGE"),
        (bomb, "bomb.png", "TOO_LARGE"),
        (quiet, "bomb.png", "ENTRY_UNREADABLE"),
        (extra(TORN), KNEE, "ENTRY_UNREADABLE"),
        // When it was made on NTFS (APPNOTE 4.5.5), less of it than is said.
        (extra(b"\x0a\0\x20\0\x01"), KNEE, "ENTRY_UNREADABLE"),
        (cut, KNEE, "ENTRY_UNREADABLE"),
        (nowhere, KNEE, "ENTRY_UNREADABLE"),
    ]
}

/// A file as it should be.
fn knee() -> Packed {
    Packed::deflated(KNEE, BYTES.repeat(50))
}

#[tokio::test]
async fn each_entry_has_its_own_fate() {
    let last = (Packed::deflated("last.png", BYTES), "last.png", "");
    let stories = [good(), unread(), broken(), vec![last]].concat();
    let mut entries: Vec<_> = stories.iter().map(|(entry, ..)| entry.clone()).collect();
    entries.splice(5..5, skipped());
    let services = keeping(zip(&entries));
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());

    let (items, _) = services.items();
    let found = items.iter().map(|item| {
        let failure = item.failure.as_ref();
        assert_eq!(item.image_id.is_empty(), failure.is_some(), "{item:?}");
        let reason = failure.map_or("", |failure| failure.reason.as_str());
        (item.filename.as_str(), reason)
    });
    let expected: Vec<_> = stories
        .iter()
        .map(|(_, name, reason)| (*name, *reason))
        .collect();
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let state = services.state();
    assert_eq!(state.archive, None, "it is deleted");
    let first = state.images.iter().find(|(_, key, _)| key == "job:job:0");
    let (name, _, stored) = first.expect("the first one");
    assert_eq!((name.as_str(), stored), (KNEE, &BYTES.repeat(50)));
}

#[tokio::test]
async fn an_entry_whose_name_no_system_writes_is_refused_unread() {
    let long = |length: usize| Packed::stored("n".repeat(length), BYTES);
    let services = keeping(zip(&[long(4096), long(4097)]));
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    let (items, _) = services.items();
    assert_eq!(items[0].failure, None);
    let failure = items[1].failure.as_ref().expect("refused");
    assert_eq!(failure.reason, "ENTRY_NAME_TOO_LONG");
    assert_eq!(items[1].filename.len(), 255);
}

#[tokio::test]
async fn entries_that_share_bytes_are_refused_and_no_other() {
    let mut entries = numbered(4);
    // As after a flipped bit: it seems to begin within the first one.
    entries[2].place = Some(1);
    let services = keeping(zip(&entries));
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    let (items, _) = services.items();
    let reasons = items.iter().map(|item| {
        let failure = item.failure.as_ref();
        failure.map_or("", |failure| failure.reason.as_str())
    });
    let unreadable = "ENTRY_UNREADABLE";
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [unreadable, "", unreadable, ""]
    );
    assert_eq!(
        services.state().images.len(),
        2,
        "nothing else was unpacked"
    );
}

#[tokio::test]
async fn an_archive_that_is_no_good_is_refused_as_a_whole() {
    let one = zip(&numbered(1));
    let kernel = Packed::deflated("0.png", vec![0; 1000]);
    let overlapping = [
        kernel.clone(),
        Packed {
            place: Some(0),
            ..kernel
        },
    ];
    // Each one's bytes reach over the header of the next, as in the bombs that quote.
    let mut quoting = numbered(3);
    let all = zip(&quoting);
    quoting[1].place = Some(10);
    quoting[2].place = Some(20);
    let large = vec![Packed::deflated("a.png", vec![0; MOST as usize]); 11];
    for (archive, expected) in [
        (
            b"PK\x03\x04 and nothing else".to_vec(),
            "ARCHIVE_UNREADABLE",
        ),
        (vec![0; 100_000], "ARCHIVE_UNREADABLE"),
        (one[..one.len() - 30].to_vec(), "ARCHIVE_UNREADABLE"),
        (zip_of(&numbered(1), 50), "ARCHIVE_UNREADABLE"),
        (
            all.iter().map(|byte| byte ^ 1).collect(),
            "ARCHIVE_UNREADABLE",
        ),
        (zip(&[]), "ARCHIVE_EMPTY"),
        (zip(&[Packed::stored("left/", b"")]), "ARCHIVE_EMPTY"),
        (zip(&numbered(101)), "TOO_MANY_ENTRIES"),
        (
            zip(&vec![Packed::stored("a/", b""); 401]),
            "TOO_MANY_ENTRIES",
        ),
        (
            zip(&vec![Packed::stored("n".repeat(3_000), b"x"); 20]),
            "TOO_MANY_ENTRIES",
        ),
        (zip(&overlapping), "ARCHIVE_BOMB"),
        (zip(&quoting), "ARCHIVE_BOMB"),
        (zip(&large), "ARCHIVE_TOO_LARGE"),
    ] {
        let services = keeping(archive);
        let outcome = attempt(&services, 1, 0).await;
        assert_eq!(reason(&outcome, Service::Images), expected);
        let state = services.state();
        assert!(
            state.images.is_empty() && state.added.is_empty(),
            "{expected}"
        );
        assert_eq!(state.archive, None, "{expected}: it is deleted");
    }
}
