#!/usr/bin/env bash
# Installs and bundles the Node.js peers, or those that are named. What is up to date is left as it is.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js 20 or newer and npm are needed: https://nodejs.org"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed; this is $(node --version)"

stamp_of() {
  { node --version && find "$1" -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f ! -name .installed -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum | cut -d ' ' -f 1
}

# aws-lambda-ric compiles curl and a native addon, and better-sqlite3 its addon where no prebuilt one is found.
require_build_tools() {
  local missing=()
  for tool in cmake:cmake autoconf:autoconf automake:automake libtoolize:libtool g++:g++ make:make python3:python3; do
    command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
  done
  # node-gyp 9 imports what Python 3.12 has left to setuptools.
  python3 -c 'import distutils.version' 2>/dev/null || missing+=(python3-setuptools)
  [ ${#missing[@]} -eq 0 ] || fail "build tools are missing; on Debian: apt-get install -y ${missing[*]}"
}

[ $# -gt 0 ] || set -- express_lambda express_server
for peer; do
  stamp=$(stamp_of "$peer")
  if [ "$(cat "$peer/.installed" 2>/dev/null)" = "$stamp" ]; then
    echo "$peer is up to date"
    continue
  fi
  # What is half installed is not measured.
  rm -f "$peer/.installed"
  # Addons are compiled for one version of Node.js.
  lock=$({ node --version && cat "$peer/package-lock.json"; } | sha256sum | cut -d ' ' -f 1)
  if [ "$(cat "$peer/node_modules/.lock" 2>/dev/null)" != "$lock" ]; then
    require_build_tools
    echo "$peer: npm ci (the first time it compiles native addons, which takes some minutes)"
    (cd "$peer" && npm ci --no-audit --no-fund --loglevel=error)
    echo "$lock" >"$peer/node_modules/.lock"
  fi
  echo "$peer: bundling"
  (cd "$peer" && node build.mjs)
  echo "$stamp" >"$peer/.installed"
done
