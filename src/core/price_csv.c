/* price_csv.c - reading price books: share/prices.csv and those of users. */
#include "base/limits.h"
#include "base/os.h"
#include "base/share.h"
#include "core/csv_small.h"
#include "core/price_int.h"
#include "core/price_name.h"

#define PRICE_MOST (DEC_ONE * 1000000000) /* money per million tokens beyond which it is a slip */

enum {
    C_PROVIDER,
    C_MODEL,
    C_CURRENCY,
    C_FROM,
    C_TO,
    C_OVER,
    C_IN,
    C_OUT,
    C_READ,
    C_WRITE,
    C_WRITE_1H,
    C_BATCH_IN,
    C_BATCH_OUT,
    C_AUDIO_IN,
    C_IMAGE_OUT,
    C_UNIT,
    C_SOURCE,
    C_NOTE,
    COLUMNS
};

/* clang-format off */
static const char *const NAMES[COLUMNS] = {
    [C_PROVIDER] = "provider", [C_MODEL] = "model", [C_CURRENCY] = "currency", [C_FROM] = "from",
    [C_TO] = "to", [C_OVER] = "over_input_tokens", [C_IN] = "input", [C_OUT] = "output",
    [C_READ] = "cache_read", [C_WRITE] = "cache_write", [C_WRITE_1H] = "cache_write_1h",
    [C_BATCH_IN] = "batch_input", [C_BATCH_OUT] = "batch_output", [C_AUDIO_IN] = "audio_input",
    [C_IMAGE_OUT] = "image_output", [C_UNIT] = "unit", [C_SOURCE] = "source", [C_NOTE] = "note",
};
/* clang-format on */

struct price_reader {
    struct csv_small t;
    size_t column[COLUMNS]; /* SIZE_MAX: the file has none */
    struct price_book *book;
    struct arena *arena;
    str layer_name; /* empty for the built-in book */
    struct map ids; /* of this file, to the line */
    int64_t per_million, divisor; /* of the current row's unit */
    struct price *items;
    size_t n, cap;
};

static str cell(const struct price_reader *r, int c)
{
    return r->column[c] == SIZE_MAX ? STR_NONE : str_trim(r->t.cells[r->column[c]]);
}

static bool read_header(struct price_reader *r, struct err *e)
{
    for (int c = 0; c < COLUMNS; c++)
        r->column[c] = csv_small_column(&r->t, NAMES[c]);
    for (size_t i = 0; i < r->t.n_columns; i++) {
        bool known = false;
        for (int c = 0; c < COLUMNS; c++)
            known |= str_eq_nocase(r->t.names[i], str_of(NAMES[c]));
        if (known)
            continue;
        const char *meant = str_closest(r->t.names[i], NAMES, COLUMNS);
        err_set(e, ERR_INVALID, "%.*s:1: unknown column '%.*s'", FMT(r->t.name),
                FMT(r->t.names[i]));
        return meant
                   ? err_hint(e, "Did you mean '%s'?", meant)
                   : err_hint(
                         e, "Columns are provider, model, currency, from, to, over_input_tokens, "
                            "input, output, cache_read, cache_write, cache_write_1h, batch_input, "
                            "batch_output, audio_input, image_output, source, note.");
    }
    if (r->column[C_MODEL] == SIZE_MAX)
        return err_set(e, ERR_INVALID, "%.*s:1: no column 'model'", FMT(r->t.name));
    if (r->column[C_IN] == SIZE_MAX && r->column[C_OUT] == SIZE_MAX)
        return err_set(e, ERR_INVALID, "%.*s:1: neither a column 'input' nor 'output'",
                       FMT(r->t.name));
    return true;
}

