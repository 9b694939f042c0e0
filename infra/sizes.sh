#!/usr/bin/env bash
# Prints a table of the zips in a folder, the largest first.
set -euo pipefail

zips=$(find "$1" -name bootstrap.zip -printf '%s %h\n' | sort -rn)
printf '| function | zip, KB |\n|---|---|\n'
awk '{ sub(".*/", "", $2); printf "| %s | %d |\n", $2, $1 / 1000; all += $1; count++ }
     END { printf "| **all %d** | **%d** |\n", count, all / 1000 }' <<<"$zips"
