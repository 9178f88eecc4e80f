#!/usr/bin/env bash
# Prints what a visitor downloads before the first picture: sizes.sh FOLDER, the built page.
set -euo pipefail
cd "$1"

printf '%10s %10s  %s\n' bytes gzipped file
for file in index.html ./*.wasm ./*.js ./*.css vendor/*/*.js; do
    [ -f "$file" ] || continue
    printf '%10d %10d  %s\n' "$(wc -c <"$file")" "$(gzip -9c "$file" | wc -c)" "${file#./}"
done | sort -rn
