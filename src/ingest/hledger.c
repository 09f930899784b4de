/* hledger.c - postings of plain text accounting: hledger's and ledger's CSV output.
 *
 * hledger writes a header and a row per posting; ledger writes eight fields and no header.
 * Amounts of expense accounts are positive when money was spent. */
#include "ingest/gl_rows.h"

enum { RAW_ACCOUNT, RAW_AMOUNT, RAW_COMMODITY, RAW_DESCRIPTION, RAW_CODE, RAW_INDEX, RAW_COMMENT };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY, {"date"}},
    {F_RAW + RAW_ACCOUNT, COL_REQUIRED, {"account"}},
    {F_RAW + RAW_AMOUNT, COL_REQUIRED, {"amount", "quantity"}},
    {F_RAW + RAW_COMMODITY, COL_REQUIRED, {"commodity"}},
    {F_RAW + RAW_DESCRIPTION, COL_REQUIRED, {"description", "payee"}},
    {F_RAW + RAW_CODE, 0, {"code"}},
    {F_RAW + RAW_INDEX, 0, {"txnidx"}},
    {F_RAW + RAW_COMMENT, 0, {"posting-comment", "note"}},
};
/* clang-format on */

static const char *const ledger_names[] = {"date", "code", "payee", "account", "commodity",
                                           "quantity", "cleared", "note", NULL};

static int bid_hledger(const struct probe *p)
{
    static const char *const own[] = {"txnidx", "date2", "status", "posting-status",
                                      "posting-comment", "commodity", NULL};
    if (!probe_has(p, "txnidx") || !probe_has(p, "account") || !probe_has(p, "amount"))
        return 0;
    return MIN(60 + 6 * probe_count(p, own), 96);
}

/* No header: the first record has to look like a posting. */
static int bid_ledger(const struct probe *p)
{
    day any;
    dec number;
    const str *cells = p->names;
    if (p->n_names != ARRAY_LEN(ledger_names) - 1 || !date_parse(cells[0], DATE_MDY, &any))
        return 0;
    if (str_find_char(cells[3], ':', 0) == SIZE_MAX ||
        dec_parse_loose(cells[5], &number) == DEC_BAD)
        return 0;
    bool cleared = !cells[6].n || str_eq(cells[6], S("*")) || str_eq(cells[6], S("!"));
    return cleared ? 85 : 0;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str account = table_raw(t, RAW_ACCOUNT), commodity = table_raw(t, RAW_COMMODITY);
    str description = table_raw(t, RAW_DESCRIPTION);
    size_t bar = str_find(description, S(" | "), 0);
    /* (virtual) and [balanced virtual] postings are plans, not money */
    bool is_virtual = account.n && (account.p[0] == '(' || account.p[0] == '[');
    struct posting p = {
        .kind = KIND_LEDGER,
        .books = table_spec_of(t->plan)->importer->fixed_names ? "ledger" : "hledger",
        .account = account,
        .party = bar == SIZE_MAX ? description : str_sub(description, 0, bar),
        .memo = bar == SIZE_MAX ? table_raw(t, RAW_COMMENT)
                                : str_sub(description, bar + 3, description.n),
        .number = table_raw(t, RAW_CODE),
        .transaction = table_raw(t, RAW_INDEX),
    };
    if (!account.n || is_virtual || !gl_is_expense(account) ||
        gl_is_balance(description)) {
        *ret_skip = true;
        return true;
    }
    if (!table_raw_dec(t, RAW_AMOUNT, &p.amount, e))
        return false;
    if (dec_is_null(p.amount))
        return table_fault(t, F_RAW + RAW_AMOUNT, e, "is no amount");
    if (commodity.n && !gl_currency(commodity, &r->currency)) {
        table_fault(t, F_RAW + RAW_COMMODITY, e, "is no currency");
        return err_hint(e, "Expenses must be in money; convert the postings with -X CURRENCY.");
    }
    return gl_post(t, &p, r, e);
}

const struct importer importer_hledger = {
    .name = "hledger",
    .title = "hledger postings (print -O csv)",
    .summary = "Postings to expense accounts of an hledger journal.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .bid = bid_hledger,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};

const struct importer importer_ledger_csv = {
    .name = "ledger_csv",
    .title = "ledger postings (csv command)",
    .summary = "Postings to expense accounts of a ledger journal; a file without a header.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .fixed_names = ledger_names,
    .bid = bid_ledger,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
