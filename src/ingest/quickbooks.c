/* quickbooks.c - QuickBooks Online's Journal and General Ledger reports.
 *
 * Both have title lines above the header and totals below. In the Journal date, type and number
 * stand on the first line of a transaction only, and a line without an account is its sum. In the
 * General Ledger accounts are headings above their postings. */
#include "ingest/gl_rows.h"

enum { RAW_DATE, RAW_TYPE, RAW_NUM, RAW_NAME, RAW_MEMO, RAW_ACCOUNT, RAW_DEBIT, RAW_CREDIT,
       RAW_AMOUNT, RAW_HEADING, RAW_CLASS, RAW_DEPARTMENT };

/* clang-format off */
static const struct import_column journal_columns[] = {
    {F_RAW + RAW_DATE, COL_REQUIRED, {"Date", "Transaction date"}},
    {F_RAW + RAW_TYPE, COL_REQUIRED, {"Transaction Type", "Type"}},
    {F_RAW + RAW_NUM, 0, {"Num", "No."}},
    {F_RAW + RAW_NAME, 0, {"Name"}},
    {F_RAW + RAW_MEMO, 0, {"Memo/Description", "Description"}},
    {F_RAW + RAW_ACCOUNT, COL_REQUIRED, {"Account", "Full name", "Account name"}},
    {F_RAW + RAW_DEBIT, COL_REQUIRED, {"Debit"}},
    {F_RAW + RAW_CREDIT, COL_REQUIRED, {"Credit"}},
    {F_RAW + RAW_CLASS, 0, {"Class", "Class full name"}},
    {F_RAW + RAW_DEPARTMENT, 0, {"Department", "Location"}},
    {F_CURRENCY, 0, {"Currency"}},
};

static const struct import_column ledger_columns[] = {
    {F_RAW + RAW_HEADING, COL_REQUIRED, {"", "Distribution account", "Account"}},
    {F_RAW + RAW_DATE, COL_REQUIRED, {"Date", "Transaction date"}},
    {F_RAW + RAW_TYPE, COL_REQUIRED, {"Transaction Type", "Type"}},
    {F_RAW + RAW_NUM, 0, {"Num", "No."}},
    {F_RAW + RAW_NAME, 0, {"Name"}},
    {F_RAW + RAW_MEMO, 0, {"Memo/Description", "Description"}},
    {F_RAW + RAW_AMOUNT, COL_REQUIRED, {"Amount"}},
    {F_RAW + RAW_CLASS, 0, {"Class", "Class full name"}},
    {F_RAW + RAW_DEPARTMENT, 0, {"Department", "Location"}},
    {F_CURRENCY, 0, {"Currency"}},
};
/* clang-format on */

static int bid_journal(const struct probe *p)
{
    if (!probe_has(p, "Transaction Type") || !probe_has(p, "Account") || !probe_has(p, "Debit") ||
        !probe_has(p, "Credit"))
        return 0;
    return 75 + 10 * probe_has(p, "Memo/Description") + 5 * probe_has(p, "Num");
}

static int bid_ledger(const struct probe *p)
{
    if (!probe_has(p, "Transaction Type") || !probe_has(p, "Split") || !probe_has(p, "Amount"))
        return 0;
    return 70 + 10 * probe_has(p, "Balance") + 10 * probe_has(p, "Memo/Description") +
           5 * probe_has(p, "Num");
}

struct state {
    str date, type, num, name; /* of the transaction above */
    uint64_t transaction;
    struct gl_headings headings;
};

static bool set_day(const struct table_row *t, struct spend_row *r, str date, struct err *e)
{
    if (date_parse(date, table_spec_of(t->plan)->importer->dates, &r->day))
        return true;
    table_fault(t, F_RAW + RAW_DATE, e, "is not a date");
    return err_hint(e, "QuickBooks writes 07/31/2026 in US files; for others use a mapping file "
                       "(--map) with dates: dmy.");
}

