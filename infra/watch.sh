#!/usr/bin/env bash
# Like run.sh, but `cargo lambda watch` builds each function on its first call, and again after each edit.
# Cargo runs the functions through as_function, which gets their environment and credentials from cloud, for the secret
# that cloud writes into its data directory at each start.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${LAMBDA_PORT:?must be the port of cargo-lambda; make sets it}
binaries=$(realpath "${CARGO_TARGET_DIR:-target}")/debug
target=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
export "CARGO_TARGET_${target}_RUNNER=$binaries/as_function"
data=${TERRACE_DATA:-.local}
case $data in /*) ;; *) data=$PWD/$data ;; esac
export TERRACE_SECRET_FILE=$data/lending-secret

PATH="$PWD/.venv/bin:$PATH" cargo lambda watch --invoke-address 127.0.0.1 --invoke-port "$port" --timeout 300 &
lambda=$!
trap 'kill -INT "$lambda" 2>/dev/null || true; wait "$lambda" || true' EXIT
trap 'exit 0' INT TERM
infra/run.sh --cargo-lambda "http://127.0.0.1:$port"
