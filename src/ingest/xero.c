/* xero.c - Xero's Account Transactions and NetSuite's Account Detail: postings under their account.
 *
 * Accounts are headings above their postings, or a column. Running balances, opening and closing
 * balances and totals are left out. */
#include "ingest/gl_rows.h"

enum { RAW_DATE, RAW_SOURCE, RAW_MEMO, RAW_REFERENCE, RAW_DEBIT, RAW_CREDIT, RAW_CONTACT,
       RAW_ACCOUNT, RAW_AMOUNT, RAW_DEPARTMENT, RAW_CLASS, RAW_LOCATION };

/* clang-format off */
static const struct import_column xero_columns[] = {
    {F_RAW + RAW_DATE, COL_REQUIRED, {"Date"}},
    {F_RAW + RAW_SOURCE, COL_REQUIRED, {"Source"}},
    {F_RAW + RAW_CONTACT, 0, {"Contact", "Contact Name"}},
    {F_RAW + RAW_MEMO, 0, {"Description"}},
    {F_RAW + RAW_REFERENCE, 0, {"Reference", "Invoice Number"}},
    {F_RAW + RAW_DEBIT, COL_REQUIRED, {"Debit", "Debit (Source)"}},
    {F_RAW + RAW_CREDIT, COL_REQUIRED, {"Credit", "Credit (Source)"}},
    {F_RAW + RAW_ACCOUNT, 0, {"Account", "Account Name"}},
    {F_RAW + RAW_DEPARTMENT, 0, {"Department"}},
    {F_CURRENCY, 0, {"Currency"}},
};

static const struct import_column netsuite_columns[] = {
    {F_RAW + RAW_ACCOUNT, COL_REQUIRED, {"Account"}},
    {F_RAW + RAW_SOURCE, COL_REQUIRED, {"Type"}},
    {F_RAW + RAW_DATE, COL_REQUIRED, {"Date"}},
    {F_RAW + RAW_REFERENCE, 0, {"Num", "Document Number", "Doc Number"}},
    {F_RAW + RAW_CONTACT, 0, {"Name"}},
    {F_RAW + RAW_MEMO, 0, {"Memo"}},
    {F_RAW + RAW_AMOUNT, 0, {"Amount"}},
    {F_RAW + RAW_DEBIT, 0, {"Debit", "Amount (Debit)"}},
    {F_RAW + RAW_CREDIT, 0, {"Credit", "Amount (Credit)"}},
    {F_RAW + RAW_DEPARTMENT, 0, {"Department"}},
    {F_RAW + RAW_CLASS, 0, {"Class"}},
    {F_RAW + RAW_LOCATION, 0, {"Location"}},
    {F_CURRENCY, 0, {"Currency"}},
};
/* clang-format on */

static int bid_xero(const struct probe *p)
{
    if (!probe_has(p, "Date") || !probe_has(p, "Source") || !probe_has(p, "Debit") ||
        !probe_has(p, "Credit"))
        return 0;
    return 65 + 15 * probe_has(p, "Running Balance") + 5 * probe_has(p, "Gross") +
           5 * probe_has(p, "Tax") + 5 * probe_has(p, "Reference");
}

static int bid_netsuite(const struct probe *p)
{
    if (!probe_has(p, "Account") || !probe_has(p, "Type") || !probe_has(p, "Date") ||
        !(probe_has(p, "Clr") || probe_has(p, "Document Number")) ||
        !(probe_has(p, "Amount") || probe_has(p, "Amount (Debit)") || probe_has(p, "Debit")))
        return 0;
    return 70 + 15 * probe_has(p, "Split") + 10 * probe_has(p, "Balance");
}

struct state {
    str heading;
};

/* The account a posting stands under; *ret_posting false: the record is a heading or a total. */
static str account_of(const struct table_row *t, str first, bool *ret_posting)
{
    struct state *s = table_state(t, sizeof *s);
    day any;
    str date = table_raw(t, RAW_DATE), account = table_raw(t, RAW_ACCOUNT);
    bool dated = date_parse(date, table_spec_of(t->plan)->importer->dates, &any);
    *ret_posting = dated;
    if (dated && account.n && !gl_is_balance(account))
        return account;
    if (dated)
        return s->heading;
    if (!first.n || gl_is_balance(first))
        return STR_NONE;
    s->heading = table_intern(t, first);
    return STR_NONE;
}