static dec read_price(struct price_reader *r, int c)
{
    str s = cell(r, c);
    dec v;
    if (!s.n)
        return DEC_NULL;
    enum dec_parse got = dec_parse_loose(s, &v);
    if (got != DEC_OK && got != DEC_ROUNDED)
        csv_small_fault(&r->t, r->column[c], "%s '%.*s' is not a price per million tokens",
                        NAMES[c], FMT(s));
    else if (v < 0)
        csv_small_fault(&r->t, r->column[c], "%s '%.*s' is negative", NAMES[c], FMT(s));
    else if (v > PRICE_MOST / r->per_million ||
             !dec_muldiv(v, dec_from_i64(r->per_million), dec_from_i64(r->divisor), &v))
        csv_small_fault(&r->t, r->column[c], "%s '%.*s' is no price per million tokens", NAMES[c],
                        FMT(s));
    else
        return v;
    return DEC_NULL;
}

/* "1M tokens" (the default), "1K tokens", "token", each also as "cents per ...". */
static void read_unit(struct price_reader *r)
{
    static const struct {
        const char *word;
        int64_t per_million;
    } UNITS[] = {
        {"1M", 1},    {"M", 1},    {"1000000", 1}, {"1K", 1000},
        {"K", 1000},  {"1000", 1000}, {"1", 1000000}, {"", 1000000},
    };
    str s = cell(r, C_UNIT), word = s;
    r->per_million = r->divisor = 1;
    if (!s.n)
        return;
    if (str_starts_nocase(word, S("cents "))) {
        r->divisor = 100;
        word = str_trim(str_sub(word, 6, word.n));
    }
    if (str_starts_nocase(word, S("per ")))
        word = str_trim(str_sub(word, 4, word.n));
    for (int plural = 1; plural >= 0; plural--) {
        str tail = plural ? S("tokens") : S("token");
        if (str_ends_nocase(word, tail)) {
            word = str_trim(str_sub(word, 0, word.n - tail.n));
            break;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++) {
        if (str_eq_nocase(word, str_of(UNITS[i].word))) {
            r->per_million = UNITS[i].per_million;
            return;
        }
    }
    csv_small_fault(&r->t, r->column[C_UNIT],
                    "unit '%.*s' is none of 1M tokens, 1K tokens, token, cents per token", FMT(s));
}

static day read_day(struct price_reader *r, int c)
{
    str s = cell(r, c);
    day d = DAY_NONE;
    if (s.n && (s.n < 8 || !date_parse(s, DATE_MDY, &d) || str_find_char(s, '/', 0) != SIZE_MAX)) {
        csv_small_fault(&r->t, r->column[c], "%s '%.*s' is not a day such as 2026-09-01", NAMES[c],
                        FMT(s));
        return DAY_NONE;
    }
    return d;
}

static str make_id(struct price_reader *r, const struct price *p)
{
    char from[DATE_TEXT], over[32] = "";
    str at = STR_NONE;
    const char *mark = "";
    if (p->from != DAY_NONE) {
        mark = "@";
        at = date_format(p->from, from);
    } else if (p->to != DAY_NONE) {
        mark = "<";
        at = date_format(p->to, from);
    }
    if (p->over_tokens)
        snprintf(over, sizeof over, ">%lld", (long long)p->over_tokens);
    return str_fmt(r->arena, "%.*s/%.*s%s%.*s%s%s%.*s", FMT(p->provider), FMT(p->model), mark,
                   FMT(at), over, r->layer_name.n ? "#" : "", FMT(r->layer_name));
}

static void read_identity(struct price_reader *r, struct price *p)
{
    char room[PRICE_NAME_MAX];
    struct price_name name;
    bool open;
    p->model = str_dup(r->arena, cell(r, C_MODEL));
    price_name_read(p->model, &name);
    if (!name.key.n)
        csv_small_fault(&r->t, r->column[C_MODEL], "model '%.*s' is %s",
                        FMT(str_sub(p->model, 0, 60)), p->model.n ? "too long" : "empty");
    str provider = cell(r, C_PROVIDER);
    if (!provider.n)
        provider = price_maker(name.key, &open);
    p->provider = str_dup(r->arena, provider.n ? price_provider(provider, room) : S("own"));
    str code = cell(r, C_CURRENCY);
    if (!currency_parse(code.n ? code : S("USD"), &p->currency))
        csv_small_fault(&r->t, r->column[C_CURRENCY], "currency '%.*s' is no ISO 4217 code",
                        FMT(code));
}

static void read_row(struct price_reader *r)
{
    struct price p = {0};
    size_t before = r->t.faults;
    read_identity(r, &p);
    p.from = read_day(r, C_FROM);
    p.to = read_day(r, C_TO);
    if (p.from != DAY_NONE && p.to != DAY_NONE && p.to <= p.from)
        csv_small_fault(&r->t, r->column[C_TO], "to '%.*s' is not after from '%.*s'",
                        FMT(cell(r, C_TO)), FMT(cell(r, C_FROM)));
    str over = cell(r, C_OVER);
    if (over.n && (!str_to_i64(over, &p.over_tokens) || p.over_tokens < 0))
        csv_small_fault(&r->t, r->column[C_OVER], "over_input_tokens '%.*s' is not a count",
                        FMT(over));
    read_unit(r);
    p.in = read_price(r, C_IN);
    p.out = read_price(r, C_OUT);
    p.cache_read = read_price(r, C_READ);
    p.cache_write = read_price(r, C_WRITE);
    p.cache_write_1h = read_price(r, C_WRITE_1H);
    p.batch_in = read_price(r, C_BATCH_IN);
    p.batch_out = read_price(r, C_BATCH_OUT);
    p.audio_in = read_price(r, C_AUDIO_IN);
    p.image_out = read_price(r, C_IMAGE_OUT);
    if (before == r->t.faults && dec_is_null(p.in) && dec_is_null(p.out))
        csv_small_fault(&r->t, SIZE_MAX, "model '%.*s' has neither an input nor an output price",
                        FMT(p.model));
    if (before != r->t.faults)
        return;
    p.source = str_dup(r->arena, cell(r, C_SOURCE));
    p.note = str_dup(r->arena, cell(r, C_NOTE));
    p.id = make_id(r, &p);
    bool new;
    struct map_entry *e = map_put(&r->ids, p.id, &new);
    if (!new) {
        csv_small_fault(&r->t, SIZE_MAX, "'%.*s' stands in line %lld already", FMT(p.id),
                        (long long)e->num);
        return;
    }
    e->num = (int64_t)r->t.line;
    r->items = arena_grow(r->arena, r->items, sizeof *r->items, &r->cap, r->n + 1);
    r->items[r->n++] = p;
}

static bool add_csv(struct price_book *b, str name, str layer_name, str text, struct err *e)
{
    struct price_reader r = {.book = b, .arena = b->arena, .layer_name = layer_name};
    bool more = true;
    map_init(&r.ids, b->arena);
    if (!csv_small_open(&r.t, name, text, LIMIT_PRICES, e))
        return false;
    bool ok = read_header(&r, e);
    while (ok && more) {
        ok = csv_small_next(&r.t, &more);
        if (ok && more)
            read_row(&r);
    }
    csv_small_close(&r.t);
    if (!ok || r.t.faults)
        return false;
    uint32_t layer = b->n_layers;
    for (size_t i = 0; i < r.n; i++)
        price_book_put(b, r.items[i], layer);
    if (r.n) {
        b->names = arena_grow(b->arena, b->names, sizeof *b->names, &b->cap_names, layer + 1u);
        b->names[layer] = layer_name;
    }
    return true;
}

bool price_book_add_csv(struct price_book *b, str name, str text, struct err *e)
{
    return add_csv(b, name, str_dup(b->arena, path_base(name)), text, e);
}

struct price_book *price_book_new(struct arena *a)
{
    struct price_book *b = price_book_empty(a);
    struct err e;
    /* the file is part of the binary: a fault in it is ours */
    if (!add_csv(b, S("prices.csv"), STR_NONE, share_file("prices.csv"), &e))
        bug(__FILE__, __LINE__, e.text);
    return b;
}
