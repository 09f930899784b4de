"""What the finance system knows: supplier invoices, the payroll journal of the data and platform
organization (roles, never names), and the exchange rates of the invoices in euros."""
import datetime
from decimal import Decimal

from common import (MONTHS, NOT_AI, REVIEW, Noise, Truth, between, csv_line, home, month_start,
                    month_text)

# ---- supplier invoices ----

# monthly mean of dollars per euro, as the example assumes them
EURO = dict(zip(MONTHS, (Decimal(x) for x in (
    "1.1677", "1.1631", "1.1732", "1.1634", "1.1560", "1.1709",
    "1.1738", "1.1824", "1.1561", "1.1702", "1.1745", "1.1690"))))

SUPPLIER_COLUMNS = ["Invoice date", "Invoice", "Supplier", "Text", "Cost center", "Currency",
                    "Net amount"]

# supplier, text, cost center, currency, home, and how it is invoiced:
#   ("seats", price, seats in July, seats in June), ("use", first, last, noise in percent),
#   ("year", month, amount), ("once", date, amount)
INVOICES = [
    ("Anysphere, Inc.", "Cursor Business seats", "4100", "USD", home("vendor", "code.seats"),
     ("seats", "40", 90, 210)),
    ("GitHub, Inc.", "GitHub Copilot Business seats", "4100", "USD",
     home("vendor", "code.seats"), ("seats", "19", 330, 400)),
    ("GitHub, Inc.", "GitHub Enterprise Cloud seats", "4100", "USD", NOT_AI,
     ("seats", "21", 410, 425)),
    ("OpenAI, LLC", "ChatGPT Enterprise seats", "4000", "USD", home("vendor", "code.seats"),
     ("seats", "60", 110, 160)),
    ("ElevenLabs Inc.", "Voice synthesis for driver hotline", "4320", "USD", home("vendor"),
     ("use", 900, 1900, 10)),
    ("Perplexity AI, Inc.", "Enterprise Pro seats", "4000", "USD", home("vendor"),
     ("seats", "40", 22, 30)),
    ("Mistral AI SAS", "API usage, document models", "4330", "EUR",
     home("vendor", "docs.read"), ("use", 3800, 7200, 12)),
    ("Scale AI, Inc.", "Dock image annotation", "4310", "USD", home("data", "vision.frames"),
     ("use", 17500, 29500, 9)),
    ("Labelbox, Inc.", "Document page labeling", "4330", "USD", home("data", "docs.pages"),
     ("use", 9200, 16800, 9)),
    ("Weights & Biases, Inc.", "Teams plan, one year", "4300", "USD",
     home("data", "platform.experiments"), ("year", 11, "66000")),
    ("Pinecone Systems, Inc.", "Standard plan usage", "4300", "USD",
     home("data", "platform.vector-db"), ("use", 4200, 6100, 6)),
    ("LangChain, Inc.", "LangSmith Plus", "4320", "USD", home("data", "platform.monitoring"),
     ("use", 2100, 3300, 4)),
    ("Arize AI, Inc.", "Model monitoring", "4300", "USD", home("data", "platform.monitoring"),
     ("use", 8600, 9200, 0)),
    # known to no built-in rule: a supplier of data quality checks
    ("Datenlotse GmbH", "Data quality platform, one year", "4300", "EUR",
     home("data", "platform.data-quality"), ("year", 9, "102000")),
    ("Hugging Face, Inc.", "Hub and endpoints", "4300", "USD", REVIEW, ("use", 1500, 2400, 5)),
    ("Notion Labs, Inc.", "Notion AI add-on", "4000", "USD", REVIEW, ("seats", "8", 118, 130)),
    ("Monte Carlo Data, Inc.", "Data observability, one year", "4200", "USD", REVIEW,
     ("year", 2, "54000")),
    ("NeurIPS Foundation", "NeurIPS 2025 registrations", "4390", "USD", home("reserve"),
     ("once", datetime.date(2025, 10, 20), "8640")),
    ("Kaihaus Events Ltd", "Summer hackathon, venue and catering", "4390", "USD",
     home("reserve"), ("once", datetime.date(2026, 5, 29), "11850")),
    ("Nordmark Institute", "Research partnership, yard robot policies", "4390", "USD",
     home("reserve"), ("once", datetime.date(2025, 12, 15), "48000")),
    ("Datadog, Inc.", "Infrastructure and APM", "4100", "USD", NOT_AI, ("use", 37000, 46000, 4)),
    ("Snowflake Inc.", "Capacity usage", "4200", "USD", NOT_AI, ("use", 28000, 35000, 5)),
    ("Atlassian Pty Ltd", "Jira and Confluence, one year", "4000", "USD", NOT_AI,
     ("year", 10, "118400")),
    ("Slack Technologies, LLC", "Business+ seats", "4000", "USD", NOT_AI,
     ("seats", "12.5", 880, 930)),
    ("Okta, Inc.", "Workforce identity, one year", "4000", "USD", NOT_AI, ("year", 1, "92800")),
    ("Wortwaage GmbH", "Grammar checking seats", "4000", "EUR", NOT_AI, ("seats", "11", 95, 120)),
    ("PagerDuty, Inc.", "Business plan", "4100", "USD", NOT_AI, ("seats", "41", 96, 102)),
    # names that only look like AI
    ("Coherent Freight Scales Ltd", "Calibration of yard scales", "4500", "USD", NOT_AI,
     ("use", 6100, 6600, 0)),
    ("Air Aid Compressors", "Maintenance, yard pneumatics", "4500", "USD", NOT_AI,
     ("use", 2300, 2500, 0)),
]


