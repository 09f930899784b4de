/* ledger_open.c - the engine's life, and statements whose values are always bound or quoted. */
#include "store/ledger_int.h"

#include <unistd.h>

#include "base/hash.h"
#include "base/os.h"

#define SQL_MAX (64u << 20) /* a statement may list every part of a book */

/* ---- life ---- */

bool ledger_open(const struct ledger_options *o, struct ledger **ret, struct err *e)
{
    struct ledger *l = calloc(1, sizeof *l);
    if (!l)
        out_of_memory(sizeof *l);
    l->dir = str_dup(&l->arena, o->dir);
    l->memory = o->memory ? o->memory : os_memory() / 4;
    l->threads = o->threads > 0 ? o->threads : os_cpus();
    for (size_t i = 0; o->allocation_tags && o->allocation_tags[i]; i++) {
        str tag = str_of(o->allocation_tags[i]);
        if (i == ALLOCATION_TAGS) {
            err_set(e, ERR_INVALID, "more than %d allocation tags: '%.*s'", ALLOCATION_TAGS,
                    FMT(tag));
            goto fail;
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq_nocase(l->tags[k], tag)) {
                err_set(e, ERR_INVALID, "the allocation tags '%.*s' and '%.*s' are the same",
                        FMT(l->tags[k]), FMT(tag));
                goto fail;
            }
        }
        l->tags[l->n_tags++] = str_dup(&l->arena, tag);
    }
    *ret = l;
    return true;
fail:
    ledger_close(l);
    return false;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    if (l->connection)
        l->db->disconnect(&l->connection);
    if (l->database)
        l->db->close(&l->database);
    if (l->spill_dir.n && dir_exists(l->spill_dir))
        dir_remove_all(l->spill_dir);
    arena_release(&l->parts_arena);
    arena_release(&l->arena);
    free(l);
}

static bool open_database(struct ledger *l, struct err *e)
{
    unsigned char random[8];
    random_bytes(random, sizeof random);
    uint64_t unique;
    memcpy(&unique, random, sizeof unique);
    l->spill_dir = str_fmt(&l->arena, "%.*s/.spill-%d-%016llx", FMT(l->dir), os_pid(),
                           (unsigned long long)unique);
    const struct {
        const char *name;
        str value;
    } settings[] = {
        /* nothing may reach the network or the home folder */
        {"autoinstall_known_extensions", S("false")},
        {"autoload_known_extensions", S("false")},
        {"allow_community_extensions", S("false")},
        {"memory_limit", str_fmt(&l->arena, "%lluB", (unsigned long long)l->memory)},
        {"threads", str_fmt(&l->arena, "%d", l->threads)},
        {"temp_directory", l->spill_dir},
    };
    duckdb_config config;
    if (l->db->create_config(&config) != DuckDBSuccess)
        return err_set(e, ERR_FAILED, "cannot configure DuckDB");
    bool ok = true;
    for (size_t i = 0; ok && i < ARRAY_LEN(settings); i++) {
        str v = settings[i].value;
        ok = l->db->set_config(config, settings[i].name, str_cstr(&l->arena, v)) == DuckDBSuccess;
        if (!ok)
            err_set(e, ERR_FAILED, "DuckDB does not take %s '%.*s'", settings[i].name, FMT(v));
    }
    char *message = NULL;
    if (ok && l->db->open_ext(NULL, &l->database, config, &message) != DuckDBSuccess) {
        ok = err_set(e, ERR_FAILED, "cannot start DuckDB: %s",
                     message ? message : "no reason given");
        l->database = NULL;
        if (message)
            l->db->free(message);
    }
    l->db->destroy_config(&config);
    return ok;
}

bool ledger_start(struct ledger *l, struct err *e)
{
    if (l->started)
        return true;
    if (!duckdb_api_load(&l->db, e) || !open_database(l, e))
        return false;
    if (l->db->connect(l->database, &l->connection) != DuckDBSuccess)
        return err_set(e, ERR_FAILED, "cannot connect to DuckDB");
    str home = str_fmt(&l->arena, "%.*s", FMT(l->spill_dir));
    struct sql q;
    sql_init(&q);
    sql_add(&q, "SET home_directory = ");
    sql_literal(&q, home);
    bool ok = sql_exec(l, str_cstr(&l->arena, buf_str(&q.text)), e) &&
              sql_exec(l, "SET TimeZone = 'UTC'", e);
    sql_release(&q);
    l->started = ok;
    return ok;
}

