#!/bin/bash
# kill_import.sh - kills in the middle lose nothing: kill_import.sh BINARY GEN_FOCUS SHIM KILLS ROWS
#
# Imports, replacements and 'rules apply' are killed, half of them at times spread over their run,
# half at a certain call that changes the disk (failing_io.c), mostly those of the commit. After each the
# book verifies, shows all of the work or none, takes another import, and holds no stray file.
set -u
outlay=$(realpath "$1") gen=$(realpath "$2") shim=$(realpath "$3") kills=$4 rows=$5
. "$(dirname "$0")/lib.sh"
bill=$top/bill.csv revised=$top/revised.csv base=$top/base book=$top/book
next=$samples/openai_costs_csv/input.csv

"$gen" "$rows" 7 > "$bill"
sed 's/"search-/"found-/' "$bill" | head -n $((rows * 9 / 10)) > "$revised"
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# One kind of work: NAME, preparation of the base book, how often, the work itself
try() {
    local name=$1 prepare=$2 times=$3 killed=0 done_before=0 none=0 all=0 i
    shift 3
    rm -rf "$base" && small_book "$base" && $prepare || { not_ok "$name: preparing"; return; }
    state "$base" > "$top/before"
    # once undisturbed: how long, how many calls, what it shows
    rm -rf "$book" && cp -a "$base" "$book"
    local began took calls at wanted status
    began=$(now_ms)
    LD_PRELOAD=$shim OUTLAY_IO_COUNT=$top/calls "$outlay" --book "$book" "$@" > "$top/out" 2>&1 ||
        { not_ok "$name: undisturbed" "$(cat "$top/out")"; return; }
    took=$(($(now_ms) - began))
    calls=$(cat "$top/calls")
    state "$book" > "$top/after"
    cmp -s "$top/before" "$top/after" && { not_ok "$name: changes nothing"; return; }
    for side in before after; do # with the next import on top
        [ $side = before ] && { rm -rf "$book"; cp -a "$base" "$book"; }
        "$outlay" --book "$book" import -q "$next" > /dev/null || { not_ok "$name: next import"; return; }
        state "$book" > "$top/$side-next"
        [ $side = before ] || continue
        rm -rf "$book" && cp -a "$base" "$book" && "$outlay" --book "$book" "$@" > /dev/null 2>&1
    done
    for i in $(seq "$times"); do
        rm -rf "$book" && cp -a "$base" "$book"
        if [ $((i % 2)) = 1 ]; then
            at="$((took * i / times)) ms"
            "$outlay" --book "$book" "$@" > "$top/out" 2>&1 &
            local pid=$!
            sleep "$(printf '%d.%03d' $((took * i / times / 1000)) $((took * i / times % 1000)))"
            kill -KILL $pid 2> /dev/null
            wait $pid 2> /dev/null
            status=$?
        else
            # three of four in the last 40 calls, where the commit is
            wanted=$((calls * i / times))
            [ $((i % 8)) = 0 ] || wanted=$((calls - 40 + 41 * i / times))
            [ $wanted -ge 1 ] || wanted=1
            at="call $wanted of $calls"
            (LD_PRELOAD=$shim OUTLAY_IO_KILL=$wanted exec "$outlay" --book "$book" "$@") > "$top/out" 2>&1
            status=$?
        fi 2> /dev/null
        case $status in
            137) killed=$((killed + 1)) ;;
            0) done_before=$((done_before + 1)) ;;
            *) not_ok "$name: killed at $at: status $status" "$(cat "$top/out")"; continue ;;
        esac
        "$outlay" --book "$book" verify -q > "$top/out" 2>&1 ||
            { not_ok "$name: the book verifies after a kill at $at" "$(cat "$top/out")"; continue; }
        state "$book" > "$top/now" 2>&1
        if cmp -s "$top/now" "$top/before"; then wanted=before none=$((none + 1))
        elif cmp -s "$top/now" "$top/after"; then wanted=after all=$((all + 1))
        else not_ok "$name: all or nothing after a kill at $at" "$(diff "$top/before" "$top/now")"; continue; fi
        [ $status = 137 ] || [ $wanted = after ] || { not_ok "$name: done means done ($at)"; continue; }
        "$outlay" --book "$book" import -q "$next" > "$top/out" 2>&1 ||
            { not_ok "$name: the next import works after a kill at $at" "$(cat "$top/out")"; continue; }
        state "$book" > "$top/now" 2>&1
        cmp -s "$top/now" "$top/$wanted-next" ||
            { not_ok "$name: the next import counts after a kill at $at" "$(diff "$top/$wanted-next" "$top/now")"; continue; }
        no_strays "$book" > "$top/out" 2>&1 ||
            { not_ok "$name: no stray files after a kill at $at" "$(cat "$top/out")"; continue; }
        "$outlay" --book "$book" verify -q > "$top/out" 2>&1 ||
            not_ok "$name: the book verifies at last, killed at $at" "$(cat "$top/out")"
    done
    if [ $none = 0 ] || [ $killed -lt $((times / 2)) ]; then
        not_ok "$name: $killed of $times were killed in time, $none before the commit: nothing was tested"
    else
        ok "$name: $killed kills, $none before the commit, $all after it, $done_before came too late"
    fi
}

nothing() { :; }
import_bill() { "$outlay" --book "$base" import -q "$bill" > /dev/null; }
other_rules() {
    import_bill && cat > "$base/rules.yaml" << 'END'
rules:
  - id: storage
    match: {service: "Amazon Simple Storage*"}
    category: data
END
}
try "import" nothing "$kills" import "$bill"
try "import --replace" import_bill $((kills / 4 + 1)) import --replace "$revised"
try "rules apply" other_rules $((kills / 4 + 1)) rules apply
finish
