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

pub(super) fn serialize<S: Serializer>(channels: &[Channel], serializer: S) -> Result<S::Ok, S::Error> {
    let mut volumes: Vec<&Arc<Volume>> = Vec::new();
    let mut rows = Vec::new();
    for Channel { name, volume, frame } in channels {
        let known = volumes.iter().position(|known| Arc::ptr_eq(known, volume));
        let number = known.unwrap_or_else(|| {
            volumes.push(volume);
            volumes.len() - 1
        });
        rows.push((name.as_str(), number, *frame));
    }
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
