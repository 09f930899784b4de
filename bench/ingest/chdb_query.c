/* chdb_query.c - the second peer: ClickHouse querying the same job straight from the CSV.
 *
 * chdb_query LIBCHDB FILE THREADS
 *
 * Month by category by team, the category by all built-in rules; nothing is stored. Amounts are
 * exact decimals. The query is written from the compiled rules, the way ClickHouse is fast at it:
 * texts are LowCardinality, so that each distinct one of a block is matched once; one call of
 * multiMatchAllIndices (vectorscan) per field finds the conditions a text satisfies; what they make
 * possible is checked rule by rule and the surest wins. OUTLAY_QUERY=1 prints the query instead. */
#include <dlfcn.h>
#include <stdlib.h>

#include "base/buf.h"
#include "ingest/rules_decide.h"

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

enum { QUERY_BYTES = 8 << 20 };

/* ---- what a field of outlay is in the file ---- */

static const struct {
    const char *column, *sql;
    enum spend_text field;
} FIELDS_OF_FILE[] = {
    {"ProviderName", "ProviderName", SPEND_PROVIDER},
    {"PublisherName", "if(PublisherName = ProviderName, '', PublisherName)", SPEND_PUBLISHER},
    {"ServiceName", "ServiceName", SPEND_SERVICE},
    {"x_ServiceCode", "x_ServiceCode", SPEND_SERVICE_CODE},
    {"ServiceCategory", "ServiceCategory", SPEND_SERVICE_CATEGORY},
    {"ServiceSubcategory", "ServiceSubcategory", SPEND_SERVICE_SUBCATEGORY},
    {"SkuId", "SkuId", SPEND_SKU},
    {"SkuMeter", "SkuMeter", SPEND_METER},
    {"ChargeDescription", "ChargeDescription", SPEND_DESCRIPTION},
    {"SubAccountId", "SubAccountId", SPEND_SUB_ACCOUNT},
    {"ResourceId", "ResourceId", SPEND_RESOURCE},
    {"ResourceType", "ResourceType", SPEND_RESOURCE_TYPE},
    {"ConsumedUnit", "ConsumedUnit", SPEND_UNIT},
};

static void say(struct buf *q, const char *text)
{
    buf_add(q, str_of(text));
}

static void add_string(struct buf *q, str s)
{
    buf_addc(q, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'' || s.p[i] == '\\')
            buf_addc(q, '\\');
        buf_addc(q, s.p[i]);
    }
    buf_addc(q, '\'');
}

/* Expressions of a rule's fields; false: the file has no such column. */
static bool field_sql(const struct rules *r, str header, size_t field, struct buf *q)
{
    if (field >= FIELD_TAGS) {
        say(q, "JSONExtractString(Tags, ");
        add_string(q, r->tag_names[field - FIELD_TAGS]);
        buf_addc(q, ')');
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(FIELDS_OF_FILE); i++)
        if (FIELDS_OF_FILE[i].field == field &&
            str_find(header, str_of(FIELDS_OF_FILE[i].column), 0) != SIZE_MAX) {
            say(q, FIELDS_OF_FILE[i].sql);
            return true;
        }
    return false;
}

/* ---- patterns as regular expressions ---- */

