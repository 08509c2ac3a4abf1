#!/bin/sh
# A kept client drives the server through the corners of the protocol: sh tests/editor/corners.sh PROGRAM PYTHON
set -eu
program=$(realpath "$1")
python=$2
case $python in
*/*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;;
esac
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$root/config.yaml" "$root/rules" "$folder"
cd "$folder"
"$program" demo --date 2026-03-15 >/dev/null 2>&1
timeout 300 "$python" "$root/tests/editor/corners.py" "$program"
