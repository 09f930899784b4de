#!/bin/bash
# faults.sh - what goes wrong around an import leaves all of it or nothing: faults.sh BINARY GEN_FOCUS SHIM STEP
#
# Every STEPth call that changes the disk fails once, then for good, then half done; full disks,
# read-only books, missing parts and folders, no place for temporary files, Ctrl-C in the middle.
set -u
outlay=$(realpath "$1") gen=$(realpath "$2") shim=$(realpath "$3") step=$4
. "$(dirname "$0")/lib.sh"
base=$top/base book=$top/book bill=$samples/openai_costs_csv/input.csv big=$top/big.csv
fresh() { rm -rf "$book" && cp -a "$base" "$book"; }
small_book "$base" || { not_ok "preparing"; finish; }
state "$base" > "$top/before"
"$gen" 60000 3 > "$big"

# ---- the Nth call fails ----

# sweep NAME BOOK-PREPARATION work...
sweep() {
    local name=$1 how=$2 calls status n=0 none=0 all=0 bad=0 reason i
    shift 2
    fresh
    LD_PRELOAD=$shim OUTLAY_IO_COUNT=$top/calls "$outlay" --book "$book" "$@" > "$top/out" 2>&1 ||
        { not_ok "$name: undisturbed" "$(cat "$top/out")"; return; }
    calls=$(cat "$top/calls")
    state "$book" > "$top/after"
    for i in $(seq 1 "$step" "$calls"); do
        fresh
        n=$((n + 1)) reason=
        env LD_PRELOAD="$shim" OUTLAY_IO_FAIL="$i" $how "$outlay" --book "$book" "$@" > "$top/out" 2>&1
        status=$?
        "$outlay" --book "$book" verify -q > "$top/verify" 2>&1 || reason="does not verify: $(cat "$top/verify")"
        state "$book" > "$top/now" 2>&1
        if cmp -s "$top/now" "$top/before"; then
            none=$((none + 1))
            [ $status != 0 ] || reason="says it worked, but nothing is there"
        elif cmp -s "$top/now" "$top/after"; then
            all=$((all + 1))
        else
            reason="neither all nor nothing: $(diff "$top/before" "$top/now")"
        fi
        [ $status -lt 126 ] || reason="ends with status $status"
        [ $status = 0 ] || grep -q '^outlay: ' "$top/out" || reason="fails without a word"
        # the next import repairs what is left
        if [ -z "$reason" ]; then
            "$outlay" --book "$book" import -q --add "$samples/request_log/input.csv" --model gpt-4o > "$top/verify" 2>&1 ||
                reason="the next import fails: $(cat "$top/verify")"
            [ "$reason" ] || no_strays "$book" > "$top/verify" 2>&1 || reason="leaves files: $(cat "$top/verify")"
        fi
        [ -z "$reason" ] || { bad=$((bad + 1)); not_ok "$name: call $i of $calls fails" "$reason
$(cat "$top/out")"; }
    done
    [ $bad != 0 ] || ok "$name: each of $n calls of $calls fails: $none times nothing, $all times all"
}
sweep "import, one call fails" "" import -q "$bill"
sweep "import, the disk stays full" "OUTLAY_IO_STICKY=1" import -q "$bill"
sweep "import, half written" "OUTLAY_IO_SHORT=1 OUTLAY_IO_STICKY=1" import -q "$bill"
cp -a "$base" "$top/kept"
"$outlay" --book "$base" import -q "$bill" > /dev/null
state "$base" > "$top/before"
sed 's/,1.25,/,1.5,/' "$bill" > "$top/final.csv"
sweep "replace, one call fails" "" import -q --replace "$top/final.csv"
rm -rf "$base" && mv "$top/kept" "$base"
state "$base" > "$top/before"

# ---- the disk itself ----

unchanged() { # what, status expected or '-', command...
    local what=$1 wanted=$2 status
    shift 2
    bytes_of "$book" > "$top/bytes"
    "$@" > "$top/out" 2>&1 < /dev/null
    status=$?
    bytes_of "$book" > "$top/bytes.after"
    if [ "$wanted" != - ] && [ $status != "$wanted" ]; then
        not_ok "$what: status $status" "$(cat "$top/out")"
    elif [ $status = 0 ]; then
        not_ok "$what: says it worked"
    elif ! cmp -s "$top/bytes" "$top/bytes.after"; then
        not_ok "$what: the book changed" "$(diff "$top/bytes" "$top/bytes.after"; cat "$top/out")"
    elif ! grep -q '^outlay: ' "$top/out"; then
        not_ok "$what: without a word"
    else
        ok "$what: $(head -n 1 "$top/out" | cut -c1-100)"
    fi
}

limited() { (ulimit -f 200; trap '' XFSZ; exec "$outlay" --book "$book" "$@"); }
fresh
unchanged "a limit on the size of files" 1 limited import -q "$big"

if [ "$(id -u)" = 0 ] && mkdir "$top/disk" && mount -t tmpfs -o size=600k none "$top/disk" 2> /dev/null; then
    unmount() { umount "$top/disk" 2> /dev/null; }
    cleaners="$cleaners unmount"
    book=$top/disk/book
    cp -a "$base" "$book"
    unchanged "a full disk" 1 "$outlay" --book "$book" import -q "$big"
    check "the book on it verifies" "$outlay" --book "$book" verify -q
    check "and takes what fits" "$outlay" --book "$book" import -q "$bill"
    unmount
    book=$top/book
else
    ok "a full disk # SKIP needs root and tmpfs"
fi

as_nobody() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; else "$@"; fi
}
fresh
chmod 755 "$top"
chmod -R a+rX,a-w "$book"
if as_nobody test -x "$outlay" && as_nobody cat "$book/plan.yaml" > /dev/null 2>&1; then
    unchanged "a read-only book" - as_nobody "$outlay" --book "$book" import -q "$bill"
    unchanged "a read-only book read by who may not write it" - as_nobody "$outlay" --book "$book" inventory
