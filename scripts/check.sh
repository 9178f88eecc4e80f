#!/usr/bin/env bash
# The quick part of `make test`: formatting, lints of both targets, the tests that need no graphics adapter, and the golden
# numbers. Warm it takes less than three minutes on two cores.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

VK_DRIVER_FILES=$(software_vulkan)
export VK_DRIVER_FILES

# The modules whose unit tests open a graphics device; `make test` runs them.
NEEDS_DEVICE=(selfcheck:: limits:: net::tuning:: optim::tests view::compositor:: gpu::)

cargo fmt --all --check
cargo clippy --locked --workspace --all-targets -- -D warnings
with_wasm cargo clippy --locked --workspace --target "$WASM_TARGET" --bins -- -D warnings
cargo test --locked --lib -- $(printf -- '--skip %s ' "${NEEDS_DEVICE[@]}")
cargo test --locked --test source --test processor --test golden
