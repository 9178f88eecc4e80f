#!/usr/bin/env bash
# Steps natively, in turns: ours on the processor, PyTorch, and burn's backends for the processor; then once ours and burn's on
# the software Vulkan adapter. What is not there is left out, and said so.
#
#   BENCH_WORK     workloads, U-8-64,U-16,L-256 if not given
#   BENCH_ONLY     of ours,torch,burn; all if not given. burn takes a quarter of an hour to compile
#   BENCH_ROUNDS   turns, 3 if not given
#   BENCH_SECONDS  that burn's wgpu may take for a workload, 1200 if not given: it tries its kernels first, for minutes
#   THREADS        2 if not given
#   PYTHON         that has torch, python3 if not given
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

WORK=${BENCH_WORK:-U-8-64,U-16,L-256}
ONLY=${BENCH_ONLY:-ours,torch,burn}
ROUNDS=${BENCH_ROUNDS:-3}
PYTHON=${PYTHON:-python3}
OUT=target/bench
FOUND=$OUT/native.jsonl
export THREADS=${THREADS:-2}
export RAYON_NUM_THREADS=$THREADS LP_NUM_THREADS=$THREADS
VK_DRIVER_FILES=$(software_vulkan)
export VK_DRIVER_FILES

say() { echo "bench-native: $*"; }
wanted() { [[ ",$ONLY," == *",$1,"* ]]; }

ours() { cargo bench --quiet --locked --bench session -- ${WORK//,/ } --engine "$1" --steps "$2"; }
torch() { "$PYTHON" bench/torch_ref.py --work "$WORK" --steps 10 --warmup 3 "$@"; }
burn() {
    timeout "${BENCH_SECONDS:-1200}" target/burn/release/contour-lab-bench-burn ${WORK//,/ } --backend "$1" --steps "$2" --warmup 2
}

mkdir -p "$OUT"
: >"$FOUND"
have_torch=false have_burn=false
if wanted torch; then
    if "$PYTHON" -c 'import numpy, torch' 2>/dev/null; then
        have_torch=true
    else
        say "no PyTorch, because $PYTHON has none. Any of its CPU builds will do: pip install torch numpy"
    fi
fi
if wanted burn; then
    if cargo build --quiet --release --locked --manifest-path bench/burn/Cargo.toml --target-dir target/burn; then
        have_burn=true
    else
        say "no burn, because bench/burn does not build here; the lines above say why"
    fi
fi
for ((round = 1; round <= ROUNDS; round++)); do
    say "turn $round of $ROUNDS"
    if wanted ours; then ours processor 10 | tee -a "$FOUND"; fi
    if $have_torch; then
        torch --threads "$THREADS" | tee -a "$FOUND"
        torch --threads "$THREADS" --spin | tee -a "$FOUND"
        torch --threads "$THREADS" --channels-last | tee -a "$FOUND"
        torch --threads 1 | tee -a "$FOUND"
    fi
    if $have_burn; then burn flex,ndarray 5 | tee -a "$FOUND"; fi
done
if wanted ours; then ours gpu 5 | tee -a "$FOUND"; fi
if $have_burn; then
    for work in ${WORK//,/ }; do
        WORK=$work burn wgpu 3 | tee -a "$FOUND" || say "burn's wgpu did not finish $work"
    done
fi
node bench/native.mjs "$FOUND"