/* ---- statements ---- */

void sql_init(struct sql *q)
{
    *q = (struct sql){0};
    buf_init(&q->text, SQL_MAX);
}

void sql_release(struct sql *q)
{
    buf_release(&q->text);
    arena_release(&q->arena);
}

void sql_add(struct sql *q, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(&q->text, fmt, ap);
    va_end(ap);
}

static void add_quoted(struct sql *q, str s, char quote)
{
    buf_addc(&q->text, quote);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == quote)
            buf_addc(&q->text, quote);
        buf_addc(&q->text, s.p[i]);
    }
    buf_addc(&q->text, quote);
}

void sql_literal(struct sql *q, str s)
{
    add_quoted(q, s, '\'');
}

void sql_identifier(struct sql *q, str s)
{
    add_quoted(q, s, '"');
}

void sql_file(struct sql *q, str path)
{
    struct buf b;
    buf_init(&b, path.n * 3 + 1);
    for (size_t i = 0; i < path.n; i++) {
        if (strchr("*?[", path.p[i])) {
            buf_addc(&b, '[');
            buf_addc(&b, path.p[i]);
            buf_addc(&b, ']');
        } else {
            buf_addc(&b, path.p[i]);
        }
    }
    sql_literal(q, buf_str(&b));
    buf_release(&b);
}

void sql_bind(struct sql *q, str value)
{
    q->params = arena_grow(&q->arena, q->params, sizeof *q->params, &q->cap_params,
                           q->n_params + 1);
    q->params[q->n_params++].text = str_dup(&q->arena, value);
    buf_addc(&q->text, '?');
}

bool sql_fault(const char *message, struct err *e)
{
    if (!message)
        message = "no reason given";
    if (strstr(message, "Out of Range Error") && strstr(message, "verflow"))
        return err_set(e, ERR_INVALID,
                       "a sum of amounts needs more than 20 digits before the point");
    size_t n = strcspn(message, "\n");
    if (strstr(message, "Out of Memory")) {
        err_set(e, ERR_FAILED, "the ledger: %.*s", (int)MIN(n, 1000u), message);
        return err_hint(e, "Allow more with --memory, or free disk space under the book.");
    }
    err_set(e, ERR_FAILED, "the ledger: %.*s", (int)MIN(n, 2000u), message);
    if (strstr(message, "No files found") || strstr(message, "Cannot open file"))
        err_hint(e, "A part is missing: 'outlay verify' names it; restore the ledger folder from a "
                    "backup.");
    return false;
}

bool sql_prepare(struct ledger *l, const struct sql *q, duckdb_prepared_statement *ret,
                 struct err *e)
{
    if (buf_overflow(&q->text))
        return err_set(e, ERR_FAILED, "the ledger: a query is longer than %u MiB", SQL_MAX >> 20);
    struct arena a = ARENA_INIT;
    duckdb_prepared_statement s = NULL;
    const char *text = str_cstr(&a, buf_str(&q->text));
    bool ok = l->db->prepare(l->connection, text, &s) == DuckDBSuccess;
    if (!ok)
        sql_fault(l->db->prepare_error(s), e);
    for (size_t i = 0; ok && i < q->n_params; i++) {
        str v = q->params[i].text;
        ok = l->db->bind_varchar_length(s, i + 1, v.n ? v.p : "", v.n) == DuckDBSuccess;
        if (!ok)
            err_set(e, ERR_INVALID, "'%.*s' is not UTF-8 text", FMT(v));
    }
    arena_release(&a);
    if (!ok) {
        l->db->destroy_prepare(&s);
        return false;
    }
    *ret = s;
    return true;
}

bool sql_run(struct ledger *l, const struct sql *q, duckdb_result *ret, struct err *e)
{
    duckdb_prepared_statement s;
    if (!sql_prepare(l, q, &s, e))
        return false;
    bool ok = l->db->execute_prepared(s, ret) == DuckDBSuccess;
    if (!ok) {
        sql_fault(l->db->result_error(ret), e);
        l->db->destroy_result(ret);
    }
    l->db->destroy_prepare(&s);
    return ok;
}

bool sql_stream(struct ledger *l, const struct sql *q, duckdb_result *ret, struct err *e)
{
    duckdb_prepared_statement s;
    if (!sql_prepare(l, q, &s, e))
        return false;
    duckdb_pending_result pending = NULL;
    bool ok = l->db->pending_prepared_streaming(s, &pending) == DuckDBSuccess;
    if (!ok) {
        sql_fault(l->db->pending_error(pending), e);
    } else if (l->db->execute_pending(pending, ret) != DuckDBSuccess) {
        ok = sql_fault(l->db->result_error(ret), e);
        l->db->destroy_result(ret);
    }
    l->db->destroy_pending(&pending);
    l->db->destroy_prepare(&s);
    return ok;
}

