#!/bin/sh
# Neovim opens the demo's rules, and every feature of the server is used as a person would: sh tests/editor/try.sh PROGRAM
set -eu
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Some search for files with patterns, in which these mean something.
project="$folder/a studio, [2026]"
mkdir "$project" "$folder/bin" "$folder/site"
cp -R "$root/config.yaml" "$root/rules" "$project"
printf 'title: A site\nparams: { database: none of ours }\n' >"$folder/site/config.yaml"
printf 'a: 1\n' >"$folder/site/other.yaml"
cd "$project"
"$program" demo --date 2026-03-15 >/dev/null 2>&1
ln -s "$program" "$folder/bin/muster"
settings="$root/editors/neovim/muster.lua"
trusting="$folder/muster.lua"
sed "s|-- \"~/segments\",|\"$folder\",|" "$settings" >"$trusting"

export MUSTER_STEPS="$root/tests/editor/steps.lua"
neovim() {
    timeout 120 nvim --headless --clean -i NONE -n --cmd "set shada=" "$@"
}
PATH="$folder/bin:$PATH" neovim -c "luafile $settings" -c "luafile $root/tests/editor/settings.lua"
PATH="$folder/bin:$PATH" neovim -c "luafile $trusting" -c "luafile $root/tests/editor/trusting.lua"
MUSTER=$program neovim -c "luafile $root/tests/editor/drive.lua"
