//! Messages as what a browser sends between threads: arrays of bytes that change hands instead of being copied.

use std::io::{self, BufReader, BufWriter, Read, Write};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::OffscreenCanvas;

use super::{Error, wire};

/// Small fields travel together up to this many bytes; what is larger goes as it is.
const PIECE_BYTES: usize = 1 << 16;

/// A message under way: `[number, pieces, objects]`. The number is that of the request; objects are what only a browser can
/// send.
pub struct Letter {
    pub number: u32,
    pub pieces: Array,
    pub objects: Array,
}

impl Letter {
    /// What `postMessage` takes, and what of it changes hands.
    #[must_use]
    pub fn to_js(&self) -> (Array, Array) {
        let hands = Array::new();
        for piece in self.pieces.iter() {
            hands.push(&piece.unchecked_into::<Uint8Array>().buffer());
        }
        for object in self.objects.iter().filter(changes_hands) {
            hands.push(&object);
        }
        (
            Array::of3(&self.number.into(), &self.pieces, &self.objects),
            hands,
        )
    }

    /// `None` for what is no letter.
    #[must_use]
    pub fn of_js(data: &JsValue) -> Option<Self> {
        let data = data.dyn_ref::<Array>()?;
        Some(Self {
            number: data.get(0).as_f64()? as u32,
            pieces: data.get(1).dyn_into().ok()?,
            objects: data.get(2).dyn_into().ok()?,
        })
    }
}

/// What can only be on one thread, or need not be copied.
fn changes_hands(object: &JsValue) -> bool {
    object.has_type::<ArrayBuffer>() || object.has_type::<OffscreenCanvas>()
}

/// A message as pieces.
///
/// # Errors
/// As [`wire::write`].
pub fn pack<T: Serialize>(message: &T) -> Result<Array, Error> {
    let pieces = Array::new();
    let mut out = BufWriter::with_capacity(PIECE_BYTES, Out(&pieces));
    wire::write(message, &mut out)?;
    // An array takes every piece.
    let _ = out.flush();
    drop(out);
    Ok(pieces)
}

/// The message that the pieces are of.
///
/// # Errors
/// As [`wire::read`].
pub fn unpack<T: DeserializeOwned>(pieces: &Array) -> Result<T, Error> {
    let rest = pieces.iter().map(JsCast::unchecked_into).collect();
    let pieces = In {
        rest,
        next: 0,
        read: 0,
    };
    wire::read(BufReader::with_capacity(PIECE_BYTES, pieces))
}

struct Out<'a>(&'a Array);

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(&Uint8Array::from(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct In {
    rest: Vec<Uint8Array>,
    next: usize,
    /// Bytes of the next piece that have been read.
    read: u32,
}

impl Read for In {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while let Some(piece) = self.rest.get(self.next) {
            let count = bytes.len().min((piece.length() - self.read) as usize);
            if count > 0 {
                let end = self.read + count as u32;
                piece.subarray(self.read, end).copy_to(&mut bytes[..count]);
                self.read = end;
                return Ok(count);
            }
            if bytes.is_empty() {
                break;
            }
            (self.next, self.read) = (self.next + 1, 0);
        }
        Ok(0)
    }
}
