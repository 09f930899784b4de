/* suggest.c - drafts a mapping file from a header and some records. */
#include "ingest/suggest.h"

#include "base/bytes.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/os.h"
#include "core/currency.h"
#include "core/dec.h"
#include "ingest/table.h"

enum { HEAD_BYTES = 256 << 10, RECORDS = 500, TITLE_LINES = 10, SHOWN = 40 };

struct column {
    str name;
    size_t filled; /* records with a value */
    size_t mdy, dmy, unix_times, amounts, counts, currencies;
    str first, other; /* two different values */
    bool taken;
};

struct look {
    struct arena *a;
    struct column *columns;
    size_t n, records;
    size_t skip_lines;
    char delimiter;
};

/* What a column's values must be for a field. */
enum kind { ANY, DATE, AMOUNT, COUNT, CURRENCY };

/* clang-format off */
static const struct guess {
    const char *field;
    enum kind kind;
    bool alone; /* values alone are enough, without a likely name */
    const char *words[14];
} guesses[] = {
    {"day", DATE, true, {"usage date", "usage_date", "charge date", "transaction date",
                         "posting date",
                         "invoice date", "date", "day", "timestamp", "start", "time", "period"}},
    {"tokens_cache_read", COUNT, false, {"cache_read", "cached_tokens", "cache read", "cached"}},
    {"tokens_cache_write_5m", COUNT, false, {"cache_write", "cache_creation", "cache write"}},
    {"tokens_in", COUNT, false, {"input_tokens", "prompt_tokens", "input tokens", "prompt tokens",
                                 "tokens_in", "tokens in", "context_tokens"}},
    {"tokens_out", COUNT, false, {"output_tokens", "completion_tokens", "output tokens",
                                  "completion tokens", "tokens_out", "tokens out",
                                  "generated_tokens"}},
    {"requests", COUNT, false, {"num_requests", "requests", "calls"}},
    {"currency", CURRENCY, true, {"currency", "ccy"}},
    {"debit", AMOUNT, false, {"debit"}},
    {"credit", AMOUNT, false, {"credit"}},
    {"billed", AMOUNT, true, {"billed", "net amount", "cost", "amount", "spend", "charge", "total",
                              "price", "value"}},
    {"list", AMOUNT, false, {"list cost", "list price", "list_cost"}},
    {"quantity", AMOUNT, false, {"quantity", "qty", "usage amount", "units", "hours"}},
    {"unit", ANY, false, {"unit of measure", "uom", "unit"}},
    {"provider", ANY, false, {"provider", "vendor", "supplier", "payee", "merchant"}},
    {"model", ANY, false, {"model"}},
    {"service", ANY, false, {"service", "product", "account name"}},
    {"sku", ANY, false, {"sku"}},
    {"meter", ANY, false, {"meter", "line item", "line_item", "usage type"}},
    {"description", ANY, false, {"description", "memo", "details", "narrative", "name"}},
    {"sub_account", ANY, false, {"project", "workspace", "subscription", "sub account", "team",
                                 "cost center", "department"}},
    {"account", ANY, false, {"account", "organization", "customer"}},
    {"region", ANY, false, {"region", "location"}},
    {"resource", ANY, false, {"resource"}},
};
/* clang-format on */

/* Valid UTF-8 without characters that YAML refuses or nobody sees: controls, U+0080-U+009F, U+2028,
 * U+2029, U+FEFF, U+FFFE, U+FFFF. */
