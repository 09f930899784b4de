"""The Azure bill: an EA actual cost export, one file per half year."""
import datetime
import json
from decimal import Decimal

from common import (MONTHS, NOT_AI, ORG, Noise, Truth, between, csv_line, home, month_days,
                    month_start, next_month, packed, plain, rounded, weekday_share)

COLUMNS = [
    "BillingAccountId", "BillingAccountName", "BillingPeriodStartDate", "BillingPeriodEndDate",
    "SubscriptionId", "SubscriptionName", "Date", "Product", "MeterId", "ServiceFamily",
    "MeterCategory", "MeterSubCategory", "MeterRegion", "MeterName", "Quantity", "EffectivePrice",
    "Cost", "UnitPrice", "BillingCurrency", "ResourceLocation", "ConsumedService", "ResourceId",
    "AdditionalInfo", "Tags", "CostCenter", "UnitOfMeasure", "ResourceGroup", "ReservationId",
    "ReservationName", "Term", "PublisherName", "ChargeType", "Frequency", "PublisherType",
    "PricingModel",
]

NOISE = Noise("azure")
ENROLLMENT = "7420318"
SUBSCRIPTIONS = {name: (NOISE.uuid(name), name) for name in
                 ("customs-prod", "customs-dev", "erp", "office", "yard-vision")}
RESERVATION = NOISE.uuid("reservation")


class Meter:
    def __init__(self, key, subscription, provider, resource, family, category, sub, name, unit,
                 price, start, end, parts, weekend="1", noise=4, places=2, tags=None, first=None,
                 last=None, size=None, per=0, bucket=None, reserved=False):
        self.key, self.subscription, self.provider, self.resource = (key, subscription, provider,
                                                                     resource)
        self.family, self.category, self.sub, self.name = family, category, sub, name
        self.unit, self.price, self.start, self.end = unit, Decimal(price), start, end
        self.parts, self.weekend, self.noise, self.places = parts, weekend, noise, places
        self.tags, self.first, self.last, self.size = tags, first, last, size
        self.per, self.bucket = per, bucket  # tokens per unit and which bucket they are of
        self.reserved = reserved             # paid with the reservation: usage costs nothing


def vm(key, subscription, size, sub, name, price, per_day, parts, **more):
    return Meter(key, subscription, "Microsoft.Compute", "virtualMachines/" + key, "Compute",
                 "Virtual Machines", sub, name, "1 Hour", price, per_day[0], per_day[1], parts,
                 size=size, **more)


def openai(key, name, unit, price, per_day, bucket, first=None, last=None):
    return Meter(key, "customs-prod", "Microsoft.CognitiveServices", "accounts/customs-openai",
                 "AI + Machine Learning", "Cognitive Services", "Azure OpenAI", name, unit, price,
                 per_day[0], per_day[1], home("vendor", "docs.read"), weekend="0.35", noise=11,
                 places=3, tags={"team": "customs-docs", "env": "prod", "initiative": "docs"},
                 first=first, last=last, per={"1K": 1000, "1M": 1000000}[unit], bucket=bucket)


def meters():
    d = datetime.date
    docs = {"team": "customs-docs", "env": "prod", "initiative": "docs"}
    vision = {"team": "vision", "env": "dev", "initiative": "vision"}
    erp = {"team": "finance-systems", "env": "prod"}
    search = "Microsoft.Search"
    end_4o, start_41 = d(2025, 11, 30), d(2025, 12, 1)
    return [
        openai("4o in", "gpt-4o-0806-Inp-glbl Tokens", "1K", "0.0025", ("120000", "140000"), "in",
               last=end_4o),
        openai("4o cached", "gpt 4o 0806 cached Inp glbl Tokens", "1K", "0.00125",
               ("30000", "45000"), "cache_read", last=end_4o),
        openai("4o out", "gpt-4o-0806-Outp-glbl Tokens", "1K", "0.01", ("22000", "26000"), "out",
               last=end_4o),
        openai("41 in", "gpt 4.1 Inp glbl Tokens", "1M", "2", ("105", "240"), "in",
               first=start_41),
        openai("41 cached", "gpt 4.1 cached Inp glbl Tokens", "1M", "0.5", ("60", "190"),
               "cache_read", first=start_41),
        openai("41 out", "gpt 4.1 Outp glbl Tokens", "1M", "8", ("20", "44"), "out",
               first=start_41),
        Meter("search docs", "customs-prod", search, "searchServices/customs-index", "Databases",
              "Azure Cognitive Search", "", "Standard S3 Unit", "1 Hour", "2.688", "48", "72",
              home("infra", "docs.search"), noise=0, tags=docs),
        Meter("search office", "office", search, "searchServices/intranet", "Databases",
              "Azure Cognitive Search", "", "Standard S2 Unit", "1 Hour", "1.344", "48", "48",
              NOT_AI, noise=0),
        vm("vision-dev", "yard-vision", "Standard_NC24ads_A100_v4", "NCads A100 v4 Series",
           "NC24ads A100 v4", "3.673", ("30", "48"), home("infra", "vision.dev"), weekend="0.3",
           noise=15, tags=vision),
        vm("erp-app", "erp", "Standard_D8s_v5", "Ds v5 Series", "D8s v5", "0.384",
           ("2400", "2800"), NOT_AI, tags=erp),
        vm("erp-batch", "erp", "Standard_D8s_v5", "Ds v5 Series", "D8s v5", "0.384",
           ("720", "720"), NOT_AI, noise=0, tags=erp, first=d(2026, 1, 1), reserved=True),
        vm("office-desktops", "office", "Standard_E8s_v5", "Es v5 Series", "E8s v5", "0.504",
           ("900", "1050"), NOT_AI, weekend="0.3"),
        Meter("sql", "erp", "Microsoft.Sql", "servers/erp-sql", "Databases", "SQL Database",
              "SQL Database Single/Elastic Pool General Purpose - Compute Gen5", "vCore", "1 Hour",
              "0.1518", "6200", "6900", NOT_AI, noise=1, tags=erp),
        Meter("aks", "customs-prod", "Microsoft.ContainerService", "managedClusters/customs",
              "Containers", "Azure Kubernetes Service", "", "Standard Uptime SLA", "1 Hour", "0.1",
              "72", "72", NOT_AI, noise=0),
        Meter("blob", "office", "Microsoft.Storage", "storageAccounts/officefiles", "Storage",
              "Storage", "Tiered Block Blob", "Hot LRS Data Stored", "1 GB/Month", "0.0184",
              "24000", "29000", NOT_AI, noise=0),
        Meter("egress", "customs-prod", "Microsoft.Network", "publicIPAddresses/customs",
              "Networking", "Bandwidth", "Rtn Preference: MGN", "Standard Data Transfer Out",
              "1 GB", "0.08", "3100", "4200", NOT_AI, weekend="0.6", noise=9, places=3),
    ]


