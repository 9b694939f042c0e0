#!/usr/bin/env bash
# Starts cloud with the demo's parameters and seeds it. All ends when cloud ends, when seeding fails, or on Ctrl-C.
# Arguments are passed on to cloud.
set -euo pipefail
cd "$(dirname "$0")/.."

binaries=${CARGO_TARGET_DIR:-target}/debug
digest=$(printf %s "${TERRACE_OPERATOR_KEY:?the key that onboards tenants, as make sets it}" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1)
pipes=$(mktemp -d)

children=()
finish() {
  trap '' INT TERM
  rm -rf "$pipes"
  for child in "${children[@]}"; do
    kill -TERM "$child" 2>/dev/null || true
  done
  wait
}
trap finish EXIT
trap 'exit 0' INT TERM

mkfifo "$pipes/cloud"
"$binaries/cloud" --template template.yaml --data "${TERRACE_DATA:-.local}" --binaries "$binaries" \
  --parameter "OperatorKeySha256=$digest" --parameter "MailSender=${TERRACE_MAIL_SENDER:-no-reply@terrace.example}" "$@" >"$pipes/cloud" &
cloud=$!
children+=("$cloud")
exec {said}<"$pipes/cloud"

# Only a cloud that says it is ready is seeded, at its own address: something else may listen on its port.
url='' line=''
while [ "$line" != ready ] && IFS= read -r line <&"$said"; do
  echo "$line"
  case $line in *' API '*) url=${line##* } ;; esac
done
if [ "$line" != ready ]; then
  wait "$cloud" || exit $?
  exit 1
fi
cat <&"$said" &
children+=($!)
TERRACE_URL=$url "$binaries/seed" &
seeder=$!
children+=("$seeder")

# Whichever ends first: the seeder, because it is done or has failed, or cloud, which never should.
status=0
wait -n "$cloud" "$seeder" || status=$?
if [ "$status" -ne 0 ] || ! kill -0 "$cloud" 2>/dev/null; then
  exit $((status == 0 ? 1 : status))
fi
echo "Ctrl-C ends everything."
wait "$cloud"
