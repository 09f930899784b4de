/* spend.h - one row of spend in canonical form, and who produces such rows.
 *
 * A row is what an importer made of one record of a file (or of one share of it, when a rule split
 * it). Money is in the row's own currency, exact to 18 decimals. Unknown is not zero: a missing
 * amount, quantity or token count is DEC_NULL or TOKENS_NULL, missing text is an empty str. */
#ifndef STORE_SPEND_H
#define STORE_SPEND_H

#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "core/category.h"
#include "core/currency.h"
#include "core/dec.h"
#include "core/month.h"

#define TOKENS_NULL INT64_MIN

/* Which of a row's two costs a report sums. */
enum basis { BASIS_EFFECTIVE, BASIS_BILLED };

/* Token counts in disjoint buckets: their sum is all tokens, nothing is in two of them. */
enum token_bucket {
    TOKENS_IN,             /* input, neither read from nor written to a cache */
    TOKENS_CACHE_READ,
    TOKENS_CACHE_WRITE_5M, /* also a cache write of unstated life */
    TOKENS_CACHE_WRITE_1H,
    TOKENS_OUT,            /* output, reasoning included */
    TOKEN_BUCKETS,
};
const char *token_bucket_key(enum token_bucket b); /* "in", "cache_read", ... */

/* The text columns of a row. Order is the order of the ledger's columns. */
enum spend_text {
    SPEND_PROVIDER,        /* who sells: "AWS", "OpenAI" */
    SPEND_PUBLISHER,       /* who made it, when not the provider */
    SPEND_SERVICE,         /* "Amazon Bedrock" */
    SPEND_SERVICE_CODE,    /* "AmazonBedrock", "microsoft.compute" */
    SPEND_SERVICE_CATEGORY,    /* FOCUS ServiceCategory */
    SPEND_SERVICE_SUBCATEGORY, /* FOCUS ServiceSubcategory */
    SPEND_SKU,             /* SKU or price id */
    SPEND_METER,           /* usage type, meter name, SkuMeter */
    SPEND_SKU_DETAILS,     /* FOCUS SkuPriceDetails, JSON */
    SPEND_DESCRIPTION,
    SPEND_ACCOUNT,         /* billing account */
    SPEND_SUB_ACCOUNT,     /* sub-account, subscription, project, workspace */
    SPEND_RESOURCE,
    SPEND_RESOURCE_TYPE,   /* resource or instance type */
    SPEND_REGION,
    SPEND_UNIT,            /* of quantity */
    SPEND_CHARGE_CATEGORY, /* Usage, Purchase, Tax, Credit, Adjustment */
    SPEND_CHARGE_CLASS,    /* Correction, or empty */
    SPEND_COMMITMENT,      /* commitment discount id */
    SPEND_TAGS,            /* flat JSON object, keys sorted; empty when none */
    SPEND_MODEL,
    SPEND_TIER,            /* standard, priority, flex, 200k-1M ... */
    SPEND_PRICE_ID,        /* which price made the cost of a row that came without one */
    SPEND_INITIATIVE,
    SPEND_LINE,            /* initiative.line */
    SPEND_RULE,            /* id of the rule that placed the row; empty: none did */
    SPEND_TEXTS,
};
const char *spend_text_key(enum spend_text t); /* column name: "provider", "sub_account" ... */
/* By column name; also accepts "project" for sub_account and "usage_type" for meter. */
MUST_CHECK bool spend_text_parse(str key, enum spend_text *ret);

/* `unit` of rows of model calls whose log tells how they ended; their number is `requests`. */
#define UNIT_ANSWERED "answered call"
#define UNIT_FAILED "failed call"

#define ALLOCATION_TAGS 4 /* tags a book may promote to columns of the cube */

struct spend_row {
    day day;       /* of use, UTC */
    month period;  /* billing month; the month of `day` when the file has none */
    dec billed;    /* DEC_NULL: unknown (usage without a price) */
    dec effective; /* amortized; equal to billed when the file has only one cost */
    dec list;      /* at list price, DEC_NULL when absent */
    dec quantity;  /* in `unit`; DEC_NULL when absent */
    currency currency;
    int64_t tokens[TOKEN_BUCKETS]; /* TOKENS_NULL when absent */
    int64_t requests;              /* TOKENS_NULL when absent */
    bool batch;
    str text[SPEND_TEXTS];
    enum category category; /* five, CATEGORY_NOT_AI or CATEGORY_REVIEW */
    uint8_t confidence;     /* 0-100 */
    uint32_t share_ppm;     /* 1000000 but for split rows; amounts are already multiplied */
    uint32_t file;          /* index into the import's files, from 1 */
    uint64_t row;           /* line (CSV, JSON lines) or record number in that file, from 1 */
    str allocation[ALLOCATION_TAGS]; /* values of the book's allocation tags, in its order */
    /* Rows of one worker with the same non-zero group agree in everything the cube keeps but `day`,
     * `period` and numbers: lets the ledger find the cube cell without comparing text. 0: no
     * promise. */
    uint32_t group;
};

void spend_row_clear(struct spend_row *r); /* all unknown, share whole, category review */

/* Produces rows, from several workers at once. Text of a row stays valid until the worker's next
 * call of produce, or longer. */
struct row_source {
    void *self;
    int max_workers; /* 1 for formats that must be read in order */
    /* Called once per worker, from its thread. */
    bool (*open)(void *self, void **ret_worker, struct err *e);
    /* Fills up to cap rows; *ret_n = 0 means the worker is done. */
    bool (*produce)(void *worker, struct spend_row *rows, size_t cap, size_t *ret_n, struct err *e);
    void (*close)(void *worker);
    /* Share of the input consumed, 0 to 1; NULL when unknown. Called from another thread. */
    double (*progress)(void *self);
};

#endif
