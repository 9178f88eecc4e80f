# make serve                      the page on http://localhost:8080
# make test                       everything that must hold
# make dist PUBLIC_URL=/path/     the static page in dist/, for any host that serves it at /path/
# make pretrain                   trains the shipped weights anew

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PUBLIC_URL ?= /
TRUNK := . scripts/env.sh && with_wasm trunk

.PHONY: serve test dist pretrain setup

# A release build, because training is what the page is for. `trunk serve` alone builds faster while developing.
serve: setup
	$(TRUNK) serve --release --offline --locked

dist: setup
	$(TRUNK) build --release --offline --locked --public-url '$(PUBLIC_URL)'

test:
	scripts/test.sh

pretrain: setup
	. scripts/env.sh && cargo run --release --locked --bin pretrain

setup:
	scripts/setup.sh page
