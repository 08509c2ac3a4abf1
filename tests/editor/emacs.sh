#!/bin/sh
# Emacs with the shipped settings, without a window: sh tests/editor/emacs.sh PROGRAM
# Needs Emacs 29, or 28 with eglot, and yaml-mode (Debian: emacs-nox elpa-eglot elpa-yaml-mode); without them it says so and passes.
set -eu
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
if ! emacs --batch --eval "(progn (require 'eglot) (require 'yaml-mode))" 2>/dev/null; then
    echo "SKIPPED: Emacs is not tried: there is none with eglot and yaml-mode here"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
project="$folder/a studio, [2026]"
mkdir "$project" "$folder/bin" "$folder/site"
cp -R "$root/config.yaml" "$root/rules" "$project"
printf 'title: A site\nparams: { database: none of ours }\n' >"$folder/site/config.yaml"
cd "$project"
"$program" demo --date 2026-03-15 >/dev/null 2>&1
ln -s "$program" "$folder/bin/muster"
HOME=$folder PATH="$folder/bin:$PATH" timeout 120 emacs --batch \
    -l "$root/editors/emacs/muster.el" -l "$root/tests/editor/emacs.el"
