"""The AWS bill: FOCUS 1.2, one file per quarter, about fifty series of daily usage and what comes
by the month (commitments, support, tax, credits, one correction)."""
import datetime
import json
from decimal import Decimal

from common import (DAYS, MONTHS, NOT_AI, ORG, QUARTERS, REVIEW, Noise, Truth, between, csv_line,
                    home, month_days, month_start, month_text, next_month, packed, plain, rounded,
                    weekday_share)

COLUMNS = [
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
    "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId",
    "CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType",
    "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
    "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity",
    "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId",
    "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId",
    "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags",
    "x_Operation", "x_ServiceCode",
]

PAYER = "410000000017"
ACCOUNTS = {
    "shop": ("410000000025", "shipper-portal"),
    "core": ("410000000033", "core-services"),
    "data": ("410000000041", "analytics"),
    "ml": ("410000000058", "ml-platform"),
    "labs": ("410000000066", "research-labs"),
    "edge": ("410000000074", "yard-edge"),
}
ISSUER = "Amazon Web Services, Inc."
COMMITTED = datetime.date(2026, 1, 1)  # the savings plan of the training cluster starts
AGREED = Decimal("0.93")  # enterprise discount on everything AWS itself sells

NOISE = Noise("aws")
ML_PLAN = "arn:aws:savingsplans::%s:savingsplan/%s" % (PAYER, NOISE.uuid("plan ml"))
GENERAL_PLAN = "arn:aws:savingsplans::%s:savingsplan/%s" % (PAYER, NOISE.uuid("plan general"))

EC2 = ("Amazon Elastic Compute Cloud", "AmazonEC2", "Compute", "Virtual Machines")
EBS = ("Amazon Elastic Block Store", "AmazonEC2", "Storage", "Block Storage")
NAT = ("Amazon Virtual Private Cloud", "AmazonVPC", "Networking", "Network Infrastructure")
S3 = ("Amazon Simple Storage Service", "AmazonS3", "Storage", "Object Storage")
SAGEMAKER = ("Amazon SageMaker", "AmazonSageMaker", "AI and Machine Learning", "Machine Learning")
BEDROCK = ("Amazon Bedrock", "AmazonBedrock", "AI and Machine Learning", "Generative AI")

HOURS, GB_MONTHS, GB = "Hours", "GB-Mo", "GB"


class Series:
    """Daily usage of one meter. `start` and `end` are units per day at both ends of the year."""

    def __init__(self, key, service, account, meter, unit, price, start, end, parts, weekend="1",
                 noise=4, tags=None, resource=None, first=None, last=None, places=1, plan=None,
                 publisher=None, operation="", region="us-east-1", text=None, agreed=AGREED):
        self.key, self.service, self.account, self.meter = key, service, account, meter
        self.unit, self.price, self.start, self.end = unit, Decimal(price), start, end
        self.parts, self.weekend, self.noise, self.tags = parts, weekend, noise, tags
        self.resource, self.first, self.last, self.places = resource, first, last, places
        self.plan = plan  # (commitment, effective price): covered by a savings plan
        self.publisher, self.operation, self.region, self.text = publisher, operation, region, text
        self.agreed = agreed

    def quantity(self, day):
        if (self.first and day < self.first) or (self.last and day > self.last):
            return Decimal(0)
        q = between(day, self.start, self.end) * weekday_share(day, self.weekend)
        return rounded(q * Noise("aws " + self.key).factor(day, self.noise), self.places)


def ec2(key, account, kind, per_day, price, parts, **more):
    start, end = per_day
    return Series(key, EC2, account, "BoxUsage:" + kind, HOURS, price, start, end, parts,
                  operation="RunInstances",
                  text="$%s per On Demand Linux %s Instance Hour" % (price, kind), **more)


def tagged(team, env="prod", initiative=None, **more):
    t = {"team": team, "env": env, "cost-center": {"vision": "4310", "ml-platform": "4300",
         "support-ai": "4320", "customs-docs": "4330", "research": "4390"}.get(team, "4100")}
    if initiative:
        t["initiative"] = initiative
    t.update(more)
    return t


