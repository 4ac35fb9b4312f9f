#!/usr/bin/env bash
# Runs all tests: with cargo-nextest where it is installed, else with cargo.
# One OCR thread and one of the line reader in each process, as in the service.
set -euo pipefail
export OMP_THREAD_LIMIT=1 RTEN_NUM_THREADS=1

cargo test --locked --doc --quiet
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --all-targets --no-fail-fast
else
    cargo test --locked --all-targets
fi
