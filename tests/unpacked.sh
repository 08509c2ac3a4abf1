#!/bin/sh
# A program of Debian for tests, unpacked and not installed: sh tests/unpacked.sh FOLDER PACKAGE...
set -eu
folder=$1
shift
[ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ] && exit
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
apt-get download "$@" 2>/dev/null >&2
for package in ./*.deb; do
    dpkg --extract "$package" .
done
echo "$*" >packages
