# Sourced: the example's book `b` with an approved plan and the first quarter of its year as bills.
example=$CASE/../../../share/example
outlay init -q --example b && export OUTLAY_BOOK=b || exit 99
outlay rates import -q "$example/bills-FY2027/rates-FY2027-Q1.csv" || exit 99
for kind in cloud-cost model-gateway platform-statement supplier-invoices payroll-journal; do
    outlay import -q --as-of 2026-10-05 --map "$example/maps/$kind.yaml" \
        "$example/bills-FY2027/$kind"-FY2027-Q1.csv* >/dev/null || exit 99
done
outlay approve -q --as-of 2026-06-09 --by finance-partner || exit 99