def claude(key, edition, usage, price, per_day, first, last):
    """Models of others on Bedrock are AWS Marketplace products with a name of their own."""
    service = ("%s (Amazon Bedrock Edition)" % edition, "", "AI and Machine Learning",
               "Generative AI")
    return Series(key, service, "shop", "USE1-MP:USE1_%s-Units" % usage, "Units", price,
                  per_day[0], per_day[1], home("vendor", "support.chat"), weekend="0.55", noise=9,
                  first=first, last=last, places=3, publisher="Anthropic", operation="Usage",
                  tags=tagged("support-ai", initiative="support"), agreed=Decimal(1),
                  text="AWS Marketplace software usage|us-east-1|%s" % usage)


def ai_series():
    d = datetime.date
    vision = tagged("vision", initiative="vision")
    train = tagged("vision", "train", "vision")
    routing = tagged("ml-platform", "train", "routing")
    docs = tagged("customs-docs", initiative="docs")
    lab = tagged("research", "sandbox", experiment="yard-robot-policy")
    covered = (ML_PLAN, Decimal("30.96"))
    half_cluster = [(Decimal("0.35"), "infra", "platform.cluster"), (Decimal("0.65"), "not_ai", "")]
    swap = d(2025, 10, 14)
    before = COMMITTED - datetime.timedelta(days=1)
    out = [
        ec2("p5 vision", "ml", "p5.48xlarge", ("28.8", "28.8"), "55.04",
            home("infra", "vision.train"), noise=0, tags=train, last=before),
        ec2("p5 routing", "ml", "p5.48xlarge", ("19.2", "19.2"), "55.04",
            home("infra", "routing.train"), noise=0, tags=routing, last=before),
        ec2("p5 plan vision", "ml", "p5.48xlarge", ("28.8", "28.8"), "55.04",
            home("infra", "vision.train"), noise=0, tags=train, first=COMMITTED, plan=covered),
        ec2("p5 plan routing", "ml", "p5.48xlarge", ("19.2", "19.2"), "55.04",
            home("infra", "routing.train"), noise=0, tags=routing, first=COMMITTED, plan=covered),
        ec2("p5 burst", "ml", "p5.48xlarge", ("6", "13"), "55.04", home("infra", "vision.train"),
            weekend="0.2", noise=40, tags=train),
        ec2("g6 vision", "ml", "g6.12xlarge", ("168", "264"), "4.6016",
            home("infra", "vision.serve"), tags=vision, noise=3),
        ec2("g5 docs", "ml", "g5.4xlarge", ("120", "240"), "1.624", home("infra", "docs.serve"),
            tags=docs, noise=6, weekend="0.8"),
        ec2("g5 desktops", "edge", "g5.xlarge", ("260", "300"), "1.006", NOT_AI, weekend="0.15",
            tags=tagged("yard-design", workload="cad-desktops")),
        ec2("g6 untagged", "core", "g6.2xlarge", ("96", "192"), "0.9776", REVIEW, noise=5),
        ec2("g5 untagged", "core", "g5.12xlarge", ("24", "24"), "5.672", REVIEW, noise=0,
            first=d(2025, 11, 3)),
        ec2("p5 research", "labs", "p5.48xlarge", ("2", "2.4"), "55.04", home("reserve"),
            weekend="0", noise=50, tags=lab, first=d(2025, 9, 1)),
        ec2("g6 research", "labs", "g6.2xlarge", ("20", "26"), "0.9776", home("reserve"),
            weekend="0.5", noise=20, tags=lab),
        ec2("shared cluster", "core", "m6i.8xlarge", ("700", "860"), "1.536", half_cluster, noise=2,
            resource="arn:aws:eks:us-east-1:410000000033:cluster/eks-shared",
            tags=tagged("core-platform")),
        Series("sm train", SAGEMAKER, "ml", "USE1-Train:ml.p4d.24xlarge", HOURS, "25.25", "12",
               "19", home("infra", "routing.train"), weekend="0.4", noise=30, tags=routing,
               operation="CreateTrainingJob"),
        Series("sm host g5", SAGEMAKER, "ml", "USE1-Host:ml.g5.2xlarge", HOURS, "1.515", "72",
               "120", home("infra", "support.serve"), noise=0,
               tags=tagged("support-ai", initiative="support"), operation="RunInstance"),
        Series("sm host inf2", SAGEMAKER, "ml", "USE1-Host:ml.inf2.8xlarge", HOURS, "2.361", "48",
               "72", home("infra", "routing.serve"), noise=0,
               tags=tagged("ml-platform", initiative="routing"), operation="RunInstance"),
        Series("sm notebooks", SAGEMAKER, "ml", "USE1-Notebk:ml.g5.xlarge", HOURS, "1.408", "40",
               "64", home("infra", "platform.dev"), weekend="0.25", noise=12,
               tags=tagged("ml-platform", "dev"), operation="RunInstance"),
        Series("sm truth", SAGEMAKER, "ml", "USE1-GroundTruth:LabeledObjects", "Objects", "0.08",
               "900", "1800", home("data", "vision.frames"), weekend="0.1", noise=25, places=0,
               tags=vision, operation="LabelObjects"),
        Series("sm mlflow", SAGEMAKER, "ml", "USE1-MLflow:ml.medium", HOURS, "0.98", "24", "24",
               home("data", "platform.experiments"), noise=0, operation="TrackingServer",
               tags=tagged("ml-platform")),
        Series("lake", S3, "ml", "TimedStorage-ByteHrs", GB_MONTHS, "0.023", "29500", "46700",
               home("infra", "platform.lake"), noise=0, places=3, operation="StandardStorage",
               resource="example-ml-lake", tags=tagged("ml-platform")),
        Series("ml disks", EBS, "ml", "EBS:VolumeUsage.gp3", GB_MONTHS, "0.08", "1300", "1900",
               home("infra", "platform.lake"), noise=1, places=3, operation="CreateVolume-Gp3"),
        Series("ml nat", NAT, "ml", "NatGateway-Bytes", GB, "0.045", "3600", "5600",
               home("infra", "platform.egress"), weekend="0.6", noise=15, places=3,
               operation="NatGateway"),
        Series("nova in", BEDROCK, "ml", "USE1-NovaPro-input-tokens", "1K tokens", "0.0008",
               "52000", "98000", home("vendor", "docs.read"), weekend="0.4", noise=12, places=3,
               tags=docs, operation="InvokeModelInference"),
        Series("nova out", BEDROCK, "ml", "USE1-NovaPro-output-tokens", "1K tokens", "0.0032",
               "9000", "17000", home("vendor", "docs.read"), weekend="0.4", noise=12, places=3,
               tags=docs, operation="InvokeModelInference"),
        Series("nova research", BEDROCK, "labs", "USE1-NovaPro-output-tokens", "1K tokens",
               "0.0032", "1500", "3000", home("reserve"), weekend="0", noise=60, places=3,
               tags=lab, operation="InvokeModelInference"),
    ]
    for edition, first, last in (("Claude Sonnet 4", None, swap - datetime.timedelta(days=1)),
                                 ("Claude Sonnet 4.5", swap, None)):
        for usage, price, per_day in (("InputTokenCount", "3", ("128", "215")),
                                      ("OutputTokenCount", "15", ("19", "33")),
                                      ("CacheReadInputTokenCount", "0.3", ("150", "360")),
                                      ("CacheWriteInputTokenCount", "3.75", ("12", "21"))):
            out.append(claude("%s %s" % (edition, usage), edition, usage, price, per_day, first,
                              last))
    return out


