//! An allocator that knows how many bytes its thread holds, and held at most.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub(crate) struct Meter;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that is going away no longer counts.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

// SAFETY: every call is passed on to the system's allocator; the counters are plain cells.
unsafe impl GlobalAlloc for Meter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }

    /// Counts the old and the new block as held at once, which is what a move costs.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize);
        count(-(layout.size() as isize));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

pub(crate) struct Metered<T> {
    pub(crate) value: T,
    /// Bytes held at most beyond those held at the start.
    pub(crate) peak: usize,
}

/// Measures on this thread only, so that other tests may run beside it.
pub(crate) fn measure<T>(work: impl FnOnce() -> T) -> Metered<T> {
    let start = LIVE.get();
    PEAK.set(start);
    let value = work();
    Metered {
        value,
        peak: (PEAK.get() - start) as usize,
    }
}
