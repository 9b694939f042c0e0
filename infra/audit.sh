#!/usr/bin/env bash
# Checks the dependencies in Cargo.lock by deny.toml, with the cargo-deny $1.
# Advisories need the network: without them it says so, and the rest is checked all the same.
set -euo pipefail
deny=$1
export GIT_TERMINAL_PROMPT=0 LC_ALL=C

"$deny" --locked check --deny unmatched-skip --deny unnecessary-skip bans licenses sources
if ! said=$("$deny" fetch db 2>&1); then
  reason=$(grep -m 1 '^fatal: ' <<<"$said" || head -n 1 <<<"$said")
  echo "Advisories are NOT checked, for their database could not be fetched: $reason" >&2
  exit 0
fi
"$deny" --locked --offline check advisories