bool sql_exec(struct ledger *l, const char *text, struct err *e)
{
    duckdb_result r;
    bool ok = l->db->query(l->connection, text, &r) == DuckDBSuccess;
    if (!ok)
        sql_fault(l->db->result_error(&r), e);
    l->db->destroy_result(&r);
    return ok;
}

/* ---- results ---- */

struct result_column result_column(struct ledger *l, duckdb_data_chunk chunk, size_t i)
{
    duckdb_vector v = l->db->data_chunk_get_vector(chunk, i);
    return (struct result_column){l->db->vector_get_data(v), l->db->vector_get_validity(v)};
}

str result_text(const struct result_column *c, size_t row)
{
    if (result_null(c, row))
        return STR_NONE;
    const duckdb_string_t *s = (const duckdb_string_t *)c->data + row;
    uint32_t n = s->value.inlined.length;
    return (str){n <= 12 ? s->value.inlined.inlined : s->value.pointer.ptr, n};
}

dec result_dec(const struct result_column *c, size_t row)
{
    if (result_null(c, row))
        return DEC_NULL;
    dec v;
    memcpy(&v, (const char *)c->data + row * sizeof v, sizeof v);
    return v;
}

/* ---- names ---- */

str row_column_name(struct arena *a, int column)
{
    static const char *const names[ROW_COLUMNS] = {
        [COL_DAY] = "day",           [COL_PERIOD] = "period",
        [COL_CATEGORY] = "category", [COL_CURRENCY] = "currency",
        [COL_BILLED] = "billed",     [COL_EFFECTIVE] = "effective",
        [COL_LIST] = "list",         [COL_QUANTITY] = "quantity",
        [COL_REQUESTS] = "requests", [COL_BATCH] = "batch",
        [COL_CONFIDENCE] = "confidence", [COL_SHARE] = "share_ppm",
        [COL_FILE] = "file",         [COL_ROW] = "row",
    };
    if (column >= COL_TOKENS && column < COL_REQUESTS)
        return str_fmt(a, "tokens_%s", token_bucket_key((enum token_bucket)(column - COL_TOKENS)));
    if (column >= COL_TEXT && column < COL_CONFIDENCE)
        return str_of(spend_text_key((enum spend_text)(column - COL_TEXT)));
    return str_of(names[column]);
}

const enum spend_text ledger_cube_texts[LEDGER_CUBE_TEXTS] = {
    SPEND_PROVIDER, SPEND_PUBLISHER, SPEND_SERVICE,    SPEND_ACCOUNT, SPEND_SUB_ACCOUNT,
    SPEND_REGION,   SPEND_MODEL,     SPEND_TIER,       SPEND_CHARGE_CATEGORY,
    SPEND_INITIATIVE, SPEND_LINE,    SPEND_RULE,
};

str cube_column_name(struct arena *a, int column)
{
    static const char *const names[CUBE_COLUMNS] = {
        [CUBE_MONTH] = "month",           [CUBE_PERIOD] = "period",
        [CUBE_CATEGORY] = "category",     [CUBE_CURRENCY] = "currency",
        [CUBE_BILLED] = "billed",         [CUBE_EFFECTIVE] = "effective",
        [CUBE_LIST] = "list",             [CUBE_ROWS] = "rows",
        [CUBE_UNPRICED] = "unpriced",     [CUBE_TOKEN_ROWS] = "token_rows",
        [CUBE_REQUESTS] = "requests",
    };
    if (column >= CUBE_TOKENS && column < CUBE_TOKEN_ROWS)
        return str_fmt(a, "tokens_%s", token_bucket_key((enum token_bucket)(column - CUBE_TOKENS)));
    if (column >= CUBE_TEXT)
        return str_of(spend_text_key(ledger_cube_texts[column - CUBE_TEXT]));
    return str_of(names[column]);
}

str tag_column_name(struct arena *a, str tag)
{
    return str_fmt(a, "tag:%.*s", FMT(tag));
}

str part_path(struct arena *a, str dir, str name, const char *ending)
{
    return path_join(a, dir, str_fmt(a, "%.*s%s", FMT(name), ending));
}
