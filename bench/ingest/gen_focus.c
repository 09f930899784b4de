/* gen_focus.c - a year of FOCUS rows for the benchmark: seeded, so that every run reads the same
 * file.
 *
 * gen_focus ROWS SEED > file.csv
 *
 * Shaped like real exports: 44 columns, all text quoted, hours in order, three clouds, AI among
 * mostly other services, a few services making up most rows, tens of thousands of resources,
 * descriptions that repeat and some that never do, tags as JSON on most rows, unknowns as empty
 * cells. About 700 bytes a row. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct product {
    const char *provider, *service, *category, *subcategory, *sku, *meter, *unit, *what, *type;
    unsigned weight;      /* how many of a thousand rows */
    unsigned price_nanos; /* per unit */
};

static const struct product PRODUCTS[] = {
    {"AWS", "Amazon Elastic Compute Cloud", "Compute", "Virtual Machines", "JRTCKXETXF",
     "BoxUsage:m6i.2xlarge", "Hrs", "On Demand Linux m6i.2xlarge Instance Hour", "m6i.2xlarge", 150,
     384000000},
    {"AWS", "Amazon Elastic Compute Cloud", "Compute", "Virtual Machines", "KRTCKXETXF",
     "BoxUsage:p5.48xlarge", "Hrs", "On Demand Linux p5.48xlarge Instance Hour", "p5.48xlarge", 9,
     4180000000},
    {"AWS", "Amazon Elastic Compute Cloud", "Compute", "Virtual Machines", "LRTCKXETXF",
     "BoxUsage:g6.4xlarge", "Hrs", "On Demand Linux g6.4xlarge Instance Hour", "g6.4xlarge", 14,
     1323000000},
    {"AWS", "Amazon Simple Storage Service", "Storage", "Object Storage", "RGXCDXETXF",
     "TimedStorage-ByteHrs", "GB-Mo", "first 50 TB / month of storage used", "Bucket", 130,
     23000000},
    {"AWS", "Amazon Simple Queue Service", "Integration", "Messaging", "G95FST5FTY",
     "Requests-Tier1", "Requests", "per million Amazon SQS standard requests in Tier1", "Queue", 55,
     400},
    {"AWS", "AWS Lambda", "Compute", "Serverless Compute", "P7CFST5FTY", "Lambda-GB-Second",
     "Lambda-GB-Second", "per GB-second for Lambda compute", "Function", 90, 16667},
    {"AWS", "AmazonCloudWatch", "Management and Governance", "Observability", "QWCFST5FTY",
     "CW:MetricMonitorUsage", "Metrics", "per metric-month for the first 10,000 metrics", "Metric",
     80, 300000000},
    {"AWS", "Amazon Relational Database Service", "Databases", "Relational Databases", "RDSFST5FTY",
     "InstanceUsage:db.r6g.xl", "Hrs",
     "RDS db.r6g.xlarge Single-AZ instance hour running PostgreSQL", "db.r6g.xlarge", 60,
     450000000},
    {"AWS", "Amazon DynamoDB", "Databases", "NoSQL Databases", "DDBFST5FTY", "ReadRequestUnits",
     "ReadRequestUnits", "per million read request units", "Table", 40, 250},
    {"AWS", "Elastic Load Balancing", "Networking", "Network Connectivity", "2ETY8Y426S",
     "LCUUsage", "LCU-Hrs",
     "per used Application load balancer capacity unit-hour (or partial hour)", "LoadBalancer", 45,
     8000000},
    {"AWS", "Amazon Bedrock", "AI and Machine Learning", "Generative AI", "BRKFST5FTY",
     "NovaPro-input-tokens", "1K tokens", "per 1K input tokens for Nova Pro", "", 10, 800000},
    {"AWS", "Claude Sonnet 4 (Amazon Bedrock Edition)", "AI and Machine Learning", "Generative AI",
     "MPAFST5FTY", "MP:USE1_InputTokenCount-Units", "Units",
     "AWS Marketplace software usage|Million Input Tokens", "", 14, 3000000000},
    {"AWS", "Claude Sonnet 4 (Amazon Bedrock Edition)", "AI and Machine Learning", "Generative AI",
     "MPBFST5FTY", "MP:USE1_OutputTokenCount-Units", "Units",
     "AWS Marketplace software usage|Million Output Tokens", "", 14, 3900000000},
    {"AWS", "Amazon SageMaker", "AI and Machine Learning", "Machine Learning", "SGMFST5FTY",
     "Train:ml.p4d.24xlarge", "Hrs", "for Training ml.p4d.24xlarge", "ml.p4d.24xlarge", 8,
     3769000000},
    {"AWS", "Amazon SageMaker", "AI and Machine Learning", "Machine Learning", "SGHFST5FTY",
     "Host:ml.g5.2xlarge", "Hrs", "for Hosting ml.g5.2xlarge", "ml.g5.2xlarge", 9, 1515000000},
    {"Microsoft", "Virtual Machines", "Compute", "Virtual Machines", "DZH318Z0BQ", "D4s v5",
     "1 Hour", "Virtual Machines Dsv5 Series - D4s v5", "microsoft.compute/virtualmachines", 60,
     192000000},
    {"Microsoft", "Storage Accounts", "Storage", "Object Storage", "DZH318Z0BP",
     "Hot LRS Data Stored", "1 GB/Month", "Blob Storage - Hot LRS Data Stored",
     "microsoft.storage/storageaccounts", 50, 18400000},
    {"Microsoft", "Azure OpenAI Service", "AI and Machine Learning", "Generative AI", "DZH318Z0OA",
     "gpt-4.1 Inp glbl Tokens", "1M Tokens", "Azure OpenAI - gpt-4.1 Inp glbl Tokens",
     "microsoft.cognitiveservices/accounts", 14, 2000000000},
    {"Microsoft", "Azure OpenAI Service", "AI and Machine Learning", "Generative AI", "DZH318Z0OB",
     "gpt-4.1 Outp glbl Tokens", "1M Tokens", "Azure OpenAI - gpt-4.1 Outp glbl Tokens",
     "microsoft.cognitiveservices/accounts", 14, 4100000000},
    {"Microsoft", "Azure Machine Learning", "AI and Machine Learning", "Machine Learning",
     "DZH318Z0ML", "NC24ads A100 v4", "1 Hour", "Azure Machine Learning - NC24ads A100 v4",
     "microsoft.machinelearningservices/workspaces", 5, 3673000000},
    {"Google Cloud", "Compute Engine", "Compute", "Virtual Machines", "0013-863C-A2FF",
     "N2 Instance Core", "hour", "N2 Instance Core running in Americas",
     "compute.googleapis.com/Instance", 40, 31611000},
    {"Google Cloud", "BigQuery", "Analytics", "Data Warehouses", "1DDE-E0D4-9C38", "Analysis",
     "tebibyte", "BigQuery Analysis (on demand)", "bigquery.googleapis.com/Job", 40, 4100000000},
    {"Google Cloud", "Cloud Storage", "Storage", "Object Storage", "E5F0-6A5D-7BAD",
     "Standard Storage", "gibibyte month", "Standard Storage US Multi-region",
     "storage.googleapis.com/Bucket", 35, 26000000},
    {"Google Cloud", "Vertex AI", "AI and Machine Learning", "Generative AI", "VTX1-6A5D-7BAD",
     "Gemini 2.5 Pro Input Tokens", "1000000 Tokens", "Gemini 2.5 Pro GA Text Input - Predictions",
     "aiplatform.googleapis.com/Endpoint", 8, 1250000000},
    {"Google Cloud", "Vertex AI", "AI and Machine Learning", "Machine Learning", "VTX2-6A5D-7BAD",
     "A2 Instance Ram", "hour", "Vertex AI: Training on A100 GPU",
     "aiplatform.googleapis.com/CustomJob", 6, 2934000000},
};

