#!/bin/sh
# The mails of the demo, a first and a second one, held against what mail programs support.
# Usage: sh tests/mail/markup/try.sh MUSTER
set -eu
muster=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
root=$(realpath "$here/../../..")
work=$root/target/mail-markup
mkdir -p "$work"
cp "$here/package.json" "$here/check.mjs" "$work"
cd "$work"
[ -d node_modules/caniemail ] || npm install --silent --no-audit --no-fund
rm -rf demo mails
mkdir mails
cp -r "$root/config.yaml" "$root/rules" .
"$muster" demo --date 2026-03-15 >demo.log 2>&1
"$muster" report managers --html mails/quiet.html 2>>demo.log
"$muster" run --as-of 2026-03-17 >>demo.log 2>&1
"$muster" report managers --html mails/news.html 2>>demo.log
node check.mjs mails/*.html
