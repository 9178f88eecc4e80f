//! Arrays of plain numbers inside a message as one piece of bytes instead of a number at a time: for
//! `#[serde(with = "bulk")]`. The bytes are those of the machine, since no message leaves it.

pub mod named;

use std::ops::Deref;

use bytemuck::{AnyBitPattern, NoUninit};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

/// # Errors
/// Those of the format.
pub fn serialize<A, T, S>(numbers: &A, serializer: S) -> Result<S::Ok, S::Error>
where
    A: Deref<Target = [T]>,
    T: NoUninit,
    S: Serializer,
{
    serializer.serialize_bytes(bytemuck::cast_slice(numbers))
}

/// # Errors
/// Those of the format; and where the bytes end inside a number.
pub fn deserialize<'de, A, T, D>(deserializer: D) -> Result<A, D::Error>
where
    A: Deref<Target = [T]> + From<Vec<T>>,
    T: NoUninit + AnyBitPattern,
    D: Deserializer<'de>,
{
    deserializer.deserialize_byte_buf(Numbers(std::marker::PhantomData))
}

/// The same for an array that may be missing, for `#[serde(with = "bulk::optional")]`.
pub mod optional {
    use serde::{Deserialize, Serialize};

    use super::{AnyBitPattern, Deserializer, NoUninit, Serializer};

    #[derive(Deserialize)]
    #[serde(bound(deserialize = "T: NoUninit + AnyBitPattern"))]
    struct Owned<T>(#[serde(deserialize_with = "super::deserialize")] Vec<T>);

    #[derive(Serialize)]
    #[serde(bound(serialize = "T: NoUninit"))]
    struct Borrowed<'a, T>(#[serde(serialize_with = "super::serialize")] &'a [T]);

    /// # Errors
    /// Those of the format.
    pub fn serialize<T: NoUninit, S: Serializer>(
        array: &Option<Vec<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        array.as_deref().map(Borrowed).serialize(serializer)
    }

    /// # Errors
    /// As those of an array that is there.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
    where
        T: NoUninit + AnyBitPattern,
        D: Deserializer<'de>,
    {
        let array = Option::<Owned<T>>::deserialize(deserializer)?;
        Ok(array.map(|array| array.0))
    }
}

/// The same for an array that several hold, for `#[serde(with = "bulk::shared")]`.
pub mod shared {
    use std::sync::Arc;

    use super::{AnyBitPattern, Deserializer, NoUninit, Serializer};

    /// # Errors
    /// Those of the format.
    pub fn serialize<T: NoUninit, S: Serializer>(
        array: &Arc<Vec<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::serialize(&**array, serializer)
    }

    /// # Errors
    /// As those of an array that nobody shares.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Arc<Vec<T>>, D::Error>
    where
        T: NoUninit + AnyBitPattern,
        D: Deserializer<'de>,
    {
        super::deserialize(deserializer).map(Arc::new)
    }
}

struct Numbers<A>(std::marker::PhantomData<A>);

impl<'de, A, T> Visitor<'de> for Numbers<A>
where
    A: Deref<Target = [T]> + From<Vec<T>>,
    T: NoUninit + AnyBitPattern,
{
    type Value = A;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("numbers as bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<A, E> {
        if bytes.len().is_multiple_of(size_of::<T>()) {
            Ok(bytemuck::pod_collect_to_vec(bytes).into())
        } else {
            Err(E::invalid_length(bytes.len(), &self))
        }
    }

    /// Formats without bytes write them as numbers.
    fn visit_seq<Q: SeqAccess<'de>>(self, mut seq: Q) -> Result<A, Q::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}
