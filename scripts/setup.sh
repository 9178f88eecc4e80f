#!/usr/bin/env bash
# Installs what is missing to build, serve and test the page, and nothing that is there.
#
#   scripts/setup.sh         everything (`make test`)
#   scripts/setup.sh page    what building and serving the page needs (`make serve`, `make dist`)
#   scripts/setup.sh bench   what timing the page needs beside that (`make bench`)
#
# Where everything is there it touches neither the network nor the system, and takes a second or two.
set -euo pipefail

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

TRUNK_VERSION=$(sed -n 's/^trunk-version = "[^0-9]*\(.*\)"/\1/p' Trunk.toml)

# Behind some firewalls rustup's servers neither answer nor refuse, and rustup waits for minutes.
RUSTUP_SECONDS=${CONTOUR_LAB_RUSTUP_SECONDS:-60}

say() { printf '%s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        fail "this needs root, and there is no sudo: $*"
    fi
}

# step NAME REASON TEST INSTALL: announces a step and takes it only where its test fails, before and after.
step() {
    local name=$1 reason=$2 test=$3 install=$4
    if $test; then
        say "  have  $name ($reason)"
        return
    fi
    say "  need  $name ($reason)"
    $install
    $test || fail "$name is still missing after its installation; the output above says why"
}

# ---- packages of the system

have_rust() { have cargo && have rustc; }
have_rustfmt() { cargo fmt --version >/dev/null 2>&1; }
have_clippy() { cargo clippy --version >/dev/null 2>&1; }
have_compiler() { have cc; }
have_node() { have node && have npm; }
have_browser() { have chromium || have chromium-browser || have google-chrome; }
have_vulkan() {
    compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' >/dev/null \
        && ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1'
}

have_fonts() { [ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]; }

apt_is_fresh=
apt_install() {
    local package missing=()
    have apt-get || fail "there is no apt-get here. Install by hand what Debian calls: $*; then run this again"
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ -z "$apt_is_fresh" ]; then
        as_root apt-get -qq update
        apt_is_fresh=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}"
}

install_rust() { fail "install it from https://rustup.rs, then run this again"; }
install_compiler() { apt_install gcc libc6-dev; }
install_node() { apt_install nodejs npm; }
install_browser() { apt_install chromium; }
install_fonts() { apt_install fonts-dejavu-core; }
install_vulkan() { apt_install mesa-vulkan-drivers libvulkan1; }

install_component() { # a minimal rustup profile leaves rustfmt and clippy out
    have rustup || fail "install ${1} for the Rust in use: $(command -v cargo)"
    timeout "$RUSTUP_SECONDS" rustup component add "$1" || fail "rustup could not add $1"
}
install_rustfmt() { install_component rustfmt; }
install_clippy() { install_component clippy; }

# ---- the standard library for wasm32

have_wasm_target() { builds_wasm env || builds_wasm env "RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN"; }

install_wasm_target() {
    if have rustup && timeout "$RUSTUP_SECONDS" rustup target add "$WASM_TARGET"; then
        return
    fi
    say "        rustup could not add the target; taking Debian's Rust for the page instead"
    install_debian_rust
    link_debian_linker
    link_debian_toolchain
    builds_wasm on_debian_rust || build_std
}

DEBIAN_LIB=/usr/lib/rustlib

# Debian's own compiler, whatever PATH and rustup say.
on_debian_rust() { PATH="/usr/bin:$PATH" RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN "$@"; }

# Of rustc-web and its companions, which Debian keeps recent for its browsers' sake.
install_debian_rust() {
    apt_install rustc-web cargo-web rust-web-src rust-web-clippy
    apt_install "lld-$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')"
}

# rustc looks for rust-lld among its own files. lld acts as wasm-ld on rustc's `-flavor wasm`.
link_debian_linker() {
    local host
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    as_root mkdir -p "$DEBIAN_LIB/$host/bin"
    as_root ln -sf "$(compgen -G '/usr/bin/lld-[0-9]*' | sort -V | tail -n 1)" "$DEBIAN_LIB/$host/bin/rust-lld"
}

link_debian_toolchain() {
    ! have rustup || rustup toolchain link "$WASM_TOOLCHAIN" /usr
}

