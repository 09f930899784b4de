/* to_parquet.c - a CSV file as Parquet, the way other programs write it: to_parquet [--typed] CSV PARQUET
 *
 * All columns as text; --typed: amounts of FOCUS as decimals, its times as timestamps. */
#include "base/buf.h"
#include "store/duckdb_api.h"

static bool run(const struct duckdb_api *db, duckdb_connection c, const char *text)
{
    duckdb_result r;
    bool ok = db->query(c, text, &r) == DuckDBSuccess;
    if (!ok)
        fprintf(stderr, "to_parquet: %s\n", db->result_error(&r));
    db->destroy_result(&r);
    return ok;
}

int main(int argc, char **argv)
{
    const struct duckdb_api *db;
    duckdb_database database;
    duckdb_connection c;
    duckdb_config config;
    struct err e = {0};
    bool typed = argc == 4 && !strcmp(argv[1], "--typed");
    if (argc != 3 + typed || !duckdb_api_load(&db, &e)) {
        fprintf(stderr, "usage: to_parquet [--typed] CSV PARQUET %s\n", e.text);
        return 2;
    }
    if (db->create_config(&config) != DuckDBSuccess ||
        db->open_ext(NULL, &database, config, NULL) != DuckDBSuccess ||
        db->connect(database, &c) != DuckDBSuccess)
        return 1;
    struct buf q;
    buf_init(&q, 1 << 16);
    buf_add(&q, S("COPY (SELECT * "));
    if (typed)
        buf_add(&q, S("REPLACE (CAST(BilledCost AS DECIMAL(38, 18)) AS BilledCost,"
                      " CAST(EffectiveCost AS DECIMAL(38, 18)) AS EffectiveCost,"
                      " CAST(ChargePeriodStart AS TIMESTAMP) AS ChargePeriodStart,"
                      " CAST(BillingPeriodStart AS TIMESTAMP) AS BillingPeriodStart) "));
    buf_fmt(&q, "FROM read_csv('%s', all_varchar = true, header = true)) TO '%s' (FORMAT parquet)",
            argv[1 + typed], argv[2 + typed]);
    buf_addc(&q, 0);
    bool ok = run(db, c, q.p);
    buf_release(&q);
    db->disconnect(&c);
    db->close(&database);
    db->destroy_config(&config);
    return ok ? 0 : 1;
}