static bool is_plain(str s)
{
    if (!str_is_utf8(s))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
        unsigned char f = i + 2 < s.n ? (unsigned char)s.p[i + 2] : 0;
        if (c < ' ' || c == 0x7f || (c == 0xc2 && d < 0xa0) ||
            (c == 0xe2 && d == 0x80 && (f == 0xa8 || f == 0xa9)) ||
            (c == 0xef && d == 0xbb && f == 0xbf) || (c == 0xef && d == 0xbf && f >= 0xbe))
            return false;
    }
    return true;
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static void look_at(struct look *l, struct column *c, str raw)
{
    int64_t number;
    dec amount;
    currency code;
    day date;
    str s = str_trim(raw);
    if (cell_is_null(s))
        return;
    c->filled++;
    if (!c->first.n)
        c->first = str_dup(l->a, str_sub(s, 0, SHOWN));
    else if (!c->other.n && !str_eq(str_sub(s, 0, SHOWN), c->first))
        c->other = str_dup(l->a, str_sub(s, 0, SHOWN));
    bool short_digits = all_digits(s) && s.n != 8;
    c->mdy += !short_digits && date_parse(s, DATE_MDY, &date);
    c->dmy += !short_digits && date_parse(s, DATE_DMY, &date);
    c->unix_times += all_digits(s) && (s.n == 10 || s.n == 13);
    c->counts += count_parse(s, &number);
    enum dec_parse how = dec_parse_loose(s, &amount);
    c->amounts += how == DEC_OK || how == DEC_ROUNDED;
    c->currencies += currency_parse(s, &code);
}

/* Skips title lines: the first line that works as the header of everything behind it. */
static bool look_into(struct look *l, str path, str head, struct err *e)
{
    struct err first = {0};
    for (size_t skip = 0; skip <= TITLE_LINES; skip++) {
        const struct csv_options o = {.skip_lines = skip};
        struct csv_file *f;
        struct csv_worker *w = NULL;
        struct csv_batch b = {0};
        if (!csv_open_memory(path, head, &o, &f, e)) {
            if (!skip)
                first = *e;
            continue;
        }
        const str *names = csv_names(f, &l->n);
        uint32_t *all = arena_new(l->a, uint32_t, l->n);
        l->columns = arena_new(l->a, struct column, l->n);
        l->records = 0;
        for (size_t i = 0; i < l->n; i++) {
            all[i] = (uint32_t)i;
            /* a column whose name cannot be written in a mapping is not used */
            l->columns[i].name = is_plain(names[i]) ? str_dup(l->a, names[i]) : STR_NONE;
        }
        l->skip_lines = skip;
        l->delimiter = csv_delimiter(f);
        bool ok = csv_worker_open(f, all, l->n, &w, e);
        do {
            ok = ok && csv_worker_next(w, &b, e);
            for (size_t r = 0; ok && r < b.n && l->records < RECORDS; r++, l->records++)
                for (size_t i = 0; i < l->n; i++)
                    look_at(l, &l->columns[i], b.cells[r * l->n + i]);
        } while (ok && b.n && l->records < RECORDS);
        csv_worker_close(w);
        csv_close(f);
        if (ok && l->records)
            return true;
        if (!skip)
            first = *e;
        if (ok)
            break;
    }
    if (first.kind) {
        *e = first;
        return false;
    }
    return err_set(e, ERR_INVALID, "%.*s: has a header, but no records to learn from", FMT(path));
}

/* Most values must fit; a total line or two may not. */
static bool most(size_t fit, size_t filled)
{
    return filled > 0 && fit * 10 >= filled * 8;
}

static bool fits(const struct column *c, enum kind k)
{
    switch (k) {
    case DATE:
        return most(MAX(MAX(c->mdy, c->dmy), c->unix_times), c->filled);
    case AMOUNT:
        return most(c->amounts, c->filled) && !most(c->unix_times, c->filled);
    case COUNT:
        return most(c->counts, c->filled);
    case CURRENCY:
        return most(c->currencies, c->filled);
    case ANY:
        return c->filled > 0;
    }
    UNREACHABLE();
}