def plain_series():
    """The bill in which AI is buried."""
    app, db = tagged("portal"), tagged("core-data")
    covered = (GENERAL_PLAN, Decimal("0.2795"))

    def other(key, name, code, category, sub, account, meter, unit, price, per_day, **more):
        more.setdefault("tags", app)
        return Series(key, (name, code, category, sub), account, meter, unit, price, per_day[0],
                      per_day[1], NOT_AI, **more)
    return [
        ec2("m6i covered", "shop", "m6i.2xlarge", ("3200", "3200"), "0.384", NOT_AI, noise=0,
            tags=app, plan=covered),
        ec2("m6i", "shop", "m6i.2xlarge", ("2600", "4300"), "0.384", NOT_AI, tags=app),
        ec2("c7g", "core", "c7g.4xlarge", ("2400", "3000"), "0.58", NOT_AI,
            tags=tagged("dispatch")),
        ec2("r6g", "data", "r6g.4xlarge", ("1500", "1900"), "0.8064", NOT_AI, tags=db),
        ec2("t3", "edge", "t3.medium", ("5200", "6100"), "0.0416", NOT_AI),
        other("aurora", "Amazon Relational Database Service", "AmazonRDS", "Databases",
              "Relational Databases", "core", "InstanceUsage:db.r6g.4xlarge", HOURS, "2.076",
              ("1300", "1500"), tags=db, operation="CreateDBInstance:0021"),
        other("rds storage", "Amazon Relational Database Service", "AmazonRDS", "Databases",
              "Relational Databases", "core", "Aurora:StorageIOUsage", "IOs", "0.0000002",
              ("1900000000", "2400000000"), tags=db, places=0, weekend="0.7"),
        other("s3", *S3, "shop", "TimedStorage-ByteHrs", GB_MONTHS, "0.023", ("42000", "61000"),
              noise=0, places=3, resource="example-portal-documents"),
        other("s3 requests", *S3, "shop", "Requests-Tier1", "Requests", "0.000005",
              ("9000000", "14000000"), places=0, weekend="0.6"),
        other("ebs", *EBS, "shop", "EBS:VolumeUsage.gp3", GB_MONTHS, "0.08", ("12000", "15500"),
              noise=1, places=3),
        other("nat", *NAT, "shop", "NatGateway-Bytes", GB, "0.045", ("14000", "19000"),
              weekend="0.7", places=3, noise=9),
        other("transfer", "AWS Data Transfer", "AWSDataTransfer", "Networking",
              "Network Infrastructure", "shop", "DataTransfer-Out-Bytes", GB, "0.07",
              ("9000", "13500"), weekend="0.7", places=3, noise=9),
        other("cloudfront", "Amazon CloudFront", "AmazonCloudFront", "Networking",
              "Content Delivery", "shop", "US-DataTransfer-Out-Bytes", GB, "0.06",
              ("9500", "13000"), weekend="0.7", places=3, noise=9),
        other("sqs", "Amazon Simple Queue Service", "AWSQueueService", "Integration", "Messaging",
              "core", "Requests-Tier1", "Requests", "0.0000004", ("240000000", "330000000"),
              places=0, weekend="0.6", tags=None),
        other("lambda", "AWS Lambda", "AWSLambda", "Compute", "Serverless Compute", "core",
              "Lambda-GB-Second", "Lambda-GB-Second", "0.0000166667", ("24000000", "33000000"),
              places=0, weekend="0.6"),
        other("cloudwatch", "AmazonCloudWatch", "AmazonCloudWatch", "Management and Governance",
              "Observability", "core", "DataProcessing-Bytes", GB, "0.5", ("1500", "2100"),
              places=3, noise=9),
        other("dynamodb", "Amazon DynamoDB", "AmazonDynamoDB", "Databases", "NoSQL Databases",
              "core", "WriteRequestUnits", "WriteRequestUnits", "0.00000125",
              ("500000000", "720000000"), places=0, weekend="0.6"),
        other("redis", "Amazon ElastiCache", "AmazonElastiCache", "Databases", "Caching", "core",
              "NodeUsage:cache.r6g.xlarge", HOURS, "0.411", ("1100", "1300"), noise=0),
        other("opensearch", "Amazon OpenSearch Service", "AmazonES", "Analytics",
              "Search", "data", "ESInstance:r6g.2xlarge", HOURS, "0.669", ("1300", "1600"),
              noise=0, tags=db),
        other("redshift", "Amazon Redshift", "AmazonRedshift", "Databases", "Data Warehouses",
              "data", "Node:ra3.4xlarge", HOURS, "3.26", ("380", "420"), noise=0, tags=db),
        # its name begins like Amazon Q, and it is none
        other("quicksight", "Amazon QuickSight", "AmazonQuickSight", "Analytics",
              "Business Intelligence", "data", "QS-User-Enterprise-Month", "User-Mo", "18",
              ("7.1", "8.4"), noise=0, tags=db),
    ]


