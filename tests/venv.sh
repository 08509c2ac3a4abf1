#!/bin/sh
# A Python environment with these packages and no others: sh tests/venv.sh FOLDER PACKAGE==VERSION...
set -eu
folder=$1
shift
[ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ] && exit
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
# A Python without ensurepip (Debian keeps it in python3-venv) may have a pip of its own.
{ python3 -m venv "$folder" && "$folder/bin/python" -m pip install --quiet "$@"; } 2>/dev/null ||
    { python3 -m venv --clear --without-pip "$folder" &&
        python3 -m pip --python "$folder/bin/python" install --quiet "$@"; }
echo "$*" >"$folder/packages"