static const char *const TEAMS[] = {"search",      "discovery", "checkout",  "payments", "risk",
                                    "ml-platform", "support",   "docs",      "mobile",   "web",
                                    "growth",      "data-eng",  "analytics", "security", "infra",
                                    "sre",         "vision",    "speech",    "ads",      "pricing",
                                    "logistics",   "catalog",   "identity",  "research"};
static const char *const REGIONS[][2] = {{"us-east-1", "US East (N. Virginia)"},
                                         {"us-west-2", "US West (Oregon)"},
                                         {"eu-west-1", "Europe (Ireland)"},
                                         {"eu-central-1", "Europe (Frankfurt)"},
                                         {"ap-southeast-1", "Asia Pacific (Singapore)"},
                                         {"ap-northeast-1", "Asia Pacific (Tokyo)"}};
static const char *const ENVS[] = {"prod", "prod", "prod", "staging", "dev"};

#define HEADER                                                                                     \
    "AvailabilityZone,BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,"             \
    "BillingPeriodEnd,BillingPeriodStart,ChargeCategory,ChargeClass,"                              \
    "ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,"                         \
    "CommitmentDiscountCategory,CommitmentDiscountId,CommitmentDiscountName,"                      \
    "CommitmentDiscountStatus,CommitmentDiscountType,ConsumedQuantity,ConsumedUnit,"               \
    "ContractedCost,ContractedUnitPrice,EffectiveCost,InvoiceIssuerName,"                          \
    "ListCost,ListUnitPrice,PricingCategory,PricingQuantity,PricingUnit,ProviderName,"             \
    "PublisherName,RegionId,RegionName,ResourceId,ResourceName,"                                   \
    "ResourceType,ServiceCategory,ServiceName,ServiceSubcategory,SkuId,SkuPriceId,SkuMeter,"       \
    "SubAccountId,SubAccountName,Tags\n"