def azure_tags(tags):
    """EA exports write pairs without the braces of an object."""
    return ", ".join('"%s": "%s"' % (k, v) for k, v in sorted(tags.items())) if tags else ""


def row(m, day, cells):
    first = month_start((day.year, day.month))
    last = month_start(next_month((day.year, day.month))) - datetime.timedelta(days=1)
    subscription = SUBSCRIPTIONS[m.subscription]
    base = {
        "BillingAccountId": ENROLLMENT, "BillingAccountName": ORG,
        "BillingPeriodStartDate": first.strftime("%m/%d/%Y"),
        "BillingPeriodEndDate": last.strftime("%m/%d/%Y"),
        "SubscriptionId": subscription[0], "SubscriptionName": subscription[1],
        "Date": day.strftime("%m/%d/%Y"),
        "Product": " - ".join(x for x in (m.category, m.sub, m.name, "US East") if x),
        "MeterId": NOISE.uuid("meter " + m.name), "ServiceFamily": m.family,
        "MeterCategory": m.category, "MeterSubCategory": m.sub, "MeterRegion": "US East",
        "MeterName": m.name, "BillingCurrency": "USD", "ResourceLocation": "EastUS",
        "ConsumedService": m.provider,
        "ResourceId": "/subscriptions/%s/resourceGroups/rg-%s/providers/%s/%s" % (
            subscription[0], m.subscription, m.provider, m.resource),
        "AdditionalInfo": json.dumps({"ServiceType": m.size}) if m.size else "",
        "Tags": azure_tags(m.tags), "UnitOfMeasure": m.unit,
        "ResourceGroup": "rg-" + m.subscription, "PublisherName": "Microsoft",
        "ChargeType": "Usage", "Frequency": "UsageBased", "PublisherType": "Azure",
        "PricingModel": "OnDemand",
    }
    base.update(cells)
    assert set(base) <= set(COLUMNS)
    return csv_line(base.get(c, "") for c in COLUMNS)


def usage(m, day):
    if (m.first and day < m.first) or (m.last and day > m.last):
        return None
    noise = Noise("azure " + m.key)
    quantity = rounded(between(day, m.start, m.end) * weekday_share(day, m.weekend) *
                       noise.factor(day, m.noise), m.places)
    price = Decimal(0) if m.reserved else m.price
    cost = quantity * price
    cells = {"Quantity": plain(quantity), "EffectivePrice": plain(price), "Cost": plain(cost),
             "UnitPrice": plain(m.price)}
    if m.reserved:
        cells.update({"PricingModel": "Reservation", "ReservationId": RESERVATION,
                      "ReservationName": "erp-batch"})
    tokens = {m.bucket: int(quantity * m.per)} if m.bucket else {}
    return row(m, day, cells), Truth(day, "Microsoft Azure", cost, cost, m.parts, tokens=tokens)


def purchase():
    m = next(x for x in meters() if x.reserved)
    day, cost = datetime.date(2026, 1, 1), Decimal("59340")
    cells = {"Quantity": "30", "EffectivePrice": "1978", "UnitPrice": "1978", "Cost": plain(cost),
             "ChargeType": "Purchase", "Frequency": "OneTime", "PricingModel": "Reservation",
             "ReservationId": RESERVATION, "ReservationName": "erp-batch", "Term": "12",
             "ConsumedService": "Microsoft.Capacity",
             "ResourceId": "/providers/Microsoft.Capacity/reservationOrders/" + RESERVATION,
             "Product": "Reserved VM Instance, Standard_D8s_v5, US East, 1 Year", "Tags": ""}
    return row(m, day, cells), Truth(day, "Microsoft Azure", cost, cost, NOT_AI)


def build():
    files, truth = {}, []
    for half, months in enumerate((MONTHS[:6], MONTHS[6:])):
        text = csv_line(COLUMNS)
        for month in months:
            made = [usage(m, day) for m in meters() for day in month_days(month)]
            if month == (2026, 1):
                made.append(purchase())
            for line, t in filter(None, made):
                text += line
                truth.append(t)
        files["cloud/azure-ea-actual-FY2026-H%d.csv.gz" % (half + 1)] = packed(text)
    return files, truth
