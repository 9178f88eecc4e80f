#!/usr/bin/env bash
# What a graphics card does with the application's kernels: one program, built here, which runs on any machine with a
# Vulkan driver. docs/benchmarks.md says what it prints.
#
#   scripts/gpu-report.sh                    builds it, and says how to carry it
#   scripts/gpu-report.sh run [OPTION…]      builds it and runs it here: JSON to stdout (`--help` lists the options)
#
# Which driver is asked is left to the system, unless --software asks for llvmpipe.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

PROGRAM=target/release/gpu_report

CONTOUR_LAB_COMMIT=$(git describe --always --dirty 2>/dev/null || true)
export CONTOUR_LAB_COMMIT
cargo build --release --locked --bin gpu_report >&2

# The newest version of the C library that any of its symbols asks for.
needs_glibc() { { objdump -T "$PROGRAM" || true; } 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1 | tr _ ' '; }

case ${1:-} in
run)
    shift
    if [[ " $* " == *" --software "* ]]; then
        VK_DRIVER_FILES=$(software_vulkan)
        export VK_DRIVER_FILES
    fi
    exec "$PROGRAM" "$@"
    ;;
"")
    cat <<EOF
$ROOT/$PROGRAM is one file of $(du -h "$PROGRAM" | cut -f1).
It needs Linux on $(uname -m) with $(needs_glibc || echo glibc) or newer, a Vulkan driver and the Vulkan loader (libvulkan1); no other file
and no network. For example:

  scp $PROGRAM machine:
  ssh machine ./gpu_report >report.json

It takes at most three minutes (--budget SECONDS for another limit), prints JSON to stdout, and progress and a table for
docs/benchmarks.md to stderr.
EOF
    ;;
*)
    echo "gpu-report: $1 is neither 'run' nor nothing" >&2
    exit 2
    ;;
esac