static uint64_t state;

static uint64_t next_random(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t n)
{
    return next_random() % n;
}

/* nanos * 10^-9 times thousandths * 10^-3: twelve decimals, cut to ten. */
static void put_amount(char *to, size_t cap, uint64_t nanos, uint64_t thousandths, unsigned percent)
{
    uint64_t v = nanos * thousandths / 100 * percent / 100; /* 10^-10 */
    snprintf(to, cap, "%" PRIu64 ".%010" PRIu64, v / 10000000000u, v % 10000000000u);
}

struct moment {
    int month, day, hour;
};

static struct moment moment_of(uint64_t hour)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int day = (int)(hour / 24), month = 0;
    while (month < 11 && day >= days[month])
        day -= days[month++];
    return (struct moment){month + 1, day + 1, (int)(hour % 24)};
}

static const struct product *pick_product(void)
{
    static unsigned total;
    if (!total)
        for (size_t i = 0; i < COUNT(PRODUCTS); i++)
            total += PRODUCTS[i].weight;
    unsigned at = (unsigned)below(total);
    for (size_t i = 0;; i++) {
        if (at < PRODUCTS[i].weight)
            return &PRODUCTS[i];
        at -= PRODUCTS[i].weight;
    }
}

static void put_tags(FILE *f, size_t team, uint64_t resource)
{
    uint64_t kind = below(100);
    if (kind < 8)
        return; /* untagged */
    fputs("\"{", f);
    fprintf(f,
            "\"\"application\"\": \"\"app-%02" PRIu64
            "\"\", \"\"cost_center\"\": \"\"CC-%04zu\"\", ",
            resource % 60, 1000 + team * 7);
    fprintf(f, "\"\"environment\"\": \"\"%s\"\"", ENVS[resource % COUNT(ENVS)]);
    if (kind < 88)
        fprintf(f, ", \"\"team\"\": \"\"%s\"\"", TEAMS[team]);
    if (kind >= 96)
        fprintf(f, ", \"\"run_id\"\": \"\"%016" PRIx64 "\"\"", next_random());
    fputs("}\"", f);
}

