#!/bin/sh
# The page in a real browser: the tasks of a manager by mouse and by keyboard, every page light and dark, narrow and wide.
# Needs node and Debian's chromium. Usage: sh tests/page/try.sh MUSTER
set -eu
muster=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
root=$(realpath "$here/../..")
work=$root/target/page
mkdir -p "$work"
cp "$here/package.json" "$here"/*.mjs "$work"
cd "$work"
{ [ -d node_modules/axe-core ] && [ -d node_modules/playwright-core ]; } || npm install --silent --no-audit --no-fund
rm -rf studio screenshots
mkdir -p studio screenshots
cp -r "$root/rules" studio
# A mail is held as soon as a size moves by more than 1%.
sed 's/^    when_empty: skip.*/    hold: { size_change: 1%, at_least: 1 }/' "$root/config.yaml" > studio/config.yaml
cd studio
"$muster" demo --date 2026-03-15 > demo.log 2>&1
"$muster" run --as-of 2026-03-17 >> demo.log 2>&1 || [ $? = 1 ]
"$muster" report managers >> demo.log 2>&1 || [ $? = 1 ]
cd ..
node check.mjs "$muster" studio screenshots
