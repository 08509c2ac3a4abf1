#!/bin/sh
# Builds muster.vsix and tests the grammars. Needs Node 20 and npm.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --loglevel=error
npm run --silent compile
npm test --silent
npm run --silent package