static void put_row(FILE *f, uint64_t row, uint64_t rows)
{
    const struct product *p = pick_product();
    struct moment from = moment_of(row * 8759 / rows), to = moment_of(row * 8759 / rows + 1);
    size_t team = below(COUNT(TEAMS)), region = below(1 + below(COUNT(REGIONS)));
    size_t sub = team * 3 + below(3);
    uint64_t resource = below(1 + below(900)), thousandths = 1 + below(90000);
    size_t which = (size_t)(p - PRODUCTS);
    const char *publisher = strstr(p->service, "Claude") ? "Anthropic" : p->provider;
    char list[40], billed[40], effective[40], quantity[40], price[40];
    put_amount(list, sizeof list, p->price_nanos, thousandths, 100);
    put_amount(billed, sizeof billed, p->price_nanos, thousandths, 90);
    put_amount(effective, sizeof effective, p->price_nanos, thousandths, 85);
    snprintf(quantity, sizeof quantity, "%" PRIu64 ".%03" PRIu64, thousandths / 1000,
             thousandths % 1000);
    snprintf(price, sizeof price, "%u.%09u", p->price_nanos / 1000000000u,
             p->price_nanos % 1000000000u);
    fprintf(f, "\"%s%c\",%s,\"%012d\",\"Payer %zu\",\"USD\",", REGIONS[region][0],
            (char)('a' + resource % 3), billed, 100200300, (size_t)1);
    fprintf(f, "\"%d-%02d-01T00:00:00Z\",\"2025-%02d-01T00:00:00Z\",\"Usage\",,",
            from.month == 12 ? 2026 : 2025, from.month % 12 + 1, from.month);
    fprintf(f, "\"$%s %s in %s", price, p->what, REGIONS[region][1]);
    if (below(50) == 0)
        fprintf(f, " (job %08" PRIx64 ")", next_random() & 0xffffffff);
    fprintf(
        f, "\",\"Usage-Based\",\"2025-%02d-%02dT%02d:00:00Z\",\"2025-%02d-%02dT%02d:00:00Z\",,,,,,",
        to.month, to.day, to.hour, from.month, from.day, from.hour);
    fprintf(f, "%s,\"%s\",%s,%s,%s,\"%s\",%s,%s,\"Standard\",%s,\"%s\",", quantity, p->unit, billed,
            price, effective, p->provider, list, price, quantity, p->unit);
    fprintf(f, "\"%s\",\"%s\",\"%s\",\"%s\",", p->provider, publisher, REGIONS[region][0],
            REGIONS[region][1]);
    fprintf(f,
            "\"arn:cloud:%zu:%s:%012zu:%s/%s-%04" PRIu64 "-%06" PRIx64 "\",\"%s-%04" PRIu64
            "\",\"%s\",",
            which, REGIONS[region][0], 200000000000u + sub, p->type[0] ? "r" : "m", TEAMS[team],
            resource, (resource * 7919 + team * 104729 + which * 1299709) & 0xffffff, TEAMS[team],
            resource, p->type);
    fprintf(f, "\"%s\",\"%s\",\"%s\",\"%s\",\"%s.%s.6YS6EN2CT7\",\"%s\",\"%012zu\",\"%s %zu\",",
            p->category, p->service, p->subcategory, p->sku, p->sku, REGIONS[region][0], p->meter,
            200000000000u + sub, TEAMS[team], sub % 3);
    put_tags(f, team, resource);
    fputc('\n', f);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: gen_focus ROWS SEED > FILE\n");
        return 2;
    }
    uint64_t rows = strtoull(argv[1], NULL, 10);
    state = strtoull(argv[2], NULL, 10);
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    fputs(HEADER, stdout);
    for (uint64_t i = 0; i < rows; i++)
        put_row(stdout, i, rows);
    if (fflush(stdout) || ferror(stdout)) {
        perror("gen_focus");
        return 1;
    }
    return 0;
}