def invoice_amounts(spec):
    """(date, amount, text) of every invoice of the year."""
    supplier, text, plan = spec[0], spec[1], spec[5]
    noise = Noise("invoice %s %s" % (supplier, text))
    for i, m in enumerate(MONTHS):
        last = month_start(m) + datetime.timedelta(days=27)
        if plan[0] == "seats":
            seats = plan[2] + (plan[3] - plan[2]) * i // 11
            yield last, Decimal(plan[1]) * seats, "%s, %d x %s, %s" % (text, seats, plan[1],
                                                                     month_text(m))
        elif plan[0] == "use":
            amount = between(last, plan[1], plan[2]) * noise.factor(month_text(m), plan[3])
            yield last, amount.quantize(Decimal("0.01")), "%s, %s" % (text, month_text(m))
        elif plan[0] == "year" and m[1] == plan[1]:
            yield month_start(m), Decimal(plan[2]), text
        elif plan[0] == "once" and m == (plan[1].year, plan[1].month):
            yield plan[1], Decimal(plan[2]), text


def supplier_invoices(truth):
    """Semicolons and days first, as the finance system of a European group writes them."""
    made = [(when, i, amount, text, spec) for i, spec in enumerate(INVOICES)
            for when, amount, text in invoice_amounts(spec)]
    made.sort(key=lambda x: x[:2])
    out = ";".join(SUPPLIER_COLUMNS) + "\n"
    for number, (when, _, amount, text, spec) in enumerate(made):
        supplier, _, center, currency, parts, _ = spec
        assert ";" not in supplier + text
        out += ";".join((when.strftime("%d/%m/%Y"), "ER-%05d" % (26001 + number), supplier, text,
                         center, currency, "%.2f" % amount)) + "\n"
        truth.append(Truth(when, supplier, amount, amount, parts, currency=currency))
    return out.encode()


# ---- people ----

JOURNAL_COLUMNS = ["posting_date", "journal", "gl_account", "cost_center", "department",
                   "job_title", "fte", "debit", "credit", "text"]

SALARIES, BENEFITS = "6010 Salaries", "6020 Payroll taxes and benefits"
RECRUITING = "6410 Recruiting"
TRAINING, CONTRACTORS = "6420 Training", "6510 Contract staff"
BENEFIT_SHARE = Decimal("0.27")


def talent(line=""):
    return home("talent", line)


ENGINEERS = [(Decimal("0.45"), "talent", "staff.de"), (Decimal("0.55"), "not_ai", "")]

