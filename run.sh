#!/bin/sh
# Installs what is missing, builds outlay, runs its main job on the example book, says what to try next.
# Quick the second time; needs a network only while something is missing.
set -eu
cd "$(dirname "$0")"
build=build
log=$build/run.log

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
if [ -n "${NO_COLOR:-}" ] || [ ! -t 1 ]; then step() { printf '\n%s\n' "$*"; }; fi

tools/deps.sh build
mkdir -p $build
[ -f $build/build.ninja ] || { echo "configuring (log: $log)"; meson setup $build > $log 2>&1 || { tail -n 30 $log; exit 1; }; }
ninja -C $build src/outlay > $log 2>&1 || { tail -n 40 $log; exit 1; }
outlay=$build/src/outlay

# the example: a year of one company's bills into a fresh book
book=$build/example-book
rm -rf $book
export OUTLAY_BOOK=$book
show() { printf '\n$ outlay %s\n' "$*"; "$outlay" "$@"; }

example=share/example
step "Step 1 of the framework: inventory last year's AI spend out of the bills it is buried in"
show init --example $book
show rates import $example/rates.csv
show import $example/bills/cloud $example/bills/models
show import --map $example/maps/supplier-invoices.yaml $example/bills/finance/supplier-invoices-FY2026.csv
show import --map $example/maps/payroll-journal.yaml $example/bills/finance/payroll-journal-FY2026.csv
show inventory --year FY2026 --by provider
step "What waits for a decision, and the rules that would place it"
show ledger --where category=review --limit 5
show rules suggest --limit 3

show import --map $example/maps/card.yaml $example/bills/finance/card-FY2026.csv
show reconcile invoices $example/bills/finance/invoices-FY2026.csv && show reconcile --year FY2026

step "Steps 2 and 3: next year's plan, computed to the cent"
show plan
show plan --by initiative --period year
show levers
show route $example/evals/support-replies.csv --max-loss 2pp --write support.chat --dry-run
show why vision.serve --month 2026-12
show scenarios
show llm --set support.chat.in=2500 --set prices.claude-sonnet-5.out=x1.4
show prices watch
show simulate --by category

step "Step 5: the first quarter of the plan year against the approved budget"
show approve --quiet --by finance-partner
show rates import --quiet $example/bills-FY2027/rates-FY2027-Q1.csv
for kind in cloud-cost model-gateway platform-statement supplier-invoices payroll-journal; do
    "$outlay" import --quiet --map $example/maps/$kind.yaml $example/bills-FY2027/$kind-FY2027-Q1.csv* >> $log
done
show track --by category
show explain --month 2026-09
show forecast

step "The bookkeeping tells a quarter again: every posting is matched with its bill, nothing counts twice"
show import $example/ledgers
show reconcile --from 2026-04-01 --to 2026-06-30

step "Try next"
cat <<EOF
  export OUTLAY_BOOK=$book PATH="\$PWD/$build/src:\$PATH"
  outlay inventory --by initiative,month -o spend.xlsx     a workbook
  outlay inventory --by tag:team --format json             for a program
  outlay ledger --where category=vendor,model=claude*      the rows behind a figure
  outlay plan people; outlay plan -o plan.xlsx             the roster; the plan as a workbook
  outlay import share/example/usage; outlay llm calibrate  the plan's LLM drivers against what happened
  outlay simulate                                          how far its cost may go, and why
  outlay diff HEAD~1:plan.yaml; outlay check               what moved the total; every fault and warning
  outlay forecast --series YOUR.csv --h 12                 what comes next in any series: id,t,value
  outlay import YOUR-BILL.csv                              FOCUS, AWS, Azure, OpenAI, Anthropic, logs ...
  outlay review FY2027-Q1; outlay anomalies                close a quarter; unusual days
  outlay help                                              everything else; docs/tutorial.md walks through it
EOF