else
    ok "a read-only book # SKIP the binary is out of reach for another user"
fi
chmod -R u+w "$book"

fresh
rm "$book"/ledger/*.cube.parquet
unchanged "a part deleted" 1 "$outlay" --book "$book" verify
fresh
rm -r "$book/ledger"
unchanged "no ledger folder" 1 "$outlay" --book "$book" import -q "$bill"
unchanged "no ledger folder, read" 1 "$outlay" --book "$book" inventory
fresh
mkdir "$top/no" && chmod 000 "$top/no"
TMPDIR=$top/no HOME=$top/no check "temporary files have no place of their own to need" \
    "$outlay" --book "$book" import -q "$big" --memory 64M

# ---- Ctrl-C ----

interrupt() { # after how many ms
    "$outlay" --book "$book" import -q "$big" > "$top/out" 2>&1 &
    local pid=$!
    sleep "$(printf '0.%03d' "$1")"
    kill -INT $pid 2> /dev/null
    wait $pid
}
(set -m
stopped=0 late=0
for ms in 20 50 80 120 200 300 400; do
    fresh
    bytes_of "$book" > "$top/bytes"
    interrupt $ms
    status=$?
    bytes_of "$book" > "$top/bytes.after"
    if [ $status = 0 ]; then late=$((late + 1)); continue; fi
    if [ $status != 130 ]; then echo "after $ms ms: status $status"; cat "$top/out"; exit 1; fi
    cmp "$top/bytes" "$top/bytes.after" || { echo "after $ms ms the book changed"; exit 1; }
    stopped=$((stopped + 1))
done
[ $stopped != 0 ] || { echo "every import was faster than the interrupt"; exit 1; }
echo "$stopped stopped, $late too late") > "$top/interrupts" 2>&1 &&
    ok "Ctrl-C: status 130, the book byte for byte as it was ($(cat "$top/interrupts"))" ||
    not_ok "Ctrl-C" "$(cat "$top/interrupts")"

# ---- readers during an import ----

fresh
"$outlay" --book "$book" import -q "$bill" > /dev/null && state "$book" > "$top/after" && fresh
"$outlay" --book "$book" import -q "$big" > /dev/null && state "$book" > "$top/after" && fresh
: > "$top/seen"
"$outlay" --book "$book" import -q "$big" > "$top/out" 2>&1 &
writer=$!
reads=0
while [ $reads -lt 200 ]; do
    running=yes
    kill -0 $writer 2> /dev/null || running=no
    state "$book" > "$top/now" 2>&1
    if cmp -s "$top/now" "$top/before"; then echo before; elif cmp -s "$top/now" "$top/after"; then echo after
    else echo wrong; cp "$top/now" "$top/wrong"; fi >> "$top/seen"
    reads=$((reads + 1))
    [ $running = yes ] || break
done
wait $writer || not_ok "an import while others read" "$(cat "$top/out")"
seen=$(uniq "$top/seen" | paste -sd' ')
case $seen in
    "before after" | after) ok "readers during an import see all or nothing ($reads reads: $seen)" ;;
    *) not_ok "readers during an import see: $seen" "$(cat "$top/wrong" 2> /dev/null)" ;;
esac

# two imports at once: one waits for nobody and is told so, or comes after the other
fresh
"$outlay" --book "$book" import -q "$big" > "$top/out1" 2>&1 & one=$!
"$outlay" --book "$book" import -q "$big" > "$top/out2" 2>&1 & two=$!
wait $one; first=$?
wait $two; second=$?
state "$book" > "$top/now"
if cmp -s "$top/now" "$top/after" && [ $((first * second)) = 0 ]; then
    ok "two imports of one file at once count once (status $first and $second)"
else
    not_ok "two imports of one file at once: status $first and $second" "$(cat "$top/out1" "$top/out2")"
fi
finish
