/* chdb_query.c - the second peer: ClickHouse querying the same job straight from the CSV.
 *
 * chdb_query LIBCHDB FILE THREADS
 *
 * Month by category by team, the category by a list of patterns as a ClickHouse user would write it:
 * fewer than outlay's rules, and nothing is stored. Amounts are exact decimals. */
#include <dlfcn.h>
#include <stdlib.h>

#include "base/buf.h"

/* The library comes without a header; these are its exported functions. */
typedef struct chdb_result_ *chdb_result;
typedef struct chdb_connection_ {
    void *ptr;
} *chdb_connection;

struct chdb {
    chdb_connection *(*connect)(int argc, char **argv);
    chdb_result *(*query)(chdb_connection connection, const char *query, const char *format);
    char *(*buffer)(chdb_result *result);
    size_t (*length)(chdb_result *result);
    const char *(*error)(chdb_result *result);
};

static bool load(const char *path, struct chdb *ret)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "chdb_query: %s\n", dlerror());
        return false;
    }
    static const char *const names[] = {"chdb_connect", "chdb_query", "chdb_result_buffer",
                                        "chdb_result_length", "chdb_result_error"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        void *f = dlsym(library, names[i]);
        if (!f) {
            fprintf(stderr, "chdb_query: no %s\n", names[i]);
            return false;
        }
        memcpy((char *)ret + i * sizeof f, &f, sizeof f);
    }
    return true;
}

static const char QUERY[] =
    "SELECT substring(ChargePeriodStart, 1, 7) AS m,\n"
    " multiIf(\n"
    "  multiMatchAny(concat(ServiceName, '|', SkuMeter, '|', ChargeDescription), ['Bedrock', "
    "'OpenAI', 'TokenCount', '-tokens', 'Gemini', 'Claude', 'Anthropic', 'gpt-', 'Mistral', "
    "'Cohere', 'Llama', 'Titan', 'Nova(Pro|Lite|Micro)', 'Cognitive Services', 'Inp glbl', "
    "'Outp glbl', 'Token']), 'vendor',\n"
    "  multiMatchAny(concat(ServiceName, '|', SkuMeter, '|', ResourceType), ['SageMaker', "
    "'Machine Learning', 'Vertex AI', ':p[345](d|de|en)?\\\\.', ':g[56]e?\\\\.', ':(trn|inf)[12]', "
    "'A100', 'H100', 'TPU', 'NC24', 'ND96', 'CustomJob']), 'infra',\n"
    "  multiMatchAny(concat(ServiceName, '|', SkuMeter), ['Ground Truth', 'Label', 'Comprehend', "
    "'Textract', 'Weights', 'Databricks']), 'data',\n"
    "  ServiceCategory = 'AI and Machine Learning', 'review', 'not_ai') AS category,\n"
    " JSONExtractString(Tags, 'team') AS team,\n"
    " sum(toDecimal128(EffectiveCost, 18)) AS effective, sum(toDecimal128(BilledCost, 18)) AS "
    "billed, count() AS n\n"
    "FROM file('%s', 'CSVWithNames', '%s')\n"
    "GROUP BY m, category, team ORDER BY m, category, team\n"
    "SETTINGS max_threads = %s, input_format_csv_use_best_effort_in_schema_inference = 0";

int main(int argc, char **argv)
{
    struct chdb db;
    if (argc != 4 || !load(argv[1], &db)) {
        fprintf(stderr, "usage: chdb_query LIBCHDB FILE THREADS\n");
        return 2;
    }
    char line[1 << 16];
    FILE *f = fopen(argv[2], "r");
    if (!f || !fgets(line, sizeof line, f))
        return 1;
    fclose(f);
    struct buf structure, query;
    buf_init(&structure, 1 << 16);
    buf_init(&query, 1 << 17);
    str rest = str_trim(str_of(line)), name;
    for (const char *comma = ""; str_cut(&rest, ',', &name); comma = ", ")
        buf_fmt(&structure, "%s%.*s String", comma, FMT(name));
    buf_addc(&structure, 0);
    buf_fmt(&query, QUERY, argv[2], structure.p, argv[3]);
    buf_addc(&query, 0);
    char *args[] = {argv[0]};
    chdb_connection *c = db.connect(1, args);
    chdb_result *r = c ? db.query(*c, query.p, "CSV") : NULL;
    if (!r || db.error(r)) {
        fprintf(stderr, "chdb_query: %s\n", r ? db.error(r) : "no connection");
        return 1;
    }
    fwrite(db.buffer(r), 1, db.length(r), stdout);
    fflush(stdout);
    _Exit(0); /* its own clean-up is no part of the job */
}
