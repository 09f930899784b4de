#!/bin/bash
# The rules of the house that a compiler does not check. Prints TAP.
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
n=0
check() { # name, then faults on standard input; runs at the end of a pipe, so counts in a file
    local faults
    faults=$(cat)
    echo x >> "$count"
    n=$(wc -l < "$count")
    if [ -z "$faults" ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; echo "$faults" | sed 's/^/# /'; fi
}
count=$(mktemp)
trap 'rm -f "$count"' EXIT
sources=$(find src tests bench -name '*.[chS]' -not -path '*/cache/*' | sort)
own=$(find src -name '*.[ch]' | sort)

for f in $own; do
    storey=$(echo "$f" | cut -d/ -f2)
    [ "$f" = src/main.c ] && storey=cli
    allowed=$(awk -v s="$storey" '$1 == s && $2 == ":" { $1 = $2 = ""; print }' src/LAYERS)
    grep -n '^#include "' "$f" | while IFS=: read -r line include; do
        into=$(echo "$include" | sed -n 's|^#include "\([a-z_]*\)/.*|\1|p')
        [ -z "$into" ] && into=$storey
        case " $storey $allowed " in *" $into "*) ;; *) echo "$f:$line: $storey may not include $into" ;; esac
    done
done | check 'includes go down only (src/LAYERS)'

grep '^! ' src/LAYERS | sed 's/^! //' | while read -r header _ homes; do
    grep -n "^#include <$header>" $own | while IFS=: read -r file line _; do
        case " $homes " in *" ${file#src/} "*) ;; *) echo "$file:$line: <$header> belongs in $homes" ;; esac
    done
done | check 'each foreign header has one home (src/LAYERS)'

grep -nwE 'strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|strtod|strtof|gmtime|localtime|ctime|asctime|setlocale|s?rand|tmpnam|mktemp|alloca' $own \
    | grep -vE '^[^:]*:[0-9]+: *(/?\*|//)' | check 'banned functions are not used'

grep -nE '^.{101,}' $own | cut -c1-120 | check 'no line is longer than 100 columns'

for f in $own; do
    head -n 1 "$f" | grep -q "^/\* $(basename "$f") - " || echo "$f"
done | check 'the first line of a file says what it is for'

grep -nwE 'TODO|FIXME|XXX|HACK' $sources tools/*.sh run.sh test.sh 2>/dev/null | grep -v 'tests/lint.sh' \
    | grep -vE '"XXX|XXXXXX' | check 'nothing is left to do in the code'

awk 'FNR == 1 { fn = ""; } /^[a-z].*\)$/ { fn = $0; start = FNR } /^}/ { if (fn != "" && FNR - start > 90) printf "%s:%d: %d lines: %s\n", FILENAME, start, FNR - start, fn; fn = "" }' \
    $(echo "$own" | tr ' ' '\n' | grep '\.c$') | check 'functions are at most 90 lines'

grep -rnE 'http[s]?://[^ )"]*' docs README.md ARCHITECTURE.md src share 2>/dev/null | grep -iE 'registry|npmjs|deb\.debian' | check 'no registry host is named'
for f in README.md ARCHITECTURE.md docs/*.md; do
    [ -f "$f" ] || continue
    grep -oE '\]\([^)#]+' "$f" | sed 's/^](//' | grep -v '^http' | while read -r target; do
        [ -e "$(dirname "$f")/$target" ] || echo "$f: link to '$target' leads nowhere"
    done
done | check 'links in the documentation lead somewhere'
echo "1..$(wc -l < "$count")"