# From the sources that Debian ships with all they depend on: nothing is fetched.
# RUSTC_BOOTSTRAP lets a stable compiler build its own library; without the bitcode, link-time
# optimisation of the page fails ("Can't find section .llvmbc").
build_std() {
    local dir
    dir=$(mktemp -d)
    mkdir "$dir/src" "$dir/.cargo"
    printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "%s/src/rust/library/vendor"\n' \
        "$DEBIAN_LIB" >"$dir/.cargo/config.toml"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n' >"$dir/Cargo.toml"
    printf 'fn main() {}\n' >"$dir/src/main.rs"
    say "        building the standard library for wasm32, about a minute"
    (
        cd "$dir"
        export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort,proc_macro,test
        export RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$dir/target" CARGO_NET_OFFLINE=true
        on_debian_rust cargo build --quiet --release --target "$WASM_TARGET"
    )
    as_root rm -rf "$DEBIAN_LIB/$WASM_TARGET"
    as_root mkdir -p "$DEBIAN_LIB/$WASM_TARGET/lib"
    as_root cp "$dir/target/$WASM_TARGET/release/deps/"*.rlib "$DEBIAN_LIB/$WASM_TARGET/lib/"
    rm -rf "$dir"
}

# ---- tools of pinned versions

WASM_BINDGEN_VERSION=$(locked_version wasm-bindgen)

have_version() { # command, version
    [[ $("$1" --version 2>/dev/null) =~ (^|[ v])"$2"($|[ ]) ]]
}

# Not optimised: they run for seconds, and their optimisation would take most of ten minutes.
cargo_install() {
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=0 \
        cargo install --quiet --force --root "$TOOLS" "$@"
}

have_trunk() { have_version trunk "$TRUNK_VERSION"; }
install_trunk() { cargo_install --locked "trunk@$TRUNK_VERSION"; }

have_wasm_bindgen() { have_version wasm-bindgen "$WASM_BINDGEN_VERSION"; }
install_wasm_bindgen() {
    cargo_install --locked "wasm-bindgen-cli@$WASM_BINDGEN_VERSION" && return
    # Its lock file may ask for versions that were withdrawn, or that a mirror does not have yet.
    say "        its lock file does not resolve here; taking compatible versions"
    cargo_install "wasm-bindgen-cli@$WASM_BINDGEN_VERSION"
}

# A copy of the lock file says what was installed; the packages are right while the two agree.
npm_installed() { # folder
    [ -f "$1/node_modules/.installed" ] && cmp -s "$1/package-lock.json" "$1/node_modules/.installed"
}
npm_install() { # folder
    (cd "$1" && npm ci --no-fund --no-audit --ignore-scripts)
    cp "$1/package-lock.json" "$1/node_modules/.installed"
}
have_npm_packages() { npm_installed e2e; }
install_npm_packages() { npm_install e2e; }
have_peers() { npm_installed bench; }
install_peers() { npm_install bench; }

# Trunk is called offline, so that it never waits for tools that are here; then cargo needs its crates at hand.
fetch_crates() { cargo fetch --quiet --locked --target "$WASM_TARGET" --target "$HOST_TARGET" "$@"; }
have_crates() { fetch_crates --offline 2>/dev/null; }

main() {
    local scope=${1:-all}
    say "setup ($scope)"
    step "Rust" "the page and its tests are written in it" have_rust install_rust
    HOST_TARGET=$(rustc -vV | sed -n 's/^host: //p')
    step "C compiler" "cargo links with it" have_compiler install_compiler
    step "Node.js" "wasm-opt and the browser tests run on it" have_node install_node
    step "wasm32 target" "the page is WebAssembly" have_wasm_target install_wasm_target
    step "crates" "the lock file names them" have_crates fetch_crates
    step "wasm-bindgen $WASM_BINDGEN_VERSION" "it writes the glue of the crate of that version" \
        have_wasm_bindgen install_wasm_bindgen
    step "Trunk $TRUNK_VERSION" "it builds and serves the page" have_trunk install_trunk
    step "npm packages" "wasm-opt shrinks the page, Playwright drives the browser" \
        have_npm_packages install_npm_packages
    if [ "$scope" = bench ]; then
        step "other libraries" "the page is timed beside them" have_peers install_peers
        step "Chromium" "it runs them all" have_browser install_browser
    fi
    [ "$scope" = all ] || return 0
    step "rustfmt" "the tests begin with the formatting" have_rustfmt install_rustfmt
    step "clippy" "the tests go on with the lints" have_clippy install_clippy
    step "software Vulkan" "the native tests run the shaders on it, the same on every machine" \
        have_vulkan install_vulkan
    step "Chromium" "the browser tests drive it" have_browser install_browser
    step "DejaVu Sans" "the reference pictures of the page are set in it" have_fonts install_fonts
}

main "$@"
