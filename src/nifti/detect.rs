//! What a file is, by its first bytes.

use super::header::{ByteOrder, Version};
use super::{Error, nifti1, nifti2};

/// Version and byte order by `sizeof_hdr`, held against the magic word.
pub(super) fn detect(bytes: &[u8]) -> Result<(Version, ByteOrder), Error> {
    let Some(size) = bytes.first_chunk::<4>() else {
        return Err(Error::NotNifti {
            looks_like: looks_like(bytes),
        });
    };
    let is = |size_bytes: usize, order: ByteOrder| order.i32(*size) == size_bytes as i32;
    let found = [ByteOrder::Little, ByteOrder::Big].into_iter().find_map(|order| {
        [Version::One, Version::Two]
            .into_iter()
            .find(|version| is(version.header_bytes(), order))
            .map(|version| (version, order))
    });
    let by_magic = magic_version(bytes);
    match (found, by_magic) {
        (Some((version, order)), Some(magic)) if version == magic => Ok((version, order)),
        (Some((version, _)), Some(magic)) => Err(Error::Version {
            by_size: number(version),
            by_magic: number(magic),
        }),
        (None, Some(_)) => Err(Error::HeaderSize {
            sizeof_hdr: i32::from_le_bytes(*size),
        }),
        (Some((version, _)), None) if bytes.len() < nifti1::HEADER_BYTES => Err(Error::HeaderCut {
            available: bytes.len() as u64,
            needed: version.header_bytes() as u64,
        }),
        (Some((Version::One, _)), None) => Err(nifti1::magic_fault(bytes)),
        (Some((Version::Two, _)), None) => Err(nifti2::magic_fault(bytes)),
        (None, None) => Err(Error::NotNifti {
            looks_like: looks_like(bytes),
        }),
    }
}

fn number(version: Version) -> u8 {
    match version {
        Version::One => 1,
        Version::Two => 2,
    }
}

fn magic_version(bytes: &[u8]) -> Option<Version> {
    if nifti2::has_magic(bytes) {
        Some(Version::Two)
    } else if nifti1::has_magic(bytes) {
        Some(Version::One)
    } else {
        None
    }
}

fn looks_like(bytes: &[u8]) -> &'static str {
    const SIGNS: [(&[u8], &str); 9] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"NRRD", "an NRRD image"),
        (b"%PDF", "a PDF document"),
        (b"\x93NUMPY", "a numpy array"),
        (b"\x89HDF", "an HDF5 file (perhaps MINC)"),
        (b"<", "a web page or XML"),
    ];
    if bytes.get(128..132) == Some(b"DICM") {
        return "a DICOM slice";
    }
    if let Some((_, name)) = SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign)) {
        return name;
    }
    if bytes.iter().all(|&byte| byte == 0) {
        return "nothing but zeros";
    }
    if bytes
        .iter()
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    {
        return "plain text";
    }
    "something else"
}

#[cfg(test)]
mod tests {
    use super::super::Header;
    use super::*;

    #[test]
    fn what_is_no_nifti_is_named() {
        for (bytes, name) in [
            (b"\x89PNG\r\n\x1a\n".as_slice(), "a PNG picture"),
            (b"<!doctype html>", "a web page or XML"),
            (b"a,b\n1,2\n", "plain text"),
            (&[0; 400], "nothing but zeros"),
            (&[7; 400], "something else"),
        ] {
            assert_eq!(Header::parse(bytes), Err(Error::NotNifti { looks_like: name }));
        }
    }
}
