/* fuzz_prices.c - price and rate files, names of models: what is added can be found again. */
#include "core/price_book.h"
#include "core/price_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_prices(str text)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct price_book *b = price_book_empty(&a);
    size_t n;
    if (price_book_add_csv(b, S("fuzz.csv"), text, &e)) {
        const struct price *items = price_book_items(b, &n);
        for (size_t i = 0; i < MIN(n, (size_t)50); i++) {
            const struct price *p = &items[i];
            struct price_query q = {p->provider, p->model, p->from != DAY_NONE ? p->from : 0,
                                    p->over_tokens < INT64_MAX ? p->over_tokens + 1 : 0};
            struct token_counts t = {.in = 1000, .out = 1000, .cache_read = 5};
            enum price_match match;
            dec cost;
            const struct price *found = price_find(b, &q, &match);
            BUG_IF(p->to == DAY_NONE && p->over_tokens < INT64_MAX && !found);
            if (found && price_cost(found, &t, &cost, NULL))
                BUG_IF(cost < 0);
        }
    } else {
        BUG_IF(!e.text[0] || (price_book_items(b, &n), n));
    }
    arena_release(&a);
}

static void check_rates(str text)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct fx_table *t = fx_new(&a);
    currency eur, usd;
    dec num, den, amount;
    if (!currency_parse(S("EUR"), &eur) || !currency_parse(S("USD"), &usd))
        UNREACHABLE();
    if (fx_add_csv(t, S("fuzz.csv"), text, eur, &e)) {
        for (month m = month_of(2026, 1); m < month_of(2026, 4); m++)
            if (fx_month(t, eur, usd, m, &num, &den, &e))
                BUG_IF(num <= 0 || den <= 0);
        if (fx_day(t, usd, eur, day_from_civil(2026, 1, 5), &num, &den, &e))
            BUG_IF(num <= 0 || den <= 0 || !dec_muldiv(1, num, den, &amount));
    } else {
        BUG_IF(!e.text[0]);
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept;
    static struct price_book *book;
    if (!size)
        return 0;
    str text = {(const char *)data + 1, size - 1};
    if (data[0] % 3 == 0) {
        check_prices(text);
    } else if (data[0] % 3 == 1) {
        check_rates(text);
    } else {
        if (!book)
            book = price_book_new(&kept);
        struct price_query q = {STR_NONE, text, 20000, 0};
        const struct price *p = price_find(book, &q, NULL);
        BUG_IF(p && !p->id.n);
    }
    return 0;
}