static bool is_word(uint16_t c)
{
    return c >= 0x80 ? c < 256
                     : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_token(struct buf *b, enum pattern_kind kind, uint16_t t)
{
    bool word = kind == PATTERN_WORD;
    if (t == TOKEN_ANY)
        say(b, word ? "[^ \\t\\n\\r]*" : ".*");
    else if (t == TOKEN_ONE)
        say(b, word ? "[^ \\t\\n\\r]" : ".");
    else if (t == TOKEN_GAP)
        say(b, "[ \\t_-]+");
    else if (is_word(t))
        buf_addc(b, (char)(unsigned char)t);
    else
        buf_fmt(b, "\\x%02x", t);
}

/* A leading or trailing star needs no matching, only no anchor. */
static void add_regex(struct buf *b, const struct pattern *p)
{
    static const char EDGE[] = "[^0-9A-Za-z]";
    size_t from = 0, to = p->n;
    if (p->kind == PATTERN_ABSENT) {
        say(b, "^$");
        return;
    }
    if (p->kind == PATTERN_REGEX) {
        buf_fmt(b, "(?:%.*s)", FMT(p->body));
        return;
    }
    bool word = p->kind == PATTERN_WORD;
    bool left = is_word(p->tokens[0]), right = is_word(p->tokens[p->n - 1]);
    from += p->tokens[0] == TOKEN_ANY;
    to -= to > from && p->tokens[to - 1] == TOKEN_ANY;
    if (from == to)
        buf_addc(b, '.'); /* any value, but a value */
    if (word ? left : !from)
        word ? buf_fmt(b, "(?:^|%s)", EDGE) : buf_addc(b, '^');
    for (size_t i = from; i < to; i++)
        add_token(b, p->kind, p->tokens[i]);
    if (word ? right : to == p->n)
        word ? buf_fmt(b, "(?:%s|$)", EDGE) : buf_addc(b, '$');
}

/* Conditions that look at a field, as an array of their numbers (from 1) that a row satisfies. */
static void add_field(struct buf *q, const struct rules *r, str header, size_t field, size_t *n)
{
    struct buf sql, patterns, numbers;
    buf_init(&sql, QUERY_BYTES);
    buf_init(&patterns, QUERY_BYTES);
    buf_init(&numbers, QUERY_BYTES);
    for (size_t c = 0; c < r->n_conds; c++) {
        const struct cond *cond = &r->conds[c];
        if (!memchr(cond->fields, (int)field, cond->n_fields))
            continue;
        struct buf one;
        buf_init(&one, QUERY_BYTES);
        say(&one, "(?is)");
        for (size_t i = 0; i < cond->n_patterns; i++) {
            say(&one, i ? "|" : "");
            add_regex(&one, &cond->patterns[i]);
        }
        say(&patterns, patterns.n ? ", " : "");
        add_string(&patterns, (str){one.p, one.n});
        buf_fmt(&numbers, "%s%zu", numbers.n ? ", " : "", c + 1);
        buf_release(&one);
    }
    if (patterns.n && field_sql(r, header, field, &sql)) {
        buf_fmt(q, "%s\n  arrayMap(i -> [%.*s][i], multiMatchAllIndices(%.*s, [%.*s]))",
                (*n)++ ? "," : "", (int)numbers.n, numbers.p, (int)sql.n, sql.p, (int)patterns.n,
                patterns.p);
    }
    buf_release(&sql);
    buf_release(&patterns);
    buf_release(&numbers);
}

/* ---- rules ---- */

static void add_ids(struct buf *q, const uint32_t *ids, size_t n)
{
    buf_addc(q, '[');
    for (size_t i = 0; i < n; i++)
        buf_fmt(q, "%s%u", i ? ", " : "", ids[i] + 1);
    buf_addc(q, ']');
}

/* Numbers of the rules from the least to the most sure. */
static uint32_t *by_sureness(const struct rules *r)
{
    uint32_t *order = calloc(r->n, sizeof *order);
    if (!order)
        out_of_memory(r->n * sizeof *order);
    for (uint32_t i = 0; i < r->n; i++) {
        uint32_t k = i;
        for (; k > 0 && rule_before(r, order[k - 1], i); k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    return order;
}

/* Constants by place in that order: conditions that must and must not hold, the seller's, category;
 * and by condition the rules that it may make apply. */
static void add_rules(struct buf *q, const struct rules *r)
{
    uint32_t *order = by_sureness(r);
    say(q, " [");
    for (size_t i = 0; i < r->n; i++) {
        say(q, i ? ", " : "");
        add_ids(q, r->items[order[i]].all, r->items[order[i]].n_all);
    }
    say(q, "] AS all_of,\n [");
    for (size_t i = 0; i < r->n; i++) {
        say(q, i ? ", " : "");
        add_ids(q, r->items[order[i]].none, r->items[order[i]].n_none);
    }
    say(q, "] AS none_of,\n [");
    for (size_t i = 0; i < r->n; i++)
        buf_fmt(q, "%s%u", i ? ", " : "", r->items[order[i]].seller + 1); /* COND_NONE: 0 */
    say(q, "] AS seller,\n [");
    for (size_t c = 0; c < r->n_conds; c++) {
        size_t n = 0;
        say(q, c ? ", [" : "[");
        for (size_t i = 0; i < r->n; i++)
            if (r->items[order[i]].all[0] == c)
                buf_fmt(q, "%s%zu", n++ ? ", " : "", i + 1);
        say(q, "]");
    }
    say(q, "] AS rules_of,\n ['not_ai'");
    for (size_t i = 0; i < r->n; i++)
        buf_fmt(q, ", '%s'", category_key(r->items[order[i]].parts[0].category));
    say(q, "] AS category_of,\n");
    free(order);
}

static void add_query(struct buf *q, const struct rules *r, str header, const char *path,
                      const char *threads)
{
    size_t n = 0;
    say(q, "WITH\n");
    add_rules(q, r);
    say(q, " arrayConcat(");
    for (size_t f = 0; f < FIELD_TAGS + r->n_tags; f++)
        add_field(q, r, header, f, &n);
    buf_fmt(q, ") AS met,\n"
               " arrayMax(arrayMap(k -> if(hasAll(met, all_of[k]) AND NOT hasAny(met, none_of[k])"
               " AND (seller[k] = 0 OR has(met, seller[k]) OR NOT has(met, %u)), k, 0),"
               " arrayFlatten(arrayMap(c -> rules_of[c], met)))) AS best\n"
               "SELECT substring(ChargePeriodStart, 1, 7) AS m, category_of[best + 1] AS category,\n"
               " JSONExtractString(Tags, 'team') AS team,\n"
               " sum(BilledCost) AS billed, sum(EffectiveCost) AS effective, count() AS n\n"
               "FROM file('%s', 'CSVWithNames', '",
            r->has_seller + 1, path);
    str name, rest = header;
    for (const char *comma = ""; str_cut(&rest, ',', &name); comma = ", ") {
        bool amount = str_eq(name, S("BilledCost")) || str_eq(name, S("EffectiveCost"));
        bool varied = str_eq(name, S("ResourceId"));
        buf_fmt(q, "%s%.*s %s", comma, FMT(name),
                amount ? "Decimal(38, 18)" : varied ? "String" : "LowCardinality(String)");
    }
    buf_fmt(q, "')\nGROUP BY m, category, team ORDER BY m, category, team\n"
               "SETTINGS max_threads = %s, max_query_size = 10000000, max_ast_elements = 1000000,"
               " max_expanded_ast_elements = 10000000",
            threads);
    buf_addc(q, 0);
}

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
    struct arena a = ARENA_INIT;
    struct diags d;
    struct rules *r;
    struct err e;
    diags_init(&d, &a);
    if (!rules_build(&a, S("rules.yaml"), STR_NONE, true, &d, &r, &e)) {
        fprintf(stderr, "chdb_query: %s\n", e.text);
        return 1;
    }
    struct buf query;
    buf_init(&query, QUERY_BYTES);
    add_query(&query, r, str_trim(str_of(line)), argv[2], argv[3]);
    if (getenv("OUTLAY_QUERY")) {
        puts(query.p);
        return 0;
    }
    char *args[] = {argv[0]};
    chdb_connection *c = db.connect(1, args);
    chdb_result *result = c ? db.query(*c, query.p, "CSV") : NULL;
    if (!result || db.error(result)) {
        fprintf(stderr, "chdb_query: %s\n", result ? db.error(result) : "no connection");
        return 1;
    }
    fwrite(db.buffer(result), 1, db.length(result), stdout);
    fflush(stdout);
    _Exit(0); /* its own clean-up is no part of the job */
}
