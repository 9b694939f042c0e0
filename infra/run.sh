#!/usr/bin/env bash
# Starts cloud with the demo's parameters and seeds it. Stops everything when cloud ends, when seeding fails, or on
# Ctrl-C. Arguments are passed on to cloud.
set -euo pipefail
cd "$(dirname "$0")/.."

binaries=${CARGO_TARGET_DIR:-target}/debug
data=${TERRACE_DATA:-.local}
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
"$binaries/cloud" --template template.yaml --data "$data" --binaries "$binaries" \
  --api-port "OperatorsApi=${TERRACE_OPERATORS_PORT:-4003}" --parameter SignInConcurrency=10 \
  --parameter "MailSender=${TERRACE_MAIL_SENDER:-no-reply@terrace.example}" --parameter DeveloperAccess=true \
  "$@" >"$pipes/cloud" &
cloud=$!
children+=("$cloud")
exec {output}<"$pipes/cloud"

# Seed only after cloud has printed `ready`, and at the addresses that it printed: if cloud failed to start, another
# process may be listening on the default port.
url='' operators='' line=''
while [ "$line" != ready ] && IFS= read -r line <&"$output"; do
  echo "$line"
  case $line in
    *' API '*) url=${line##* } ;;
    *' OperatorsApi '*) operators=${line##* } ;;
  esac
done
if [ "$line" != ready ]; then
  wait "$cloud" || exit $?
  exit 1
fi
cat <&"$output" &
children+=($!)
TERRACE_URL=$url TERRACE_OPERATORS_URL=$operators TERRACE_CREDENTIALS=$data/credentials TERRACE_PROFILE=operator "$binaries/seed" &
seeder=$!
children+=("$seeder")

# Wait for the first of the two to end: the seeder, which has then succeeded or failed, or cloud, which is a failure.
status=0
wait -n "$cloud" "$seeder" || status=$?
if [ "$status" -ne 0 ] || ! kill -0 "$cloud" 2>/dev/null; then
  exit $((status == 0 ? 1 : status))
fi
echo "Ctrl-C ends everything."
wait "$cloud"
