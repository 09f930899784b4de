"""What the bookkeeping exports: the general ledger of a quarter, as QuickBooks writes it.

It is no spend of its own: each posting is an invoice of a supplier again, so that an import matches
all of them and counts nothing twice.
"""
from collections import defaultdict
from decimal import Decimal

from common import csv_line

ACCOUNTS = {"4000": "6200 Software and subscriptions", "4100": "6210 Engineering tools"}
MONTHS = ("04", "05", "06")  # of 2026


def general_ledger(invoices):
    """invoices: the text of supplier-invoices-FY2026.csv."""
    accounts = defaultdict(list)
    for line in invoices.decode("utf-8-sig").splitlines()[1:]:
        date, number, supplier, text, center, currency, amount = line.split(";")
        day, month, year = date.split("/")
        if year == "2026" and month in MONTHS and currency == "USD":
            account = ACCOUNTS.get(center, "6300 Services, cost center " + center)
            accounts[account].append(("%s/%s/%s" % (month, day, year), number, supplier, text, Decimal(amount)))
    out = [csv_line(["General Ledger"]), csv_line(["April - June, 2026"]), csv_line([]),
           csv_line(["", "Date", "Transaction Type", "Num", "Name", "Memo/Description", "Split", "Amount", "Balance"])]
    for account in sorted(accounts):
        out.append(csv_line([account] + [""] * 8))
        balance = Decimal(0)
        for date, number, supplier, text, amount in accounts[account]:
            balance += amount
            out.append(csv_line(["", date, "Bill", number, supplier, text, "2000 Accounts Payable", str(amount),
                                 str(balance)]))
        out.append(csv_line(["Total for " + account] + [""] * 6 + [str(balance), ""]))
    return "".join(out).encode()


def build(bills):
    return {"ledgers/general-ledger-FY2026-Q4.csv":
            general_ledger(bills["bills/finance/supplier-invoices-FY2026.csv"])}
