#!/usr/bin/env bash
# Starts cloud with the demo's parameters and seeds it. All ends when cloud ends, when seeding fails, or on Ctrl-C.
# Arguments are passed on to cloud.
set -euo pipefail
cd "$(dirname "$0")/.."

binaries=${CARGO_TARGET_DIR:-target}/debug
digest=$(printf %s "${TERRACE_OPERATOR_KEY:?the key that onboards tenants, as make sets it}" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1)

cloud='' seeder=''
finish() {
  trap '' INT TERM
  for child in $seeder $cloud; do
    kill -TERM "$child" 2>/dev/null || true
  done
  wait
}
trap finish EXIT
trap 'exit 0' INT TERM

"$binaries/cloud" --template template.yaml --data "${TERRACE_DATA:-.local}" --binaries "$binaries" \
  --parameter "OperatorKeySha256=$digest" --parameter "MailSender=${TERRACE_MAIL_SENDER:-no-reply@terrace.example}" "$@" &
cloud=$!
"$binaries/seed" &
seeder=$!

# Whichever ends first: cloud, because it cannot start, or the seeder, because it is done or has failed.
status=0
wait -n "$cloud" "$seeder" || status=$?
if [ "$status" -ne 0 ] || ! kill -0 "$cloud" 2>/dev/null; then
  exit "$status"
fi
echo "Ctrl-C ends everything."
wait "$cloud"