/* The likeliest free column of a field; *ret_sure: its name says so. NULL: none. */
static struct column *find_column(struct look *l, const struct guess *g, bool *ret_sure)
{
    *ret_sure = true;
    for (size_t k = 0; k < ARRAY_LEN(g->words) && g->words[k]; k++)
        for (size_t i = 0; i < l->n; i++) {
            struct column *c = &l->columns[i];
            if (!c->taken && c->name.n && fits(c, g->kind) &&
                str_find_nocase(c->name, str_of(g->words[k]), 0) != SIZE_MAX)
                return c;
        }
    *ret_sure = false;
    for (size_t i = 0; g->alone && i < l->n; i++)
        if (!l->columns[i].taken && l->columns[i].name.n && fits(&l->columns[i], g->kind))
            return &l->columns[i];
    return NULL;
}

static void quoted(struct buf *out, str s)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_addc(out, '\\');
        if (c < ' ' || c == 0x7f)
            buf_fmt(out, "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
    buf_addc(out, '"');
}

/* Text for a comment: on one line, and nothing YAML refuses. */
static str shown(struct arena *a, str s)
{
    char *p = str_cstr(a, s);
    bool all = is_plain(s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)p[i] < ' ' || p[i] == 0x7f || (!all && (unsigned char)p[i] >= 0x80))
            p[i] = '?';
    return (str){p, s.n};
}

static void write_dates(struct buf *out, const struct column *days)
{
    if (most(days->unix_times, days->filled) || (!days->mdy && !days->dmy))
        return;
    if (days->dmy > days->mdy)
        buf_add(out, S("dates: dmy            # 4/5/2026 is 4 May: some days are beyond 12\n"));
    else if (days->mdy > days->dmy)
        buf_add(out, S("dates: mdy            # 4/5/2026 is April 5: some days are beyond 12\n"));
    else if (str_find_char(days->first, '/', 0) != SIZE_MAX)
        buf_add(out, S("dates: mdy            # unsure: every date also reads as dmy\n"));
}

static void write_head(struct look *l, str path, const struct column *days, struct buf *out)
{
    buf_fmt(out,
            "# Mapping drafted from %.*s, %zu records of it.\n"
            "# Check what says 'unsure', then: outlay import --map THIS-FILE FILE...\n",
            FMT(shown(l->a, path_base(path))), l->records);
    if (l->delimiter == '\t')
        buf_add(out, S("delimiter: tab\n"));
    else if (l->delimiter != ',')
        buf_fmt(out, "delimiter: \"%c\"\n", l->delimiter);
    if (l->skip_lines)
        buf_fmt(out, "skip_lines: %zu         # title lines above the header\n", l->skip_lines);
    write_dates(out, days);
    buf_add(out, S("money: units          # of amounts: units (dollars), cents, millis, micros, "
                   "nanos\n"
                   "sign: as written      # reversed: spend is written as negative\n"));
}

static void write_values(struct look *l, const struct column *c, struct buf *out)
{
    if (!c->first.n) {
        buf_add(out, S("always empty"));
        return;
    }
    buf_fmt(out, "'%.*s'", FMT(shown(l->a, c->first)));
    if (c->other.n)
        buf_fmt(out, ", '%.*s'", FMT(shown(l->a, c->other)));
}

static void write_rest(struct look *l, bool has_currency, bool has_provider, bool cached,
                       struct buf *out)
{
    for (size_t i = 0; i < l->n; i++) {
        struct column *c = &l->columns[i];
        if (c->taken || !c->name.n)
            continue;
        buf_fmt(out, "# not used: %.*s (", FMT(shown(l->a, c->name)));
        write_values(l, c, out);
        buf_add(out, S(")\n"));
    }
    if (cached)
        buf_add(out, S("input_tokens: includes_reads_writes # unsure: excludes_cache when the "
                       "input count leaves cached tokens out\n"));
    if (!has_currency || !has_provider) {
        buf_add(out, has_currency ? S("# set:\n") : S("set:\n"));
        if (!has_currency)
            buf_add(out, S("  currency: USD       # unsure: no column says\n"));
        if (!has_provider)
            buf_add(out, S("#  provider: NAME     # who sells it\n"));
    }
    buf_add(out, S("# tags: [COLUMN, COLUMN]\n"
                   "# skip:\n"
                   "#  - {column: COLUMN, is: \"Total*\"}\n"));
}

