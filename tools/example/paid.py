"""What arrived after the bills: invoice totals of the large vendors, and the company card.

Neither is spend of its own. Invoices are the truth rounded to cents, but for three that teach
something; card payments are invoices of suppliers again, but for one.
"""
import datetime
from collections import defaultdict
from decimal import Decimal

from common import MONTHS, csv_line, month_start, month_text

INVOICED = [("Amazon Web Services, Inc.", "AWS", "EUINUS26-%03d"),
            ("Microsoft Corporation", "Microsoft Azure", "E0400R%03d"),
            ("OpenAI OpCo, LLC", "OpenAI", "F1A9-%04d"),
            ("Anthropic, PBC", "Anthropic", "ANT-%05d")]
# (vendor, month) -> (added to the invoice, of it tax)
DIFFERENT = {
    ("AWS", (2026, 1)): ("18000", ""),            # the credit came as a note of its own
    ("Microsoft Azure", (2026, 2)): ("4655.94", "4655.94"),  # the exemption had run out
    ("Anthropic", (2026, 4)): ("2450", ""),       # a commitment that the cost report never shows
}
NOT_INVOICED = {("Anthropic", (2025, 8))}         # session logs at list price: nobody was billed
CARD = {"Anysphere, Inc.": "CURSOR, AI POWERED IDE NEW YORK",
        "ElevenLabs Inc.": "ELEVENLABS.IO LONDON",
        "Perplexity AI, Inc.": "PERPLEXITY AI SAN FRANCISCO"}


def cents(v):
    return v.quantize(Decimal("0.01"))


def invoices(truth):
    sums = defaultdict(Decimal)
    for t in truth:
        sums[t.provider, (t.day.year, t.day.month)] += t.billed
    out = csv_line(["provider", "month", "number", "date", "amount", "tax", "currency"])
    for name, provider, number in INVOICED:
        for i, m in enumerate(MONTHS):
            if (provider, m) in NOT_INVOICED or (provider, m) not in sums:
                continue
            more, tax = DIFFERENT.get((provider, m), ("0", ""))
            when = month_start(m) + datetime.timedelta(days=33)
            out += csv_line([name, month_text(m), number % (101 + i), when.isoformat(),
                             "%.2f" % (cents(sums[provider, m]) + Decimal(more)), tax, "USD"])
    return out.encode()


def card(truth):
    paid = sorted((t.day + datetime.timedelta(days=9), CARD[t.provider], t.billed) for t in truth
                  if t.provider in CARD)
    out = csv_line(["Date", "Merchant", "Amount"])
    for when, merchant, amount in paid:
        # one charge was not what the invoice says
        twice = merchant.startswith("PERPLEXITY") and (when.year, when.month) == (2026, 5)
        out += csv_line([when.strftime("%m/%d/%Y"), merchant,
                         "%.2f" % (amount + 35 if twice else amount)])
    return out.encode()


def build(truth):
    return {"finance/invoices-FY2026.csv": invoices(truth),
            "finance/card-FY2026.csv": card(truth)}
