#!/usr/bin/env bash
# Starts cargo-lambda, which rebuilds and runs the functions, and cloud, which calls them through it.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${LAMBDA_PORT:?the port of cargo-lambda, as make sets it}
PATH="$PWD/.venv/bin:$PATH" cargo lambda watch --invoke-address 127.0.0.1 --invoke-port "$port" &
lambda=$!
trap 'kill -INT "$lambda" 2>/dev/null || true; wait "$lambda" || true' EXIT
infra/run.sh --cargo-lambda "http://127.0.0.1:$port"
