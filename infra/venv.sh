#!/usr/bin/env bash
# Installs the requirements file $2 into the virtual environment $1, and creates the environment if it is missing.
set -euo pipefail
venv=$1 requirements=$2 python=${PYTHON:-python3}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "The tools for template.yaml need Python's venv module, but $python lacks it or does not exist." >&2
  echo "On Debian: apt-get install python3-venv. For another Python: make PYTHON=/path/to/python …" >&2
  exit 1
fi
if [ ! -x "$venv/bin/python" ]; then
  echo "Creating $venv …"
  "$python" -m venv "$venv"
fi
echo "Installing $requirements into $venv …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
