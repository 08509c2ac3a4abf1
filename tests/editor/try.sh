#!/bin/sh
# Neovim opens the demo's rules, and every feature of the server is used as a person would: sh tests/editor/try.sh PROGRAM
set -eu
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$root/config.yaml" "$root/rules" "$folder"
cd "$folder"
"$program" demo --date 2026-03-15 >/dev/null 2>&1
mkdir bin
ln -s "$program" bin/muster
PATH="$folder/bin:$PATH" timeout 120 nvim --headless --clean -i NONE -n --cmd "set shada=" \
    -c "luafile $root/editors/neovim/muster.lua" -c "luafile $root/tests/editor/settings.lua"
MUSTER=$program timeout 120 nvim --headless --clean -i NONE -n --cmd "set shada=" \
    -c "luafile $root/tests/editor/drive.lua"
