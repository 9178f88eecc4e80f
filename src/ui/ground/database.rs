//! The browser's own database, as far as it is needed: messages by name.

use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, TransactionMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;

use crate::engine::{pack, unpack};

const DATABASE: &str = "contour-lab";
const STORE: &str = "session";

async fn open() -> Result<Rexie, rexie::Error> {
    let store = ObjectStore::new(STORE);
    Rexie::builder(DATABASE)
        .version(1)
        .add_object_store(store)
        .build()
        .await
}

/// Keeps a message under a name, in the place of any before it.
///
/// # Errors
/// In words, where the browser keeps nothing, or no more.
pub async fn put<T: Serialize>(name: &str, message: &T) -> Result<(), String> {
    let bytes = pack(message).map_err(|error| error.to_string())?;
    let write = async |database: &Rexie| {
        let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.store(STORE)?.put(&bytes, Some(&name.into())).await?;
        transaction.done().await
    };
    with(write)
        .await
        .map(drop)
        .map_err(|error| format!("This browser did not keep the session ({error}). It may be out of room."))
}

/// What is kept under a name: `None` for nothing, or nothing that this version understands.
pub async fn get<T: DeserializeOwned>(name: &str) -> Option<T> {
    let read = async |database: &Rexie| {
        let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
        transaction.store(STORE)?.get(name.into()).await
    };
    let bytes: Uint8Array = with(read).await.ok()??.dyn_into().ok()?;
    unpack(&bytes).ok()
}

/// Keeps nothing any more.
pub async fn clear() {
    let clear = async |database: &Rexie| {
        let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.store(STORE)?.clear().await?;
        transaction.done().await
    };
    // A browser that keeps nothing has nothing to forget.
    let _ = with(clear).await;
}

/// Does something with the database, and closes it.
async fn with<T>(work: impl AsyncFnOnce(&Rexie) -> Result<T, rexie::Error>) -> Result<T, rexie::Error> {
    let database = open().await?;
    let outcome = work(&database).await;
    database.close();
    outcome
}
