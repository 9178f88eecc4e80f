# make serve                      the page on http://localhost:8080
# make test                       everything that must hold
# make check                      the quick part of it: formatting, lints, tests without a graphics adapter, golden numbers
# make dist PUBLIC_URL=/path/     the static page in dist/, for any host that serves it at /path/
# make pretrain                   trains the shipped weights anew
# make bench                      times the page beside other libraries in one browser (what can be chosen: bench/run.mjs)
# make bench-kernels              times each kernel natively
# make bench-native               times the steps natively beside PyTorch and burn, where those are there
# make gpu-report                 builds the program that measures a graphics card, to be carried to it

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PUBLIC_URL ?= /
TRUNK := . scripts/env.sh && with_wasm trunk
PAGE := Cargo.toml Cargo.lock Trunk.toml index.html $(shell find shaders src www -type f)

.PHONY: serve test check dist pretrain setup bench bench-kernels bench-native gpu-report

# A release build, because training is what the page is for. `trunk serve` alone builds faster while developing.
serve: setup
	$(TRUNK) serve --release --offline --locked

dist: setup
	$(TRUNK) build --release --offline --locked --public-url '$(PUBLIC_URL)'
	scripts/sizes.sh dist

# The benchmark's page works wherever dist/ was built for.
dist/index.html: $(PAGE)
	$(MAKE) dist

test:
	scripts/test.sh

check:
	scripts/check.sh

pretrain: setup
	. scripts/env.sh && cargo run --release --locked --bin pretrain -- ship --size 128 --depth 4 --steps 3000 --validate-every 100 --averaging 0.99 --by-class 0.5
	. scripts/env.sh && cargo run --release --locked --bin pretrain -- ship --size 64 --steps 2000 --averaging 0.99

bench: dist/index.html
	scripts/setup.sh bench
	cd bench && node build.mjs && node run.mjs

bench-kernels:
	. scripts/env.sh && VK_DRIVER_FILES=$$(software_vulkan) cargo bench --locked --bench kernels

bench-native:
	scripts/bench-native.sh

gpu-report:
	scripts/gpu-report.sh

setup:
	scripts/setup.sh page
