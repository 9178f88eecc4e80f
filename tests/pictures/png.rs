//! PNG files of 8-bit RGBA, as far as reference pictures need them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::Crc;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
/// 8 bits a channel, RGBA, the only compression, the only filter method, not interlaced.
const FORMAT: [u8; 5] = [8, 6, 0, 0, 0];
/// Rows as they are. Other programs filter rows, so that a file that they saved again is refused.
const UNFILTERED: u8 = 0;

/// A file of packed rgba8 pixels in rows of `width`.
pub(crate) fn encode(pixels: &[u32], [width, height]: [u32; 2]) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in pixels.chunks_exact(width as usize) {
        rows.push(UNFILTERED);
        rows.extend(row.iter().flat_map(|pixel| pixel.to_le_bytes()));
    }
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&rows).unwrap();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &FORMAT].concat();
    let mut file = SIGNATURE.to_vec();
    chunk(&mut file, b"IHDR", &head);
    chunk(&mut file, b"IDAT", &zlib.finish().unwrap());
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let body = [&kind[..], data].concat();
    let mut crc = Crc::new();
    crc.update(&body);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(&body);
    file.extend(crc.sum().to_be_bytes());
}

/// The pixels of a file that [`encode`] wrote, and its width and height.
pub(crate) fn decode(file: &[u8]) -> (Vec<u32>, [u32; 2]) {
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
    let mut rest = file
        .strip_prefix(&SIGNATURE)
        .expect("a PNG file; is it what Git LFS left in its place?");
    let (mut size, mut packed) = ([0; 2], Vec::new());
    while !rest.is_empty() {
        let (length, after) = rest.split_at(4);
        let (body, after) = after.split_at(4 + number(length) as usize);
        match &body[..4] {
            b"IHDR" => {
                assert_eq!(body[12..], FORMAT, "RGBA of 8 bits, not interlaced");
                size = [&body[4..8], &body[8..12]].map(number);
            }
            b"IDAT" => packed.extend_from_slice(&body[4..]),
            _ => {}
        }
        rest = &after[4..];
    }
    let mut rows = Vec::new();
    ZlibDecoder::new(&packed[..]).read_to_end(&mut rows).unwrap();
    let mut pixels = Vec::new();
    for row in rows.chunks_exact(1 + 4 * size[0] as usize) {
        assert_eq!(
            row[0], UNFILTERED,
            "another program saved this file; write it anew"
        );
        pixels.extend(
            row[1..]
                .chunks_exact(4)
                .map(|pixel| u32::from_le_bytes(pixel.try_into().unwrap())),
        );
    }
    (pixels, size)
}
