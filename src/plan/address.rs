//! What words in the page's address ask for.

use crate::engine::Processor;

/// Words for an engine.
pub const WORDS: [(&str, Processor); 2] = [("gpu", Processor::Gpu), ("processor", Processor::Cpu)];

/// The engine that a word asks for; `None` if it means nothing.
#[must_use]
pub fn read_engine(word: &str) -> Option<Processor> {
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, it)| *it)
}

/// More workers than this are no wish but a mistake.
pub const MOST_WORKERS: usize = 64;

/// How many workers a word asks for; `None` if it means nothing.
#[must_use]
pub fn read_workers(word: &str) -> Option<usize> {
    word.parse()
        .ok()
        .filter(|workers| (1..=MOST_WORKERS).contains(workers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_a_whole_number_from_one_on() {
        assert_eq!(["1", "64"].map(read_workers), [Some(1), Some(64)]);
        assert_eq!(["0", "65", "-7", "2.5", "two"].map(read_workers), [None; 5]);
    }

    #[test]
    fn the_address_knows_two_words() {
        assert_eq!(
            ["gpu", "processor", "page", ""].map(read_engine),
            [Some(Processor::Gpu), Some(Processor::Cpu), None, None]
        );
    }
}