/* The columns section; which of the fields that matter were found. */
static void write_columns(struct look *l, struct column *const found[], const bool sure[],
                          struct buf *out)
{
    buf_add(out, S("columns:\n"));
    for (size_t g = 0; g < ARRAY_LEN(guesses); g++) {
        if (!found[g])
            continue;
        buf_fmt(out, "  %s: ", guesses[g].field);
        quoted(out, found[g]->name);
        buf_add(out, sure[g] ? S(" # ") : S(" # unsure, by its values alone: "));
        write_values(l, found[g], out);
        buf_addc(out, '\n');
    }
}

static size_t guess_index(const char *field)
{
    for (size_t g = 0; g < ARRAY_LEN(guesses); g++)
        if (strcmp(guesses[g].field, field) == 0)
            return g;
    UNREACHABLE();
}

bool import_suggest_text(struct arena *a, str path, str head, struct buf *out, struct err *e)
{
    struct look l = {.a = a};
    struct column *found[ARRAY_LEN(guesses)] = {0};
    bool sure[ARRAY_LEN(guesses)] = {0};
    if (!look_into(&l, path, head, e))
        return false;
    const size_t debit = guess_index("debit"), credit = guess_index("credit");
    const size_t billed = guess_index("billed"), in = guess_index("tokens_in");
    const size_t tokens_out = guess_index("tokens_out"), when = guess_index("day");
    for (size_t g = 0; g < ARRAY_LEN(guesses); g++) {
        if (g == billed && (found[debit] || found[credit] || found[tokens_out]) &&
            !(found[tokens_out] && !found[debit]))
            continue; /* debit and credit are the amount */
        found[g] = find_column(&l, &guesses[g], &sure[g]);
        if (g == billed && found[tokens_out] && !sure[g])
            found[g] = NULL; /* a token log need not have a cost */
        if (found[g])
            found[g]->taken = true;
    }
    if (!found[when]) {
        err_set(e, ERR_INVALID, "%.*s: no column looks like dates", FMT(path));
        return err_hint(e, "A mapping needs one; docs/import.md shows how to write it by hand.");
    }
    bool tokens = found[in] || found[tokens_out] || found[guess_index("tokens_cache_read")] ||
                  found[guess_index("tokens_cache_write_5m")];
    if (!found[billed] && !found[debit] && !found[credit] && !tokens) {
        err_set(e, ERR_INVALID, "%.*s: no column looks like money or tokens", FMT(path));
        return err_hint(e, "Amounts look like 1234.56 or $1,234.56.");
    }
    bool cached = found[in] && (found[guess_index("tokens_cache_read")] ||
                                found[guess_index("tokens_cache_write_5m")]);
    write_head(&l, path, found[when], out);
    write_columns(&l, found, sure, out);
    write_rest(&l, found[guess_index("currency")] != NULL,
               found[guess_index("provider")] != NULL, cached, out);
    return !buf_overflow(out) || err_set(e, ERR_INVALID, "%.*s: too many columns", FMT(path));
}

bool import_suggest(struct arena *a, str path, struct buf *out, struct err *e)
{
    str head;
    if (!bytes_head(a, path, HEAD_BYTES, &head, e))
        return false;
    if (head.n == HEAD_BYTES) { /* the last line may be cut off */
        size_t end = head.n;
        while (end > 0 && head.p[end - 1] != '\n')
            end--;
        head = str_sub(head, 0, end ? end : head.n);
    }
    if (str_starts(head, S("PAR1")) || !str_trim(head).n || str_trim(head).p[0] == '{')
        return err_set(e, ERR_INVALID, "%.*s: is not delimited text, which a mapping can be "
                                       "drafted for", FMT(path));
    return import_suggest_text(a, path, head, out, e);
}