static bool post(const struct table_row *t, struct spend_row *r, struct posting *p, struct err *e)
{
    p->kind = KIND_LEDGER;
    p->books = "quickbooks";
    p->memo = table_raw(t, RAW_MEMO);
    p->klass = table_raw(t, RAW_CLASS);
    p->department = table_raw(t, RAW_DEPARTMENT);
    return gl_post(t, p, r, e);
}

static bool journal_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                        struct err *e)
{
    struct state *s = table_state(t, sizeof *s);
    str date = table_raw(t, RAW_DATE), account = table_raw(t, RAW_ACCOUNT);
    struct posting p = {.account = account};
    if (gl_is_balance(date) || (!account.n && !date.n)) {
        *ret_skip = true; /* sums */
        return true;
    }
    if (table_raw(t, RAW_TYPE).n) {
        s->transaction++;
        s->date = table_intern(t, date);
        s->type = table_intern(t, table_raw(t, RAW_TYPE));
        s->num = table_intern(t, table_raw(t, RAW_NUM));
        s->name = table_intern(t, table_raw(t, RAW_NAME));
    }
    if (!account.n || !gl_is_expense(account)) {
        *ret_skip = true; /* also the footer: when the report was made */
        return true;
    }
    if (!s->date.n)
        return table_error(t, e, "belongs to no transaction: no line above has a date");
    if (!set_day(t, r, s->date, e) || !gl_amount(t, RAW_DEBIT, RAW_CREDIT, &p.amount, e))
        return false;
    if (dec_is_null(p.amount)) {
        *ret_skip = true;
        return true;
    }
    p.number = s->num;
    p.source_type = s->type;
    p.party = table_raw(t, RAW_NAME).n ? table_raw(t, RAW_NAME) : s->name;
    p.transaction = str_fmt(table_scratch(t), "%llu", (unsigned long long)s->transaction);
    return post(t, r, &p, e);
}

static bool ledger_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                       struct err *e)
{
    struct state *s = table_state(t, sizeof *s);
    str heading = table_raw(t, RAW_HEADING), date = table_raw(t, RAW_DATE);
    struct posting p = {.number = table_raw(t, RAW_NUM), .source_type = table_raw(t, RAW_TYPE)};
    bool line = date.n && table_raw(t, RAW_TYPE).n;
    if (!line) {
        *ret_skip = true;
        if (gl_is_balance(heading))
            gl_close(&s->headings, heading);
        else if (heading.n && !date.n)
            gl_open(&s->headings, table_intern(t, heading));
        return true;
    }
    p.account = gl_path(&s->headings, table_scratch(t));
    if (!p.account.n)
        p.account = heading; /* a flat report has the account on every line */
    if (!p.account.n)
        return table_error(t, e, "stands under no account");
    if (!gl_is_expense(p.account)) {
        *ret_skip = true;
        return true;
    }
    if (!set_day(t, r, date, e) || !table_raw_dec(t, RAW_AMOUNT, &p.amount, e))
        return false;
    if (dec_is_null(p.amount)) {
        *ret_skip = true;
        return true;
    }
    p.party = table_raw(t, RAW_NAME);
    return post(t, r, &p, e);
}

const struct importer importer_quickbooks_journal = {
    .name = "quickbooks_journal",
    .title = "QuickBooks Journal report",
    .summary = "Postings to expense accounts; the date stands on the first line of a transaction.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .bid = bid_journal,
    .columns = journal_columns,
    .n_columns = ARRAY_LEN(journal_columns),
    .row = journal_row,
};

const struct importer importer_quickbooks_ledger = {
    .name = "quickbooks_ledger",
    .title = "QuickBooks General Ledger report",
    .summary = "Postings under headings of expense accounts; balances and totals are left out.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .bid = bid_ledger,
    .columns = ledger_columns,
    .n_columns = ARRAY_LEN(ledger_columns),
    .row = ledger_row,
};
