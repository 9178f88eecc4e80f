#!/usr/bin/env bash
# Steps natively: ours on the software Vulkan adapter, PyTorch on as many threads, one after the other.
#
#   BENCH_WORK   workloads, U-8-64,U-16,L-256 if not given
#   THREADS      2 if not given
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

WORK=${BENCH_WORK:-U-8-64,U-16,L-256}
THREADS=${THREADS:-2}
OUT=target/bench
mkdir -p "$OUT"

VK_DRIVER_FILES=$(software_vulkan) LP_NUM_THREADS=$THREADS \
    cargo bench --quiet --locked --bench session -- ${WORK//,/ } | tee "$OUT/native.jsonl"
if ! python3 -c 'import numpy, torch' 2>/dev/null; then
    echo "bench-native: no comparison, because python3 has no torch here. Any of its CPU builds will do: pip install torch numpy"
    exit 0
fi
python3 bench/torch_ref.py --threads "$THREADS" --work "$WORK" | tee -a "$OUT/native.jsonl"
node bench/native.mjs "$OUT/native.jsonl"
