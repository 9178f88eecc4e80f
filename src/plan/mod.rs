//! What a run is planned as, each choice with its reason. Pure data.
//!
//! | file | purpose |
//! |---|---|
//! | `engine` | who computes a run, and why |

pub mod engine;
