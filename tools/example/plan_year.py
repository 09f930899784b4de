"""The first quarter of FY2027 as the plan meets it: share/example/bills-FY2027.

What happens in it: freight papers come faster than planned and the launch price of a model ends two
weeks early, so docs.read is over; an engineer planned for September is not hired yet; the vision team
trains more hours; a yearly invoice in euros meets another rate; and someone pays for a tool that no
line of the plan has.
"""
import datetime
from decimal import Decimal

from common import Noise, csv_line, packed, rounded

FIRST, LAST = datetime.date(2026, 7, 1), datetime.date(2026, 9, 30)
DAYS = [FIRST + datetime.timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
RATES = {7: "1.1712", 8: "1.1795", 9: "1.1904"}  # dollars per euro
MILLION = Decimal(1000000)


def share_of_month(day):
    """A thirtieth or so: a month's amount over its days."""
    after = datetime.date(day.year, day.month + 1, 1)
    return Decimal(1) / (after - day.replace(day=1)).days


def weekend(day, share):
    """Working days carry what weekends lack; a week sums to seven."""
    low = Decimal(share)
    return low if day.weekday() >= 5 else (7 - 2 * low) / 5


# ---- the cloud's cost export, by day ----

CLOUD_COLUMNS = ["usage_day", "account", "service", "usage_type", "initiative", "env", "quantity",
                 "unit", "unblended_cost", "amortized_cost"]
ML, SHOP, CORE = "410000000058", "410000000025", "410000000033"
EC2, SAGEMAKER = "Amazon Elastic Compute Cloud", "Amazon SageMaker"

# account, service, usage type, initiative, env, unit, price, units a month in July, August,
# September, share of a weekday on weekends, noise in percent
CLOUD = [
    (ML, "Amazon Simple Storage Service", "TimedStorage-ByteHrs", "", "prod", "GB-Mo", "0.0215",
     (1402000, 1441000, 1478000), "1", 0),
    (ML, "Amazon Virtual Private Cloud", "NatGateway-Bytes", "", "prod", "GB", "0.045",
     (131000, 126000, 138000), "0.9", 5),
    (ML, SAGEMAKER, "USE1-Notebk:ml.t3.large", "", "dev", "Hours", "0.1", (18600, 19200, 18900),
     "0.4", 6),
    (ML, EC2, "BoxUsage:p5.48xlarge", "vision", "train", "GPU-Hours", "5.77",
     (11640, 12350, 13150), "0.6", 12),
    (ML, EC2, "BoxUsage:g6.12xlarge", "vision", "prod", "Hours", "4.60", (9260, 9330, 9420), "1",
     3),
    (ML, EC2, "BoxUsage:p5.48xlarge", "routing", "train", "GPU-Hours", "5.77",
     (5480, 5720, 5650), "1", 2),
    (ML, SAGEMAKER, "USE1-Host:ml.g5.2xlarge", "routing", "prod", "Hours", "1.515",
     (2650, 2710, 2790), "1", 2),
    (ML, EC2, "BoxUsage:g5.4xlarge", "docs", "prod", "Hours", "1.624", (7420, 7890, 8450), "0.8",
     5),
    (SHOP, SAGEMAKER, "USE1-Host:ml.inf2.8xlarge", "support", "prod", "Hours", "2.36",
     (1755, 1490, 1520), "1", 2),
]
CLUSTER = (CORE, "35800", "0.01")  # all of the shared cluster a month


def cloud_rows(day):
    part = share_of_month(day)
    for account, service, meter, initiative, env, unit, price, months, low, noise in CLOUD:
        factor = Noise("FY2027 %s %s" % (meter, initiative)).factor(day, noise)
        units = rounded(months[day.month - 7] * part * weekend(day, low) * factor, 3)
        if (initiative, env, day) == ("vision", "prod", datetime.date(2026, 9, 17)):
            units *= 3  # a replay of old recordings that nobody stopped
        cost = rounded(units * Decimal(price), 4)
        yield (account, service, meter, initiative, env, units, unit, cost,
               rounded(cost * reserved(initiative, meter, env, day), 4))


def reserved(initiative, meter, env, day):
    """What the reserved capacity of August and spot machines of September leave of the price."""
    if env == "prod" and meter.startswith(("BoxUsage:g", "USE1-Host:ml.inf")) and day.month > 7:
        return Decimal("0.85")
    return Decimal("0.82") if (initiative, env) == ("vision", "train") and day.month > 8 else Decimal(1)


def cloud():
    out = csv_line(CLOUD_COLUMNS)
    for day in DAYS:
        for row in cloud_rows(day):
            out += csv_line((day,) + row)
    return packed(out)


# ---- the model gateway's export, by day, project and model ----

GATEWAY_COLUMNS = ["day", "vendor", "project", "model", "requests", "input_tokens",
                   "cache_read_tokens", "cache_write_tokens", "output_tokens", "cost_usd"]
EARLY = datetime.date(2026, 8, 16)  # the launch price was to last until September


def price(model, day):
    """USD per million tokens: input, cache read, cache write, output."""
    if model == "claude-sonnet-5":
        return ("3", "0.30", "3.75", "15") if day >= EARLY else ("2", "0.20", "2.50", "10")
    return {"claude-haiku-4-5": ("1", "0.10", "1.25", "5"),
            "gpt-4.1-mini": ("0.40", "0.10", "0.40", "1.60")}[model]


# project, vendor, model, requests a month, tokens per request: plain, read, written, output, weekend
GATEWAY = [
    ("docs", "Anthropic", "claude-sonnet-5", (905000, 1310000, 1535000), (3350, 0, 0, 720), "0.5"),
    ("docs", "Anthropic", "claude-haiku-4-5", (377000, 505000, 560000), (3350, 0, 0, 720), "0.5"),
    ("docs", "OpenAI", "gpt-4.1-mini", (226000, 240000, 242000), (3350, 0, 0, 720), "0.5"),
    ("support", "Anthropic", "claude-sonnet-5", (1310000, 1345000, 1370000),
     (2350, 2130, 240, 415), "0.8"),
    ("support", "Anthropic", "claude-haiku-4-5", (712000, 730000, 790000), (2350, 2130, 240, 415),
     "0.8"),
    ("agents", "Anthropic", "claude-sonnet-5", (498000, 540000, 566000), (7150, 16600, 0, 990),
     "0.2"),
]


def gateway():
    out = csv_line(GATEWAY_COLUMNS)
    for day in DAYS:
        part = share_of_month(day)
        for project, vendor, model, months, tokens, low in GATEWAY:
            n = Noise("FY2027 %s %s" % (project, model))
            requests = int(months[day.month - 7] * part * weekend(day, low) * n.factor(day, 6))
            counts = [int(requests * Decimal(t) * n.factor("%s %d" % (day, i), 2))
                      for i, t in enumerate(tokens)]
            cost = sum(c * Decimal(p) for c, p in zip(counts, price(model, day))) / MILLION
            out += csv_line([day, vendor, project, model, requests] + counts +
                            [rounded(cost, 4)])
    return packed(out)


# ---- the finance system ----

# supplier, text, cost center, currency, month -> amount
INVOICES = [
    ("Anysphere, Inc.", "Cursor Business seats", "4100", "USD", {7: "9200", 8: "9200", 9: "9640"}),
    ("GitHub, Inc.", "GitHub Copilot Business seats", "4100", "USD",
     {7: "7866", 8: "7942", 9: "7980"}),
    ("OpenAI, LLC", "ChatGPT Enterprise seats", "4000", "USD", {7: "9720", 8: "9720", 9: "9900"}),
    ("ElevenLabs Inc.", "Voice synthesis for driver hotline", "4320", "USD",
     {7: "1940", 8: "2310", 9: "6480"}),
    ("Scale AI, Inc.", "Dock image annotation", "4310", "USD",
     {7: "29850", 8: "32940", 9: "36010"}),
    ("Labelbox, Inc.", "Document page labeling", "4330", "USD",
     {7: "17420", 8: "20150", 9: "21730"}),
    ("Pinecone Systems, Inc.", "Standard plan usage", "4300", "USD",
     {7: "6180", 8: "6350", 9: "6520"}),
    ("LangChain, Inc.", "LangSmith Plus", "4320", "USD", {7: "3340", 8: "3360", 9: "3420"}),
    ("Arize AI, Inc.", "Model monitoring", "4300", "USD", {7: "9800", 8: "9800", 9: "9800"}),
    ("Datenlotse GmbH", "Data quality platform, one year", "4300", "EUR", {9: "108000"}),
    ("Nordmark Institute", "Research partnership, yard robot policies", "4390", "USD",
     {8: "52000"}),
    ("Roadsense Data Ltd", "Traffic feed", "4310", "USD", {7: "5400", 8: "5400", 9: "5400"}),
    ("Hugging Face, Inc.", "Hub and endpoints", "4300", "USD",
     {7: "2460", 8: "2430", 9: "2510"}),
]


def supplier_invoices():
    out = "Invoice date;Invoice;Supplier;Text;Cost center;Currency;Net amount\n"
    number = 27001
    for m in (7, 8, 9):
        for supplier, text, center, currency, amounts in INVOICES:
            if m not in amounts:
                continue
            out += "28/%02d/2026;ER-%05d;%s;%s, 2026-%02d;%s;%s;%s.00\n" % (
                m, number, supplier, text, m, center, currency, amounts[m])
            number += 1
    return out.encode()


POSITIONS = [
    ("Machine Learning", "4300", "Head of AI", 242000, 1),
    ("Machine Learning", "4300", "Machine Learning Engineer", 201000, 4),
    ("Machine Learning", "4300", "MLOps Engineer", 191000, 2),
    ("Applied Research", "4390", "Applied Scientist", 211000, 2),
    ("AI Product", "4320", "AI Product Manager", 185000, 1),
    ("Data Engineering", "4200", "Data Engineer", 175000, 7),
    ("Data Analytics", "4200", "Data Analyst", 121000, 8),
]
CONTRACTS = {8: [("Security review, 2 days", "2300")],
             9: [("Security review, 2 days", "2300"), ("Annotation leads, 22 days", "13640")]}


def payroll_journal():
    out = csv_line(["posting_date", "journal", "gl_account", "cost_center", "department",
                    "job_title", "fte", "debit", "credit", "text"])
    for m in (7, 8, 9):
        posted, journal = "2026-%02d-25" % m, "HR-2026-%02d" % m
        for department, center, title, salary, n in POSITIONS:
            base = rounded(Decimal(salary) * n / 12, 2)
            for account, amount, text in (
                    ("6010 Salaries", base, "Gross pay"),
                    ("6020 Payroll taxes and benefits", rounded(base * Decimal("0.27"), 2),
                     "Employer cost")):
                out += csv_line([posted, journal, account, center, department, title, n,
                                 "%.2f" % amount, "", text])
        for text, amount in CONTRACTS.get(m, []):
            out += csv_line([posted, journal, "6510 Contract staff", "4310", "Machine Learning",
                             "Contractor", "", "%s.00" % amount, "", text])
    return out.encode()


def cluster():
    """The shared cluster and the document index come as one monthly statement."""
    out = csv_line(["month_end", "what", "cost"])
    for m, amounts in {7: ("36710", "3690", "5290"), 8: ("37120", "3715", "5350"),
                       9: ("37590", "3740", "5410")}.items():
        last = {7: 31, 8: 31, 9: 30}[m]
        for what, amount in zip(("eks-shared", "vision-dev", "docs-search"), amounts):
            out += csv_line(["2026-%02d-%02d" % (m, last), what, amount])
    return out.encode()


def build():
    rates = "Date,USD\n" + "".join("2026-%02d,%s\n" % (m, r) for m, r in RATES.items())
    return {
        "cloud-cost-FY2027-Q1.csv.gz": cloud(),
        "model-gateway-FY2027-Q1.csv.gz": gateway(),
        "platform-statement-FY2027-Q1.csv": cluster(),
        "supplier-invoices-FY2027-Q1.csv": supplier_invoices(),
        "payroll-journal-FY2027-Q1.csv": payroll_journal(),
        "rates-FY2027-Q1.csv": rates.encode(),
    }