def stamp(day):
    return day.strftime("%Y-%m-%dT00:00:00Z")


class Bill:
    def __init__(self):
        self.lines = {m: [] for m in MONTHS}
        self.truth = []

    def add(self, period, day, end, cells, billed, effective, listed, contracted, parts):
        base = {
            "BilledCost": plain(billed), "EffectiveCost": plain(effective),
            "ListCost": plain(listed), "ContractedCost": plain(contracted),
            "BillingAccountId": PAYER, "BillingAccountName": ORG, "BillingCurrency": "USD",
            "BillingPeriodStart": stamp(month_start(period)),
            "BillingPeriodEnd": stamp(month_start(next_month(period))),
            "ChargePeriodStart": stamp(day), "ChargePeriodEnd": stamp(end),
            "InvoiceIssuerName": ISSUER, "ProviderName": "AWS", "PublisherName": ISSUER,
        }
        base.update(cells)
        assert set(base) <= set(COLUMNS), set(base) - set(COLUMNS)
        self.lines[period].append(csv_line(base.get(c, "") for c in COLUMNS))
        self.truth.append(Truth(day, "AWS", billed, effective, parts))


def service_cells(service, account):
    return {"ServiceName": service[0], "x_ServiceCode": service[1], "ServiceCategory": service[2],
            "ServiceSubcategory": service[3], "SubAccountId": ACCOUNTS[account][0],
            "SubAccountName": ACCOUNTS[account][1]}


