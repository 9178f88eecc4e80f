# shellcheck shell=bash
# What every script here agrees on: where the tools lie and which Rust toolchain builds the page.
# Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Tools of pinned versions get a folder of their own, so that no version that the user has is replaced.
TOOLS=${CONTOUR_LAB_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/contour-lab}

export PATH="$TOOLS/bin:$ROOT/e2e/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

WASM_TARGET=wasm32-unknown-unknown

# The name under which Debian's compiler is linked into rustup where rustup's servers do not answer.
WASM_TOOLCHAIN=wasm

# Links an empty program: that a standard library lies there says neither that it fits the compiler
# (Debian may have updated one of them) nor that there is a linker.
builds_wasm() { # command prefix…
    local dir status=0
    dir=$(mktemp -d)
    printf 'fn main() {}\n' >"$dir/empty.rs"
    "$@" rustc --target "$WASM_TARGET" --out-dir "$dir" "$dir/empty.rs" >"$dir/log" 2>&1 || status=1
    rm -rf "$dir"
    return "$status"
}

# Runs a command with the toolchain that knows wasm32: the default one if it does.
with_wasm() {
    if builds_wasm env; then
        "$@"
    else
        RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN "$@"
    fi
}

# The version that Cargo.lock holds of a crate; tools that must match a crate take theirs from here.
locked_version() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/[^0-9.]/, "", $3); print $3; exit }' "$ROOT/Cargo.lock"
}

# The driver of the software Vulkan adapter, the same on every machine, unless another is named.
software_vulkan() { printf '%s' "${VK_DRIVER_FILES:-$(compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' || true)}"; }
