#!/usr/bin/env bash
# Everything that must hold, in parts; stops at the first that fails. The last lines say how much each part did,
# read from its output: a part that did nothing has failed.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

# Colours would stand between the counts and those who read them.
export CARGO_TERM_COLOR=never

VK_DRIVER_FILES=$(software_vulkan)
export VK_DRIVER_FILES

# The page is tested under a path, where an address that forgot it shows. dist/ stays what `make dist` left.
PAGE_PATH=/contour-lab/
export CONTOUR_LAB_DIST=$ROOT/target/tested-page

LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT
summary=()

# part NAME WHAT COUNT COMMAND…: runs a part; COUNT reads from its output how many WHAT there were.
part() {
    local name=$1 what=$2 count=$3 started=$SECONDS
    shift 3
    printf '\n==> %s\n' "$name"
    "$@" 2>&1 | tee "$LOG"
    tally "$name" "$what" "$count" ", $((SECONDS - started)) s"
}

# tally NAME WHAT COUNT [MORE]: notes what the last part did, which must not be nothing.
tally() {
    local number
    number=$("$3" <"$LOG")
    if [ "${number:-0}" -eq 0 ]; then
        echo "test: $1: passed, but there were no $2" >&2
        exit 1
    fi
    summary+=("$(printf '%-18s %7d %s%s' "$1" "$number" "$2" "${4:-}")")
}

formatting() { cargo fmt --all --check -- --verbose; }
count_files() { grep -c '^Formatting ' || true; }

# The second run has nothing left to do and lists, for the count, what was linted.
lints() {
    cargo clippy --locked --workspace "$@" -- -D warnings
    cargo clippy --locked --workspace --quiet --message-format=json "$@" -- -D warnings \
        | grep '"reason":"compiler-artifact"' | grep -F "\"manifest_path\":\"$ROOT/" | sed 's/.*"target":{"kind":\["\([a-z-]*\)"\].*"name":"\([^"]*\)","src_path".*/linted \1 \2/'
}
count_targets() { grep -c '^linted ' || true; }

count_tests() { awk '/^test result: ok\./ { n += $4 } END { print n + 0 }'; }
count_cases() { awk '/^golden [^ ]+: [0-9]+ cases/ { n += $3 } END { print n + 0 }'; }

# A reader runs the examples as they stand, so they are run as they stand.
examples() {
    local example
    for example in examples/*.rs; do
        cargo run --locked --quiet --example "$(basename "$example" .rs)"
        echo "ran $example"
    done
}
count_examples() { grep -c '^ran examples/' || true; }

build_page() {
    with_wasm trunk build --release --offline --locked --public-url "$PAGE_PATH" --dist "$CONTOUR_LAB_DIST"
    echo "built $(stat -c '%s %n' "$CONTOUR_LAB_DIST"/*.wasm | sed "s|$CONTOUR_LAB_DIST/||")"
    echo "gzipped $(gzip -9c "$CONTOUR_LAB_DIST"/*.wasm | wc -c)"
}
count_wasm_bytes() { sed -n 's/^gzipped //p'; }

# One file at a time: two browsers with software rendering would starve each other.
browser_tests() { (cd e2e && node --test --test-concurrency=1 --test-reporter=spec tests/*.test.mjs); }
count_browser_tests() { sed -n 's/^[^ ]* pass \([0-9]*\)$/\1/p'; }

scripts/setup.sh
part "formatting" "files" count_files formatting
part "clippy, native" "targets" count_targets lints --all-targets
part "clippy, wasm32" "targets" count_targets with_wasm lints --target "$WASM_TARGET" --lib --bins
part "native" "tests" count_tests cargo test --locked
tally "golden" "cases" count_cases
part "examples" "examples" count_examples examples
part "page" "bytes gzipped" count_wasm_bytes build_page
part "browser" "tests" count_browser_tests browser_tests

printf '\nall passed\n'
printf '  %s\n' "${summary[@]}"
