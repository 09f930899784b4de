/* duckdb_copy.c - the peer of the ingest benchmark: DuckDB's own COPY of the same columns, no rules.
 *
 * duckdb_copy FILE OUT.parquet THREADS */
#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "store/duckdb_api.h"

/* What gen_focus.c writes and outlay keeps. */
static const char *const TEXTS[] = {
    "ChargePeriodStart", "BillingPeriodStart", "BillingCurrency", "ProviderName", "PublisherName",
    "ServiceName", "ServiceCategory", "ServiceSubcategory", "SkuId", "SkuMeter",
    "ChargeDescription", "BillingAccountId", "SubAccountId", "ResourceId", "ResourceType",
    "RegionId", "ConsumedUnit", "ChargeCategory", "ChargeClass", "CommitmentDiscountId", "Tags"};
static const char *const AMOUNTS[] = {"BilledCost", "EffectiveCost", "ListCost",
                                      "ConsumedQuantity"};

/* All columns as text, from the header: sniffing may silently choose other types. */
static bool add_columns(struct buf *q, const char *path)
{
    char line[1 << 16];
    FILE *f = fopen(path, "r");
    bool ok = f && fgets(line, sizeof line, f);
    if (f)
        fclose(f);
    str rest = str_of(line), name;
    buf_add(q, S("{"));
    for (const char *comma = ""; ok && str_cut(&rest, ',', &name); comma = ", ")
        buf_fmt(q, "%s'%.*s': 'VARCHAR'", comma, FMT(str_trim(name)));
    buf_add(q, S("}"));
    return ok;
}

static bool run(const struct duckdb_api *db, duckdb_connection c, const char *text)
{
    duckdb_result r;
    bool ok = db->query(c, text, &r) == DuckDBSuccess;
    if (!ok)
        fprintf(stderr, "duckdb_copy: %s\n", db->result_error(&r));
    db->destroy_result(&r);
    return ok;
}

static bool copy(const struct duckdb_api *db, duckdb_connection c, char **argv)
{
    struct buf q;
    buf_init(&q, 1 << 16);
    buf_fmt(&q, "SET threads = %s", argv[3]);
    buf_addc(&q, 0);
    bool ok = run(db, c, q.p) && run(db, c, "SET preserve_insertion_order = false");
    buf_clear(&q);
    buf_add(&q, S("COPY (SELECT "));
    for (size_t i = 0; i < ARRAY_LEN(AMOUNTS); i++)
        buf_fmt(&q, "CAST(%s AS DECIMAL(38, 18)) AS %s, ", AMOUNTS[i], AMOUNTS[i]);
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
        buf_fmt(&q, "%s%s", i ? ", " : "", TEXTS[i]);
    buf_fmt(&q, " FROM read_csv('%s', auto_detect = false, header = true, delim = ',', "
                "quote = '\"', escape = '\"', columns = ", argv[1]);
    ok = ok && add_columns(&q, argv[1]);
    buf_fmt(&q, ")) TO '%s' (FORMAT parquet, COMPRESSION zstd)", argv[2]);
    buf_addc(&q, 0);
    ok = ok && run(db, c, q.p);
    buf_release(&q);
    return ok;
}

int main(int argc, char **argv)
{
    const struct duckdb_api *db;
    duckdb_database database;
    duckdb_connection c;
    duckdb_config config;
    struct err e = {0};
    if (argc != 4 || !duckdb_api_load(&db, &e)) {
        fprintf(stderr, "usage: duckdb_copy FILE OUT THREADS %s\n", e.text);
        return 2;
    }
    char *message = NULL;
    if (db->create_config(&config) != DuckDBSuccess ||
        db->open_ext(NULL, &database, config, &message) != DuckDBSuccess ||
        db->connect(database, &c) != DuckDBSuccess)
        return 1;
    return copy(db, c, argv) ? 0 : 1;
}