def usage_cells(s, quantity, contracted_price):
    sku = Noise("sku").hex(s.meter, 16).upper()
    cells = service_cells(s.service, s.account)
    cells.update({
        "ChargeCategory": "Usage", "ChargeFrequency": "Usage-Based",
        "ChargeDescription": s.text or "$%s per %s of %s" % (plain(s.price), s.unit, s.meter),
        "ConsumedQuantity": plain(quantity), "ConsumedUnit": s.unit,
        "ContractedUnitPrice": plain(contracted_price), "ListUnitPrice": plain(s.price),
        "PricingCategory": "Standard", "PricingQuantity": plain(quantity), "PricingUnit": s.unit,
        "RegionId": s.region, "RegionName": "US East (N. Virginia)", "SkuId": sku,
        "SkuPriceId": sku + ".JRTCKXETXF." + Noise("rate").hex(s.meter, 10).upper(),
        "SkuMeter": s.meter, "x_Operation": s.operation,
    })
    if s.service is EC2:
        kind = s.meter.split(":")[1]
        cells["ResourceType"] = "instance"
        cells["SkuPriceDetails"] = json.dumps(
            {"InstanceSeries": kind.split(".")[0], "InstanceType": kind}, separators=(",", ":"))
    if s.service is EC2 or s.resource:
        name = Noise("resource").hex(s.key, 17)
        cells["ResourceId"] = s.resource or "arn:aws:ec2:%s:%s:instance/i-%s" % (
            s.region, ACCOUNTS[s.account][0], name)
    if s.tags:
        cells["Tags"] = json.dumps(s.tags, sort_keys=True, separators=(", ", ": "))
    if s.publisher:
        cells["PublisherName"] = s.publisher
    return cells


def add_usage(bill, s, day):
    quantity = s.quantity(day)
    if not quantity:
        return
    contracted_price = s.price * s.agreed
    listed, contracted = quantity * s.price, quantity * contracted_price
    cells = usage_cells(s, quantity, contracted_price)
    billed = effective = contracted
    if s.plan:
        billed, effective = Decimal(0), quantity * s.plan[1]
        cells.update({
            "PricingCategory": "Committed", "CommitmentDiscountCategory": "Spend",
            "CommitmentDiscountId": s.plan[0], "CommitmentDiscountStatus": "Used",
            "CommitmentDiscountType": "Compute Savings Plans"})
    bill.add((day.year, day.month), day, day + datetime.timedelta(days=1), cells, billed, effective,
             listed, contracted, s.parts)


def plan_cells(plan):
    cells = service_cells(("Savings Plans for AWS Compute usage", "ComputeSavingsPlans", "Compute",
                           "Virtual Machines"), "core")
    cells.update({"SubAccountId": PAYER, "SubAccountName": ORG, "CommitmentDiscountId": plan,
                  "CommitmentDiscountCategory": "Spend",
                  "CommitmentDiscountType": "Compute Savings Plans"})
    return cells


def add_plan_purchase(bill, plan, day, end, text, frequency, cost, parts):
    cells = plan_cells(plan)
    cells.update({"ChargeCategory": "Purchase", "ChargeFrequency": frequency,
                  "ChargeDescription": text})
    bill.add((day.year, day.month), day, end, cells, cost, Decimal(0), cost, cost, parts)


