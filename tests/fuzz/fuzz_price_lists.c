/* fuzz_price_lists.c - any text as a public price list or a table of invoices: what is made of it
 * can be read back, or the error says why not. */
#include "app/invoice_csv.h"
#include "core/price_compare.h"
#include "core/price_int.h"
#include "ingest/price_lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_list(str text, const struct price_book *known)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct price_list_options o = {.taken = 20656, .from = DAY_NONE, .known = known};
    struct price_list list;
    if (price_list_read(&a, S("fuzz.json"), text, &o, &list, &e)) {
        struct price_book *b = price_book_empty(&a);
        bool own = list.taken == DAY_NONE, added = price_book_add_csv(b, S("l"), list.csv, &e);
        size_t n;
        const struct price *items = price_book_items(b, &n);
        BUG_IF(!own &&
               (!added || n != list.prices || !list.prices)); /* what we write we can read */
        for (size_t i = 0; i < n; i++)
            BUG_IF(dec_is_null(items[i].in) && dec_is_null(items[i].out));
        struct price_conflict *conflicts;
        size_t n_conflicts;
        const struct price_book *apart = b;
        price_conflicts(known, &apart, 1, 20656, &a, &conflicts, &n_conflicts);
        for (size_t i = 0; i < n_conflicts; i++)
            BUG_IF(!conflicts[i].difference);
    } else {
        BUG_IF(!e.text[0]);
    }
    arena_release(&a);
}

static void check_invoices(str text)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct invoice *items;
    size_t n;
    if (invoice_csv_read(&a, S("fuzz.csv"), text, (currency){"USD"}, &items, &n, &e)) {
        for (size_t i = 0; i < n; i++)
            BUG_IF(!items[i].party.n || !items[i].number.n || dec_is_null(items[i].amount) ||
                   items[i].period == MONTH_NONE);
    } else {
        BUG_IF(!e.text[0]);
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept;
    static struct price_book *book;
    if (!book)
        book = price_book_new(&kept);
    str text = {(const char *)data, size};
    if (size && (data[0] == '{' || data[0] == '['))
        check_list(text, book);
    else
        check_invoices(text);
    return 0;
}
