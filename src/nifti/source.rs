//! Bytes as they come, plain or gzip, with no memory but a window.
//!
//! gzip is RFC 1952: any number of members, each with its checksum. Zero padding after the last member
//! is legal (tapes and tar leave it).

use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;

use super::{Error, Notice};

/// The first two bytes of every member.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Deflate cannot expand more than this (258 bytes from two bits, RFC 1951).
const DEFLATE_RATIO: u64 = 1032;

/// How far past the voxels a stream is read for the sake of its checksum.
const VERIFY_LIMIT: u64 = 64 << 20;

pub(super) enum Source<'a> {
    Plain(&'a [u8]),
    Gzip(Box<GzDecoder<&'a [u8]>>),
    Ended(Option<Notice>),
}

impl<'a> Source<'a> {
    /// Opens by content: `1f 8b` is gzip, whatever the name says.
    ///
    /// # Errors
    /// [`Error::Empty`].
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.is_empty() {
            Err(Error::Empty)
        } else if bytes.starts_with(&GZIP) {
            Ok(Self::Gzip(Box::new(GzDecoder::new(bytes))))
        } else {
            Ok(Self::Plain(bytes))
        }
    }

    pub(super) fn is_gzip(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    /// No more bytes than this can follow; exact for plain input.
    pub(super) fn upper_bound(&self) -> u64 {
        match self {
            Self::Plain(rest) => rest.len() as u64,
            // One window may already be decoded and not yet handed out.
            Self::Gzip(decoder) => (decoder.get_ref().len() as u64 + (64 << 10)) * DEFLATE_RATIO,
            Self::Ended(_) => 0,
        }
    }

    /// Fills `buffer` as far as the data go; fewer bytes mean that they ended.
    ///
    /// # Errors
    /// [`Error::GzipCut`], [`Error::GzipDamaged`].
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self {
                Self::Plain(rest) => {
                    let count = rest.len().min(buffer.len() - filled);
                    let (now, later) = rest.split_at(count);
                    buffer[filled..filled + count].copy_from_slice(now);
                    *rest = later;
                    return Ok(filled + count);
                }
                Self::Gzip(decoder) => match decoder.read(&mut buffer[filled..]) {
                    Ok(0) => {
                        let rest: &'a [u8] = decoder.get_ref();
                        if rest.starts_with(&GZIP) {
                            decoder.reset(rest);
                        } else {
                            let is_padding = rest.iter().all(|&byte| byte == 0);
                            *self = Self::Ended((!is_padding).then_some(Notice::TrailingBytes));
                        }
                    }
                    Ok(count) => filled += count,
                    Err(error) => return Err(gzip_error(&error)),
                },
                Self::Ended(_) => break,
            }
        }
        Ok(filled)
    }

    /// Passes over `count` bytes; returns how many were there.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(super) fn skip(&mut self, count: u64, scratch: &mut [u8]) -> Result<u64, Error> {
        let mut skipped = 0;
        while skipped < count {
            let want = (count - skipped).min(scratch.len() as u64) as usize;
            let got = self.fill(&mut scratch[..want])?;
            skipped += got as u64;
            if got < want {
                break;
            }
        }
        Ok(skipped)
    }

    /// Reads to the end, so that every checksum is compared.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(super) fn verify(mut self, scratch: &mut [u8]) -> Result<Option<Notice>, Error> {
        if !self.is_gzip() {
            return Ok(None);
        }
        self.skip(VERIFY_LIMIT, scratch)?;
        match self {
            Self::Ended(notice) => Ok(notice),
            _ => Ok(Some(Notice::ChecksumUnread)),
        }
    }
}

fn gzip_error(error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::UnexpectedEof => Error::GzipCut,
        _ => Error::GzipDamaged {
            detail: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(bytes: &[u8]) -> Result<(Vec<u8>, Option<Notice>), Error> {
        let mut source = Source::open(bytes)?;
        let mut content = vec![0; 1 << 16];
        let count = source.fill(&mut content)?;
        content.truncate(count);
        Ok((content, source.verify(&mut [0; 64])?))
    }

    #[test]
    fn joins_members_and_ignores_what_follows() {
        let mut bytes = gzip(b"first ");
        bytes.extend(gzip(b"second"));
        assert_eq!(read_all(&bytes), Ok((b"first second".to_vec(), None)));
        let mut padded = bytes.clone();
        padded.extend([0; 512]);
        assert_eq!(read_all(&padded), Ok((b"first second".to_vec(), None)));
        bytes.extend(b"junk");
        assert_eq!(
            read_all(&bytes),
            Ok((b"first second".to_vec(), Some(Notice::TrailingBytes)))
        );
    }

    #[test]
    fn a_wrong_checksum_is_an_error_even_after_the_last_byte_asked_for() {
        let mut bytes = gzip(b"some voxels");
        let crc = bytes.len() - 8;
        bytes[crc] ^= 1;
        let mut source = Source::open(&bytes).unwrap();
        assert_eq!(source.fill(&mut [0; 4]), Ok(4));
        assert!(matches!(
            source.verify(&mut [0; 64]),
            Err(Error::GzipDamaged { .. })
        ));
    }

    #[test]
    fn every_cut_of_a_member_is_an_error() {
        let bytes = gzip(b"some voxels, and then some more");
        for end in 2..bytes.len() {
            assert!(read_all(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}
