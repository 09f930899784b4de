/* unit_check.c - finds files whose money is in another unit than it is read in. */
#include "ingest/unit_check.h"

#include "base/map.h"

struct cell {
    uint32_t file;
    str model;
    dec cost, expected; /* sums; saturated sums stay where they are */
    /* the row whose money is largest, the first of equals */
    uint64_t row;
    dec row_cost, row_expected;
    str price_id;
    currency currency;
};

struct unit_check {
    struct arena arena;
    const struct price_book *book;
    struct map cells; /* "file model" to struct cell */
};

struct unit_check *unit_check_new(const struct price_book *book)
{
    struct unit_check *c = calloc(1, sizeof *c);
    if (!c)
        out_of_memory(sizeof *c);
    c->book = book;
    map_init(&c->cells, &c->arena);
    return c;
}

void unit_check_free(struct unit_check *c)
{
    if (!c)
        return;
    arena_release(&c->arena);
    free(c);
}

static dec weight(dec cost, dec expected)
{
    dec size = cost < 0 ? -cost : cost;
    return MAX(size, expected);
}

static void put(struct unit_check *c, const struct cell *from)
{
    char room[16 + 256];
    int n = snprintf(room, sizeof room, "%u %.*s", from->file, FMT(str_sub(from->model, 0, 255)));
    str key = {room, (size_t)n};
    struct map_entry *e = map_get(&c->cells, key);
    if (!e) {
        e = map_put(&c->cells, str_dup(&c->arena, key), NULL);
        struct cell *copy = arena_new(&c->arena, struct cell, 1);
        *copy = *from;
        copy->model = str_dup(&c->arena, from->model);
        e->ptr = copy;
        return;
    }
    struct cell *to = e->ptr;
    dec sum;
    if (dec_add(to->cost, from->cost, &sum))
        to->cost = sum;
    if (dec_add(to->expected, from->expected, &sum))
        to->expected = sum;
    dec old = weight(to->row_cost, to->row_expected),
        new = weight(from->row_cost, from->row_expected);
    if (new > old || (new == old && from->row < to->row)) {
        to->row = from->row;
        to->row_cost = from->row_cost;
        to->row_expected = from->row_expected;
        to->price_id = from->price_id;
        to->currency = from->currency;
    }
}

void unit_check_add(struct unit_check *c, const struct spend_row *row)
{
    const struct price *p;
    dec expected, cost = dec_is_null(row->billed) ? row->effective : row->billed;
    bool fallback;
    if (dec_is_null(cost) || cost == 0 || !pricing_expected(c->book, row, &p, &expected, &fallback))
        return;
    if (expected == 0 || !currency_eq(row->currency, p->currency))
        return;
    struct cell cell = {
        .file = row->file,
        .model = row->text[SPEND_MODEL],
        .cost = cost,
        .expected = expected,
        .row = row->row,
        .row_cost = cost,
        .row_expected = expected,
        .price_id = p->id,
        .currency = p->currency,
    };
    put(c, &cell);
}

void unit_check_merge(struct unit_check *c, const struct unit_check *more)
{
    for (size_t i = 0; i < more->cells.n; i++)
        put(c, more->cells.entries[i].ptr);
}

/* The unit that ratio cost / expected is near: 100 for about 70 to 140; 0: none of them. */
static int64_t unit_of(dec large, dec small)
{
    static const int64_t units[] = {100, 1000, 1000000};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        dec low, high;
        if (dec_muldiv(small, units[i] * 7, 10, &low) &&
            dec_muldiv(small, units[i] * 14, 10, &high) && large >= low && large <= high)
            return units[i];
    }
    return 0;
}

static bool fault(const struct cell *c, int64_t unit, bool above, str name, const char *column,
                  struct err *e)
{
    char cost[DEC_TEXT], expected[DEC_TEXT];
    str shown = dec_format_fixed(c->row_expected, c->row_expected < DEC_ONE ? 6 : 2, expected);
    err_set(e, ERR_INVALID,
            "%.*s:%llu: %s '%.*s' is about %s%lld%s what the price book expects for the tokens of "
            "'%.*s': "
            "%.*s %s at %.*s",
            FMT(name), (unsigned long long)c->row, column, FMT(dec_format(c->row_cost, cost)),
            above ? "" : "1/", (long long)unit, above ? " times" : " of", FMT(c->model), FMT(shown),
            c->currency.code, FMT(c->price_id));
    if (above)
        return err_hint(
            e,
            "The amounts look like %s. Nothing was imported. Name the right format with --as, "
            "or the unit with --map FILE (amounts in 10^-%d); if the amounts are right, import "
            "your own prices with outlay prices import.",
            unit == 100    ? "cents"
            : unit == 1000 ? "thousandths"
                           : "millionths",
            unit == 100    ? 2
            : unit == 1000 ? 3
                           : 6);
    return err_hint(
        e,
        "The amounts or the token counts look to be in units of %lld. Nothing was imported. Name "
        "the right format with --as, or the unit with --map FILE; if the amounts are right, "
        "import your own prices with outlay prices import.",
        (long long)unit);
}

bool unit_check_end(const struct unit_check *c, const str *names, size_t n_names,
                    const char *column, struct err *e)
{
    const struct cell *worst = NULL;
    int64_t worst_unit = 0;
    for (size_t i = 0; i < c->cells.n; i++) {
        const struct cell *x = c->cells.entries[i].ptr;
        if (weight(x->cost, x->expected) < DEC_ONE || x->cost <= 0)
            continue;
        int64_t unit = unit_of(MAX(x->cost, x->expected), MIN(x->cost, x->expected));
        bool before =
            worst && (x->file > worst->file || (x->file == worst->file && x->row >= worst->row));
        if (!unit || before)
            continue;
        worst = x;
        worst_unit = unit;
    }
    if (!worst)
        return true;
    str name = worst->file >= 1 && worst->file <= n_names ? names[worst->file - 1] : S("import");
    return fault(worst, worst_unit, worst->cost > worst->expected, name, column, e);
}