def add_plans(bill, m):
    """The commitments as invoiced: effective cost is on what they cover and on what they miss."""
    hours = 24 * len(month_days(m))
    first, end = month_start(m), month_start(next_month(m))
    add_plan_purchase(bill, GENERAL_PLAN, first, end, "1 year Partial Upfront Compute Savings Plan",
                      "Recurring", Decimal("19.2") * hours, NOT_AI)
    # 38.4 dollars an hour are committed, the portal uses 3200 instance hours a day at 0.2795
    missed = Decimal("38.4") * hours - 3200 * Decimal("0.2795") * len(month_days(m))
    cells = plan_cells(GENERAL_PLAN)
    cells.update({"ChargeCategory": "Usage", "ChargeFrequency": "Usage-Based",
                  "CommitmentDiscountStatus": "Unused",
                  "ChargeDescription": "Unused part of the Compute Savings Plan"})
    bill.add(m, first, end, cells, Decimal(0), missed, Decimal(0), Decimal(0), NOT_AI)
    if m == (2025, 9):
        add_plan_purchase(bill, GENERAL_PLAN, first, datetime.date(2026, 9, 1),
                          "1 year Partial Upfront Compute Savings Plan, upfront", "One-Time",
                          Decimal("19.2") * 24 * 365, NOT_AI)
    if first == COMMITTED:
        add_plan_purchase(bill, ML_PLAN, first, datetime.date(2027, 1, 1),
                          "1 year All Upfront Compute Savings Plan, training cluster", "One-Time",
                          Decimal("61.92") * 24 * 365, home("infra", "platform.commitments"))


def add_monthly(bill, m):
    first, end = month_start(m), month_start(next_month(m))
    noise = Noise("aws monthly")

    def charge(service, account, category, text, cost, parts, frequency="Recurring", **more):
        cells = service_cells(service, account)
        cells.update({"ChargeCategory": category, "ChargeFrequency": frequency,
                      "ChargeDescription": text})
        cells.update(more)
        bill.add(m, first, end, cells, cost, cost, cost, cost, parts)

    support = ("AWS Support (Enterprise)", "AWSSupportEnterprise", "Management and Governance",
               "Support")
    charge(support, "core", "Purchase", "Enterprise Support for %s" % month_text(m),
           rounded(Decimal(36200) * noise.factor(month_text(m), 8), 2), NOT_AI)
    charge(EC2, "shop", "Tax", "Sales tax on usage of Amazon Elastic Compute Cloud",
           rounded(Decimal(4100) * noise.factor("tax " + month_text(m), 10), 2), NOT_AI, "One-Time")
    charge(SAGEMAKER, "ml", "Tax", "Sales tax on usage of Amazon SageMaker",
           rounded(Decimal(690) * noise.factor("ml tax " + month_text(m), 10), 2),
           home("infra", "platform"), "One-Time")
    if m in ((2025, 8), (2025, 9), (2025, 10)):
        charge(BEDROCK, "ml", "Credit", "Generative AI proof-of-value credit", Decimal(-2500),
               home("vendor"), "One-Time")
    if m[1] in (1, 4, 7, 10):
        charge(EC2, "shop", "Credit", "Migration program credit", Decimal("-18000"), NOT_AI,
               "One-Time")


def add_correction(bill):
    """In November AWS takes back what a failed capacity block of September had been charged."""
    s = next(x for x in ai_series() if x.key == "p5 burst")
    day, quantity = datetime.date(2025, 9, 17), Decimal("-21.5")
    price = s.price * s.agreed
    cells = usage_cells(s, quantity, price)
    cells["ChargeClass"] = "Correction"
    cells["ChargeDescription"] = "Correction: interrupted capacity, September 2025"
    bill.add((2025, 11), day, day + datetime.timedelta(days=1), cells, quantity * price,
             quantity * price, quantity * s.price, quantity * price, s.parts)


def build():
    bill = Bill()
    series = ai_series() + plain_series()
    for m in MONTHS:
        for s in series:
            for day in month_days(m):
                add_usage(bill, s, day)
        add_plans(bill, m)
        add_monthly(bill, m)
    add_correction(bill)
    assert len(bill.truth) == sum(len(x) for x in bill.lines.values()) and len(DAYS) == 365
    files = {}
    for i, quarter in enumerate(QUARTERS):
        text = csv_line(COLUMNS) + "".join("".join(bill.lines[m]) for m in quarter)
        files["cloud/aws-focus-FY2026-Q%d.csv.gz" % (i + 1)] = packed(text)
    return files, bill.truth
