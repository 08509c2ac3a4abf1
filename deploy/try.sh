#!/bin/sh
# Tries Muster as deploy/Containerfile and deploy/muster.service would run it, as far as that goes without
# either: as a user of no rights, in a root of its own that is mounted read-only, where only
# /var/lib/muster and /tmp can be written. For root on Linux: deploy/try.sh target/debug/muster
set -eu
binary=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
user=10001

if [ "${TRY_INSIDE:-}" != yes ]; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    ended=0
    TRY_INSIDE=yes TRY_ROOT=$root unshare --mount -- sh "$(realpath "$0")" "$binary" || ended=$?
    if [ "$ended" = 77 ]; then
        echo "SKIPPED: nothing may be mounted here"
        ended=0
    fi
    exit "$ended"
fi

root=$TRY_ROOT
chmod 755 "$root"
mkdir -p "$root/usr/local/bin" "$root/etc/muster/rules" "$root/var/lib/muster" "$root/tmp" "$root/proc" "$root/dev"
cp "$binary" "$root/usr/local/bin/muster"
ldd "$binary" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
cp "$here"/../rules/*.yaml "$root/etc/muster/rules/"
sed -e 's|^database:.*|database: sqlite:/var/lib/muster/studio.db|' \
    -e 's|file: demo/outbox|file: /var/lib/muster/outbox|' \
    "$here/../config.yaml" > "$root/etc/muster/config.yaml"
{
    mount --bind "$root" "$root" &&
        mount -t proc proc "$root/proc" &&
        mount -t tmpfs tmpfs "$root/tmp" &&
        mount -t tmpfs tmpfs "$root/var/lib/muster"
} || exit 77
chown "$user:$user" "$root/var/lib/muster"
touch "$root/dev/null" "$root/dev/urandom"
mount --bind /dev/null "$root/dev/null"
mount --bind /dev/urandom "$root/dev/urandom"
mount -o remount,ro,bind "$root"

# A user other than root has no capabilities, and chroot leaves none behind.
muster() {
    chroot --userspec="$user:$user" "$root" /usr/local/bin/muster "$@" --config /etc/muster/config.yaml
}

if touch "$root/etc/muster/no" 2>/dev/null; then
    echo "the root is not read-only" >&2
    exit 1
fi
muster demo > /dev/null
muster check
muster run > /dev/null
muster schedule --count 2
# Not through the function: the signal is for the program, not for a shell around it.
chroot --userspec="$user:$user" "$root" /usr/local/bin/muster serve --log-format json \
    --config /etc/muster/config.yaml 2> "$root/tmp/log" &
served=$!
waited=0
until grep -q '"serving"' "$root/tmp/log"; do
    waited=$((waited + 1))
    [ "$waited" -le 120 ] || { cat "$root/tmp/log" >&2; exit 1; }
    sleep 1
done
grep -q '^CapEff:[[:space:]]*0*$' "/proc/$served/status"
kill -TERM "$served"
wait "$served"
grep -q '"stopped"' "$root/tmp/log"
muster status
echo "tried: user $user, read-only root, $(find "$root/var/lib/muster" -type f | wc -l) files written, all in /var/lib/muster"
