#!/bin/sh
# Installs what building (`deps.sh build`) or testing (`deps.sh test`) needs and is missing, says what it
# does, asks nothing. Debian packages are pinned to upstream versions and signed; npm packages are checked
# against the digests of deps/npm.txt before anything of them is unpacked.
set -eu
cd "$(dirname "$0")/.."
want=${1:-build}
cache=deps/cache

say() { printf 'deps: %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else say "installing packages needs root: run as root, or install sudo"; exit 1
    fi
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=
while read -r name version what; do
    case "$name" in ''|'#'*) continue ;; esac
    case "$want:$what" in build:build|test:build|test:test) ;; *) continue ;; esac
    installed "$name" && continue
    if [ "$version" = '*' ]; then missing="$missing $name"; else missing="$missing $name=$version"; fi
done < deps/debian.txt

# npm only fetches the two packages of deps/npm.txt; any npm will do
need_npm=
while read -r name version integrity member target; do
    case "$name" in ''|'#'*) continue ;; esac
    [ -f "$cache/$target" ] || need_npm=1
done < deps/npm.txt
if [ -n "$need_npm" ] && ! command -v npm >/dev/null 2>&1; then missing="$missing npm"; fi

if [ -n "$missing" ]; then
    say "installing from Debian:$missing"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq >&2
    # shellcheck disable=SC2086 # the list is meant to split
    as_root apt-get install -y -qq --no-install-recommends $missing >&2
fi

fetch() { # name version integrity member target
    [ -f "$cache/$5" ] && return
    say "fetching $1 $2 from npm"
    mkdir -p "$cache/$(dirname "$5")"
    tmp=$(mktemp -d "$cache/.fetch-XXXXXX")
    tgz=$(cd "$tmp" && npm pack --silent --ignore-scripts "$1@$2" 2>/dev/null | tail -n 1)
    found=sha512-$(sha512sum "$tmp/$tgz" | cut -d' ' -f1 | tr a-f A-F | basenc --base16 -d | base64 -w0)
    if [ "$found" != "$3" ]; then
        rm -rf "$tmp"
        say "$1 $2 has digest $found, expected $3: refused"
        exit 1
    fi
    tar -xzf "$tmp/$tgz" -C "$tmp" "$4"
    mv "$tmp/$4" "$cache/$5"
    rm -rf "$tmp"
}
while read -r name version integrity member target; do
    case "$name" in ''|'#'*) continue ;; esac
    fetch "$name" "$version" "$integrity" "$member" "$target"
done < deps/npm.txt
