// Numbers that Rust and WGSL share. `src/ops/numbers.rs` reads them from this file when it is compiled, so there is no
// second list. One `const NAME = 0u;` a line.

// Rules of a pixel term.
const CROSS_ENTROPY = 0u; // w a_y ((1 − ε) (1 − p_y)^γ (−log p_y) + ε/K Σ −log p_k)
const SIGMOID = 1u;       // w Σ a_k (1 − q_k)^γ (−log q_k), q_k the sigmoid's probability of what is true of k
const LINEAR = 2u;        // w Σ a_k f_k p_k; from here on the rules read a field f
const SQUARED = 3u;       // w Σ a_k f_k (p_k − g_k)²

// Weight u of a class in a pool, T its pixels there.
const EQUAL = 0u;    // u = 1
const SIMPLE = 1u;   // u = 1/T
const SQUARE = 2u;   // u = 1/T²
const SOFTENED = 3u; // u = 1/(T² + 10⁻³)

// Where the label begins in a word whose lower bits are the contours of the classes.
const LABEL_BIT = 27u;
