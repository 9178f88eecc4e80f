//! Channels in a message, for `#[serde(with = "channels")]`: a volume that several of them show is written once.

use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Channel;
use crate::nifti::Volume;

#[derive(Serialize)]
struct Written<'a> {
    volumes: Vec<&'a Volume>,
    /// Name, number of the volume, frame.
    channels: Vec<(&'a str, usize, usize)>,
}

#[derive(Deserialize)]
struct Read {
    volumes: Vec<Volume>,
    channels: Vec<(String, usize, usize)>,
}

/// The volumes of channels, each once, and which of them each channel shows.
pub(super) fn volumes(channels: &[Channel]) -> (Vec<&Arc<Volume>>, Vec<usize>) {
    let mut volumes: Vec<&Arc<Volume>> = Vec::new();
    let mut shown = Vec::new();
    for Channel { volume, .. } in channels {
        let known = volumes.iter().position(|known| Arc::ptr_eq(known, volume));
        shown.push(known.unwrap_or(volumes.len()));
        if known.is_none() {
            volumes.push(volume);
        }
    }
    (volumes, shown)
}

pub(super) fn serialize<S: Serializer>(channels: &[Channel], serializer: S) -> Result<S::Ok, S::Error> {
    let (volumes, shown) = volumes(channels);
    let rows = channels.iter().zip(shown);
    let rows = rows
        .map(|(channel, number)| (channel.name.as_str(), number, channel.frame))
        .collect();
    let written = Written {
        volumes: volumes.into_iter().map(Arc::as_ref).collect(),
        channels: rows,
    };
    written.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Channel>, D::Error> {
    let read = Read::deserialize(deserializer)?;
    let volumes: Vec<Arc<Volume>> = read.volumes.into_iter().map(Arc::new).collect();
    let channel = |(name, number, frame): (String, usize, usize)| {
        let volume = volumes.get(number).map(Arc::clone);
        let volume = volume.ok_or_else(|| D::Error::custom(format!("channel {name} has no volume")))?;
        Ok(Channel { name, volume, frame })
    };
    read.channels.into_iter().map(channel).collect()
}
