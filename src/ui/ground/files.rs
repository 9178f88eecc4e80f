//! Dropped and picked files with their folders, and their content.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList};

#[wasm_bindgen]
extern "C" {
    /// `DataTransferItem`, `FileSystemEntry` and `FileSystemDirectoryReader`, as far as they are needed.
    type Item;
    type Entry;
    type Reader;

    #[wasm_bindgen(method, js_name = webkitGetAsEntry)]
    fn entry(this: &Item) -> Option<Entry>;
    #[wasm_bindgen(method, getter, js_name = isDirectory)]
    fn is_directory(this: &Entry) -> bool;
    #[wasm_bindgen(method, getter, js_name = fullPath)]
    fn full_path(this: &Entry) -> String;
    #[wasm_bindgen(method, js_name = createReader)]
    fn create_reader(this: &Entry) -> Reader;
    #[wasm_bindgen(method)]
    fn file(this: &Entry, found: &Function, failed: &Function);
    #[wasm_bindgen(method, js_name = readEntries)]
    fn read_entries(this: &Reader, found: &Function, failed: &Function);
}

/// A file and its place among the visitor's folders.
#[derive(Clone, Debug)]
pub struct Picked {
    pub path: String,
    pub file: File,
}

/// What a drop holds: folders can only be asked for while the drop lasts, and are walked through afterwards.
pub struct Held {
    entries: Vec<Entry>,
    files: Vec<Picked>,
}

/// Files of a picker; of a folder picker with their folders.
pub fn of_list(files: &FileList) -> Vec<Picked> {
    let picked = |file: File| {
        let path = Reflect::get(&file, &"webkitRelativePath".into())
            .ok()
            .and_then(|path| path.as_string())
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| file.name());
        Picked { path, file }
    };
    (0..files.length())
        .filter_map(|i| files.get(i))
        .map(picked)
        .collect()
}

impl Held {
    pub fn of(transfer: &DataTransfer) -> Self {
        let items = transfer.items();
        let entry = |i| JsValue::from(items.get(i)?).unchecked_into::<Item>().entry();
        let entries: Vec<Entry> = (0..items.length()).filter_map(entry).collect();
        let is_folder = entries.iter().any(Entry::is_directory);
        Self {
            files: match transfer.files() {
                // Without a folder the plain list is as good, and there in every browser.
                Some(files) if !is_folder => of_list(&files),
                _ => Vec::new(),
            },
            entries: if is_folder { entries } else { Vec::new() },
        }
    }

    /// All files, those in folders too.
    pub async fn files(self) -> Vec<Picked> {
        let (mut files, mut waiting) = (self.files, self.entries);
        while let Some(entry) = waiting.pop() {
            if entry.is_directory() {
                waiting.extend(children(&entry).await);
            } else if let Some(file) = file(&entry).await {
                let path = entry.full_path().trim_start_matches('/').to_owned();
                files.push(Picked { path, file });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }
}

/// A browser hands over the entries of a folder some at a time, and ends with none.
async fn children(folder: &Entry) -> Vec<Entry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let promise = Promise::new(&mut |resolve, reject| reader.read_entries(&resolve, &reject));
        let Ok(some) = JsFuture::from(promise).await else {
            return all;
        };
        let some: Array = some.unchecked_into();
        if some.length() == 0 {
            return all;
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<Entry>));
    }
}

async fn file(entry: &Entry) -> Option<File> {
    let promise = Promise::new(&mut |resolve, reject| entry.file(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
