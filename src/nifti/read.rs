//! The way of a file from bytes to a volume: header, extensions, voxels, checksum.

use super::detect::detect;
use super::source::{GZIP, Source};
use super::voxels::{PIECE_BYTES, Voxels};
use super::{Error, Header, Notice, Volume, nifti2};

impl Volume {
    /// Reads a single file (`.nii`, `.nii.gz`); gzip is recognised by content, not by name.
    ///
    /// Beside the bytes given, memory never exceeds the voxels that the file really holds plus a fixed
    /// window, whatever its header declares.
    ///
    /// # Errors
    /// Everything that makes a file unreadable, with its remedy; [`Error::MissingImage`] for the header
    /// of a pair.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut scratch = vec![0; PIECE_BYTES];
        let mut source = Source::open(bytes)?;
        match read_single(&mut source, &mut scratch) {
            Ok((header, voxels, mut notices)) => {
                notices.extend(source.verify(&mut scratch)?);
                Self::new(header, voxels, notices)
            }
            // In a damaged stream whatever else is wrong is only a consequence.
            Err(error) => Err(source.verify(&mut scratch).err().unwrap_or(error)),
        }
    }

    /// Reads a pair: the bytes of the `.hdr` and of the `.img`, each gzip or not.
    ///
    /// # Errors
    /// As [`Volume::from_bytes`].
    pub fn from_pair(header: &[u8], image: &[u8]) -> Result<Self, Error> {
        let mut scratch = vec![0; PIECE_BYTES];
        let mut source = Source::open(header)?;
        let parsed = read_header(&mut source).and_then(|(mut header, mut notices)| {
            header.extensions = extensions(&header, &mut source, None, &mut scratch, &mut notices)?;
            Ok((header, notices))
        });
        let (mut header, mut notices) = match (parsed, source.verify(&mut scratch)) {
            (Ok(parsed), Ok(_)) => parsed,
            (_, Err(error)) | (Err(error), _) => return Err(error),
        };
        header.is_pair = true;
        let mut source = Source::open(image)?;
        let voxels = read_image(&header, &mut source, &mut scratch);
        notices.extend(source.verify(&mut scratch)?);
        Self::new(header, voxels?, notices)
    }
}

fn read_single(source: &mut Source<'_>, scratch: &mut [u8]) -> Result<(Header, Voxels, Vec<Notice>), Error> {
    let (mut header, mut notices) = read_header(source)?;
    if header.is_pair {
        return Err(Error::MissingImage);
    }
    let room = header.voxel_offset - header.version.header_bytes() as u64;
    if room > source.upper_bound() {
        return Err(Error::VoxelOffset {
            offset: header.voxel_offset as f64,
            minimum: header.version.first_voxel(),
        });
    }
    header.extensions = extensions(&header, source, Some(room), scratch, &mut notices)?;
    let voxels = Voxels::read(&header, source, scratch)?;
    Ok((header, voxels, notices))
}

fn read_image(header: &Header, source: &mut Source<'_>, scratch: &mut [u8]) -> Result<Voxels, Error> {
    let offset = header.voxel_offset;
    if offset > source.upper_bound() || source.skip(offset, scratch)? < offset {
        return Err(Error::VoxelOffset {
            offset: offset as f64,
            minimum: 0,
        });
    }
    Voxels::read(header, source, scratch)
}

fn read_header(source: &mut Source<'_>) -> Result<(Header, Vec<Notice>), Error> {
    let mut bytes = [0; nifti2::HEADER_BYTES];
    let mut held = source.fill(&mut bytes[..super::nifti1::HEADER_BYTES])?;
    if source.is_gzip() && bytes[..held].starts_with(&GZIP) {
        return Err(Error::GzipTwice);
    }
    let (version, _) = detect(&bytes[..held])?;
    if version.header_bytes() > held {
        held += source.fill(&mut bytes[held..])?;
    }
    Header::parse(&bytes[..held])
}

/// Passes over the announcement and the extensions; returns how many there are.
///
/// `room` counts the bytes up to the voxels; `None` in the header of a pair, where they go on to the end.
fn extensions(
    header: &Header,
    source: &mut Source<'_>,
    room: Option<u64>,
    scratch: &mut [u8],
    notices: &mut Vec<Notice>,
) -> Result<usize, Error> {
    /// Size and code.
    const HEAD_BYTES: u64 = 8;
    /// nibabel's: what is shorter than the smallest extension is filling.
    const SMALLEST: u64 = 16;

    let mut flag = [0; 4];
    let held = source.fill(&mut flag)? as u64;
    let mut left = room.map_or(u64::MAX, |room| room.saturating_sub(held));
    let mut count = 0;
    while flag[0] != 0 && left >= SMALLEST {
        let mut head = [0; HEAD_BYTES as usize];
        let got = source.fill(&mut head)? as u64;
        if got < HEAD_BYTES {
            break;
        }
        let [a, b, c, d, ..] = head;
        let size = header.byte_order.i32([a, b, c, d]);
        let available = left.min(source.upper_bound().saturating_add(HEAD_BYTES));
        let Some(body) = u64::from(size.max(0).cast_unsigned())
            .checked_sub(HEAD_BYTES)
            .filter(|body| body + HEAD_BYTES <= available)
        else {
            return Err(Error::Extension { size, available });
        };
        if size % 16 != 0 {
            notices.push(Notice::ExtensionSize(size));
        }
        if source.skip(body, scratch)? < body {
            return Err(Error::Extension { size, available });
        }
        left = left.saturating_sub(body + HEAD_BYTES);
        count += 1;
    }
    if room.is_some() {
        source.skip(left, scratch)?;
    }
    Ok(count)
}