/* What stands on one line and is no date is neither heading nor total when it has an amount. */
static bool is_lost(const struct table_row *t)
{
    return table_raw(t, RAW_SOURCE).n && table_raw(t, RAW_DATE).n &&
           (table_raw(t, RAW_DEBIT).n || table_raw(t, RAW_CREDIT).n || table_raw(t, RAW_AMOUNT).n);
}

static bool bad_date(const struct table_row *t, struct err *e)
{
    table_fault(t, F_RAW + RAW_DATE, e, "is not a date");
    return err_hint(e, "Dates look like 02 Sep 2026 or 2026-09-02; others need a mapping file "
                       "(--map).");
}

static bool post(const struct table_row *t, struct spend_row *r, struct posting *p,
                 bool *ret_skip, struct err *e)
{
    if (!p->account.n)
        return table_error(t, e, "stands under no account");
    if (!gl_is_expense(p->account) || dec_is_null(p->amount) ||
        gl_is_balance(table_raw(t, RAW_SOURCE)) || gl_is_balance(table_raw(t, RAW_MEMO))) {
        *ret_skip = true;
        return true;
    }
    if (!date_parse(table_raw(t, RAW_DATE), table_spec_of(t->plan)->importer->dates, &r->day))
        return bad_date(t, e);
    p->kind = KIND_LEDGER;
    p->source_type = table_raw(t, RAW_SOURCE);
    p->number = table_raw(t, RAW_REFERENCE);
    p->memo = table_raw(t, RAW_MEMO);
    p->department = table_raw(t, RAW_DEPARTMENT);
    p->klass = table_raw(t, RAW_CLASS);
    p->location = table_raw(t, RAW_LOCATION);
    return gl_post(t, p, r, e);
}

static bool xero_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                     struct err *e)
{
    struct posting p = {.books = "xero", .party = table_raw(t, RAW_CONTACT)};
    bool posting;
    p.account = account_of(t, table_raw(t, RAW_DATE), &posting);
    if (!posting) {
        *ret_skip = true;
        return !is_lost(t) || gl_is_balance(table_raw(t, RAW_DATE)) || bad_date(t, e);
    }
    str memo = table_raw(t, RAW_MEMO);
    size_t dash = str_find(memo, S(" - "), 0);
    if (!p.party.n && dash != SIZE_MAX)
        p.party = str_sub(memo, 0, dash); /* "OpenAI - ChatGPT Team": contact and text */
    return gl_amount(t, RAW_DEBIT, RAW_CREDIT, &p.amount, e) && post(t, r, &p, ret_skip, e);
}

static bool netsuite_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                         struct err *e)
{
    struct posting p = {.books = "netsuite", .party = table_raw(t, RAW_CONTACT)};
    bool posting;
    p.account = account_of(t, table_raw(t, RAW_ACCOUNT), &posting);
    if (!posting) {
        *ret_skip = true;
        return !is_lost(t) || gl_is_balance(table_raw(t, RAW_ACCOUNT)) || bad_date(t, e);
    }
    if (!table_raw_dec(t, RAW_AMOUNT, &p.amount, e))
        return false;
    if (dec_is_null(p.amount) && !gl_amount(t, RAW_DEBIT, RAW_CREDIT, &p.amount, e))
        return false;
    return post(t, r, &p, ret_skip, e);
}

const struct importer importer_xero = {
    .name = "xero",
    .title = "Xero Account Transactions report",
    .summary = "Postings to expense accounts, net of tax, in the organization's currency.",
    .shapes = 1 << SHAPE_TABLE,
    .dates = DATE_DMY,
    .ordered = true,
    .bid = bid_xero,
    .columns = xero_columns,
    .n_columns = ARRAY_LEN(xero_columns),
    .row = xero_row,
};

const struct importer importer_netsuite = {
    .name = "netsuite",
    .title = "NetSuite Account Detail",
    .summary = "Postings to expense accounts; saved searches of another shape need a mapping file.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .bid = bid_netsuite,
    .columns = netsuite_columns,
    .n_columns = ARRAY_LEN(netsuite_columns),
    .row = netsuite_row,
};