# department, cost center, job title, salary per year, heads by month from July, home
POSITIONS = [
    ("Machine Learning", "4300", "Head of AI", 235000, [1] * 12, talent("staff.lead-1")),
    ("Machine Learning", "4300", "Machine Learning Engineer", 195000,
     [3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4], talent("staff.mle")),
    ("Machine Learning", "4300", "MLOps Engineer", 185000, [1] * 6 + [2] * 6,
     talent("staff.ops")),
    ("Applied Research", "4390", "Applied Scientist", 205000, [2] * 12, talent("staff.science")),
    ("AI Product", "4320", "AI Product Manager", 180000, [0, 0] + [1] * 10,
     talent("staff.pm-1")),
    ("Data Engineering", "4200", "Data Engineer", 170000, [6] * 7 + [7] * 5, ENGINEERS),
    ("Data Analytics", "4200", "Data Analyst", 118000, [8] * 12, NOT_AI),
    ("Platform Engineering", "4110", "Site Reliability Engineer", 178000, [14] * 9 + [15] * 3,
     NOT_AI),
    ("Platform Engineering", "4110", "Engineering Manager", 214000, [3] * 12, NOT_AI),
]

# month, account, cost center, department, job title, amount, text, home
SINGLE_ENTRIES = [
    ((2025, 9), RECRUITING, "4320", "AI Product", "AI Product Manager", "39600",
     "Agency fee", talent()),
    ((2025, 11), RECRUITING, "4300", "Machine Learning", "Machine Learning Engineer", "42900",
     "Agency fee", talent()),
    ((2026, 1), RECRUITING, "4300", "Machine Learning", "MLOps Engineer", "40700", "Agency fee",
     talent()),
    ((2026, 2), RECRUITING, "4200", "Data Engineering", "Data Engineer", "37400", "Agency fee",
     ENGINEERS),
    ((2026, 4), RECRUITING, "4110", "Platform Engineering", "Site Reliability Engineer", "39160",
     "Agency fee", NOT_AI),
    ((2025, 10), TRAINING, "4300", "Machine Learning", "", "46000", "Upskilling, 10 engineers",
     talent()),
    ((2026, 3), TRAINING, "4110", "Platform Engineering", "", "12500", "Incident training", NOT_AI),
    ((2026, 3), CONTRACTORS, "4310", "Machine Learning", "Contractor", "38000",
     "Computer vision contractors, 40 days", talent("contractors.vision")),
    ((2026, 4), CONTRACTORS, "4310", "Machine Learning", "Contractor", "38000",
     "Computer vision contractors, 40 days", talent("contractors.vision")),
    # accrued in April, found to be too high and taken back in May
    ((2026, 5), CONTRACTORS, "4310", "Machine Learning", "Contractor", "-5700",
     "Reversal of accrual, 6 days not worked", talent("contractors.vision")),
]


def payroll_journal(truth):
    out = csv_line(JOURNAL_COLUMNS)
    for number, m in enumerate(MONTHS):
        posted = month_start(m) + datetime.timedelta(days=24)
        entries = []
        for department, center, title, salary, heads, parts in POSITIONS:
            n = heads[number]
            if not n:
                continue
            raise_ = Decimal("1.03") if m >= (2026, 1) else Decimal(1)
            base = (Decimal(salary) * n * raise_ / 12).quantize(Decimal("0.01"))
            extra = (base * BENEFIT_SHARE).quantize(Decimal("0.01"))
            entries.append((SALARIES, center, department, title, n, base, "Gross pay", parts))
            entries.append((BENEFITS, center, department, title, n, extra, "Employer cost", parts))
        for when, account, center, department, title, amount, text, parts in SINGLE_ENTRIES:
            if when == m:
                entries.append((account, center, department, title, "", Decimal(amount), text,
                                parts))
        for account, center, department, title, n, amount, text, parts in entries:
            out += csv_line([posted.isoformat(), "HR-%s" % month_text(m), account, center,
                             department, title, n, "%.2f" % amount if amount > 0 else "",
                             "%.2f" % -amount if amount < 0 else "", text])
            truth.append(Truth(posted, "Payroll", amount, amount, parts))
    return out.encode()


def rates():
    """The layout of the European Central Bank: units of a currency per euro."""
    return ("Date,USD\n" + "".join("%s,%s\n" % (month_text(m), EURO[m]) for m in MONTHS)).encode()


def build():
    truth = []
    files = {"finance/supplier-invoices-FY2026.csv": supplier_invoices(truth),
             "finance/payroll-journal-FY2026.csv": payroll_journal(truth)}
    return files, truth
