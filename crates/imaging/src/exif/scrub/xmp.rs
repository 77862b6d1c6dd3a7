//! Places in XMP. Its XML is not parsed: what tells a place is told by its name, and becomes blanks.

use std::ops::Range;

use memchr::{memchr, memmem};

/// Local names of drones that do not begin with "GPS"; one maker misspells.
const NAMES: [&[u8]; 3] = [b"latitude", b"longitude", b"longtitude"];

/// Longest attribute or element that tells a place, in bytes.
const MAX_PLACE: usize = 64 * 1024;
/// How often a place may begin and not end; who tries more often wants to keep us busy.
const MAX_MISSES: usize = 1000;

/// Blanks the places of a packet that lies there in pieces. Says whether there were any.
pub(super) fn blank_pieces(bytes: &mut [u8], pieces: &[Range<usize>]) -> bool {
    if let [whole] = pieces {
        return blank(&mut bytes[whole.clone()]);
    }
    let mut packet: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| bytes[piece.clone()].iter().copied())
        .collect();
    if !blank(&mut packet) {
        return false;
    }
    let mut rest = packet.as_slice();
    for piece in pieces {
        let (own, after) = rest.split_at(piece.len());
        bytes[piece.clone()].copy_from_slice(own);
        rest = after;
    }
    true
}

/// Turns attributes and elements that tell a place into blanks. Says whether there were any.
pub(super) fn blank(packet: &mut [u8]) -> bool {
    let mut found = false;
    let mut misses = 0;
    let mut at = 0;
    while let Some(name) = next_name(packet, at)
        && misses < MAX_MISSES
    {
        at = name.end;
        if !is_place(&packet[name.clone()]) {
            continue;
        }
        let within = &packet[..packet.len().min(name.end + MAX_PLACE)];
        if let Some(place) = element(within, &name).or_else(|| attribute(within, &name)) {
            at = place.end;
            packet[place].fill(b' ');
            found = true;
        } else {
            misses += 1;
        }
    }
    found
}

fn next_name(packet: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + packet.get(from..)?.iter().position(|byte| is_name(*byte))?;
    let length = packet[start..].iter().position(|byte| !is_name(*byte));
    Some(start..length.map_or(packet.len(), |length| start + length))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | 0x80..)
}

/// Whether a property of that name, of whatever prefix, tells a place.
pub(super) fn is_place(name: &[u8]) -> bool {
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
    let is_gps = local
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"gps"));
    is_gps || NAMES.iter().any(|known| local.eq_ignore_ascii_case(known))
}

/// `<name …>…</name>` or `<name …/>`.
fn element(packet: &[u8], name: &Range<usize>) -> Option<Range<usize>> {
    let start = name.start.checked_sub(1).filter(|at| packet[*at] == b'<')?;
    let end = tag_end(packet, name.end)?;
    if packet[end - 1] == b'/' {
        return Some(start..end + 1);
    }
    let closing = [b"</", &packet[name.clone()]].concat();
    let closing = end + memmem::find(&packet[end..], &closing)?;
    Some(start..tag_end(packet, closing)? + 1)
}

/// Where the `>` of a tag is; one within quotes is not.
fn tag_end(packet: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    let end = packet[from..].iter().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), _) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    })?;
    Some(from + end)
}

/// `name="…"`.
fn attribute(packet: &[u8], name: &Range<usize>) -> Option<Range<usize>> {
    let after = |at: usize| {
        let blanks = packet[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        at + blanks.count()
    };
    let equals = after(name.end);
    let quote = after(equals + usize::from(packet.get(equals) == Some(&b'=')));
    let open = *packet
        .get(quote)
        .filter(|byte| matches!(byte, b'"' | b'\''))?;
    let length = memchr(open, &packet[quote + 1..])?;
    (packet[equals] == b'=').then_some(name.start..quote + length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut packet = text.as_bytes().to_vec();
        let found = blank(&mut packet);
        assert_eq!(found, packet != text.as_bytes());
        let text = String::from_utf8(packet).expect("text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn attributes_and_elements_become_blanks() {
        let cases = [
            (
                r#"<rdf:Description exif:GPSLatitude="41,24N" tiff:Make='X' exif:GPSLongitude = '2,10E'/>"#,
                "<rdf:Description tiff:Make='X' />",
            ),
            (
                "<a><exif:GPSAltitude>12/1</exif:GPSAltitude><b/></a>",
                "<a> <b/></a>",
            ),
            (
                r#"<a><exif:GPSTimeStamp v="1>0" /><b/></a>"#,
                "<a> <b/></a>",
            ),
            (
                r#"<d drone-dji:GpsLatitude="1" drone-dji:GpsLongtitude="2" drone-dji:Latitude="3" x="4">"#,
                r#"<d x="4">"#,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(blanked(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_sounds_like_a_place_stays() {
        for text in [
            "<dc:title>GPS units, my GPSLatitude = none</dc:title>",
            r#"<a GPano:ProjectionType="flat" x:egps="1"/>"#,
            "<exif:GPSLatitude",
            "exif:GPSLatitude=",
            "exif:GPSLatitude='1",
            "",
        ] {
            let mut packet = text.as_bytes().to_vec();
            assert!(!blank(&mut packet), "{text}");
        }
    }
}
