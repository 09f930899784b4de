/* bank.c - statements of bank accounts and cards.
 *
 * Money out is spend, whatever sign the bank writes: with a debit and a credit column that is
 * clear, with one amount it follows from the format (accounts with a balance or a transaction
 * type write money out as negative; American Express writes charges as positive). A table that
 * does not tell is refused. Money in counts only as a refund; transfers and payments of the card
 * itself move money that is counted elsewhere. Names of card holders are not read. */
#include "ingest/gl_rows.h"

enum { RAW_PAYEE, RAW_MEMO, RAW_AMOUNT, RAW_OUT, RAW_IN, RAW_TYPE, RAW_REFERENCE, RAW_CATEGORY,
       RAW_BALANCE, RAW_HOLDER, RAW_CARD };

/* clang-format off */
static const struct import_column columns[] = {
    {F_DAY, COL_REQUIRED | COL_NOT_EMPTY,
     {"Transaction Date", "Date", "Posting Date", "Posted Date", "Post Date", "Booking Date",
      "Value Date", "Completed Date"}},
    {F_CURRENCY, 0, {"Currency"}},
    {F_RAW + RAW_PAYEE, 0, {"Payee", "Merchant", "Merchant Name", "Counterparty", "Counter Party"}},
    {F_RAW + RAW_MEMO, COL_REQUIRED, {"Description", "Memo", "Narrative", "Details",
                                      "Transaction Description", "Payment reference", "Name"}},
    {F_RAW + RAW_AMOUNT, 0, {"Amount", "Transaction Amount"}},
    {F_RAW + RAW_OUT, 0, {"Debit", "Withdrawal", "Withdrawals", "Money Out", "Paid Out",
                          "Debit Amount", "Withdrawal Amount"}},
    {F_RAW + RAW_IN, 0, {"Credit", "Deposit", "Deposits", "Money In", "Paid In", "Credit Amount",
                         "Deposit Amount"}},
    {F_RAW + RAW_TYPE, 0, {"Type", "Transaction Type"}},
    {F_RAW + RAW_REFERENCE, 0, {"Check Number", "Check or Slip #", "Reference", "Reference Number",
                                "Transaction ID", "Check No."}},
    {F_RAW + RAW_CATEGORY, 0, {"Category"}},
    {F_RAW + RAW_BALANCE, 0, {"Balance", "Running Balance", "Account Balance"}},
    {F_RAW + RAW_HOLDER, 0, {"Card Member", "Cardholder", "Cardholder Name"}},
    {F_RAW + RAW_CARD, 0, {"Card No.", "Account #", "Card Number", "Card"}},
};
/* clang-format on */

static bool has_field(const struct probe *p, int field)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        for (size_t k = 0; columns[i].field == field && k < 8 && columns[i].names[k]; k++)
            if (probe_has_loose(p, columns[i].names[k]))
                return true;
    return false;
}

static int bid(const struct probe *p)
{
    bool split = has_field(p, F_RAW + RAW_OUT) && has_field(p, F_RAW + RAW_IN);
    bool other = probe_has_loose(p, "Account Name") ||
                 probe_has_loose(p, "Transaction Type Name") ||
                 probe_has(p, "Split") || probe_has(p, "Source") || probe_has(p, "txnidx") ||
                 (probe_has(p, "Account") && probe_has(p, "Debit"));
    if (other || p->n_names > 24 || !has_field(p, F_DAY) || !has_field(p, F_RAW + RAW_MEMO) ||
        !(split || has_field(p, F_RAW + RAW_AMOUNT)))
        return 0;
    return MIN(42 + 15 * split + 12 * has_field(p, F_RAW + RAW_BALANCE) +
                   8 * has_field(p, F_RAW + RAW_TYPE) + 8 * has_field(p, F_RAW + RAW_CATEGORY) +
                   10 * has_field(p, F_RAW + RAW_CARD) + 10 * has_field(p, F_RAW + RAW_HOLDER),
               80);
}

/* What one amount column means. */
enum sign { SIGN_UNKNOWN, SIGN_OUT_NEGATIVE, SIGN_OUT_POSITIVE };

static enum sign sign_of(const struct table_plan *p)
{
    if (table_has(p, F_RAW + RAW_HOLDER) && !table_has(p, F_RAW + RAW_TYPE))
        return SIGN_OUT_POSITIVE; /* American Express */
    if (table_has(p, F_RAW + RAW_BALANCE) || table_has(p, F_RAW + RAW_TYPE))
        return SIGN_OUT_NEGATIVE;
    return SIGN_UNKNOWN;
}

static bool check(const struct table_plan *p, struct err *e)
{
    if (table_has(p, F_RAW + RAW_OUT) && table_has(p, F_RAW + RAW_IN))
        return true;
    if (!table_has(p, F_RAW + RAW_AMOUNT)) {
        err_set(e, ERR_INVALID, "%.*s: has no column of amounts", FMT(table_spec_of(p)->path));
        return err_hint(e, "A mapping file (--map) can say which column it is.");
    }
    if (sign_of(p) != SIGN_UNKNOWN)
        return true;
    err_set(e, ERR_INVALID,
            "%.*s: does not tell whether positive amounts are money spent or received",
            FMT(table_spec_of(p)->path));
    return err_hint(e, "A mapping file (--map) says so with 'sign: as written' or "
                       "'sign: reversed'; "
                       "--suggest drafts one.");
}

static bool has_word(str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_find_nocase(text, str_of(words[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

static bool is_transfer(str memo, str type, str category)
{
    static const char *const words[] = {
        "payment thank you", "payment - thank you", "autopay", "payment received",
        "online payment",    "credit card payment", "card payment to", "transfer to",
        "transfer from",     "internal transfer",   "online transfer", "credit crd",
        "balance transfer"};
    static const char *const kinds[] = {"transfer", "acct_xfer", "loan_pmt"};
    return has_word(memo, words, ARRAY_LEN(words)) || str_eq_nocase(type, S("payment")) ||
           has_word(type, kinds, ARRAY_LEN(kinds)) ||
           str_eq_nocase(category, S("payment")) || str_eq_nocase(category, S("transfer")) ||
           str_eq_nocase(category, S("payment/credit"));
}

static bool is_refund(str memo, str type, bool card)
{
    static const char *const words[] = {"refund", "reversal", "chargeback", "returned",
                                        "credit memo", "adjustment"};
    return card || has_word(memo, words, ARRAY_LEN(words)) ||
           has_word(type, words, ARRAY_LEN(words)) || str_eq_nocase(type, S("return"));
}

static bool read_amount(const struct table_row *t, dec *ret, struct err *e)
{
    dec out, in;
    if (!table_raw_dec(t, RAW_OUT, &out, e) || !table_raw_dec(t, RAW_IN, &in, e))
        return false;
    if (!dec_is_null(out) || !dec_is_null(in)) {
        /* some banks write withdrawals as negative in a column of their own */
        dec spent = dec_is_null(out) ? 0 : out < 0 ? -out : out;
        dec got = dec_is_null(in) ? 0 : in < 0 ? -in : in;
        return dec_add(spent, -got, ret) || table_error(t, e, "amounts are too large");
    }
    if (!table_raw_dec(t, RAW_AMOUNT, ret, e))
        return false;
    if (!dec_is_null(*ret) && sign_of(t->plan) != SIGN_OUT_POSITIVE)
        *ret = -*ret;
    return true;
}

static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    str memo = table_raw(t, RAW_MEMO), type = table_raw(t, RAW_TYPE);
    bool card = table_has(t->plan, F_RAW + RAW_CARD) || table_has(t->plan, F_RAW + RAW_HOLDER) ||
                (table_has(t->plan, F_RAW + RAW_CATEGORY) &&
                 !table_has(t->plan, F_RAW + RAW_BALANCE));
    struct posting p = {
        .kind = KIND_PAYMENT,
        .books = card ? "card" : "bank",
        .party = table_raw(t, RAW_PAYEE),
        .memo = memo,
        .number = table_raw(t, RAW_REFERENCE),
        .source_type = type,
    };
    if (!read_amount(t, &p.amount, e))
        return false;
    *ret_skip = dec_is_null(p.amount) || p.amount == 0 ||
                is_transfer(memo, type, table_raw(t, RAW_CATEGORY)) || gl_is_balance(memo) ||
                (p.amount < 0 && !is_refund(memo, type, card));
    return *ret_skip || gl_post(t, &p, r, e);
}

const struct importer importer_bank = {
    .name = "bank",
    .title = "Bank or card statement",
    .summary = "Money out of an account or card; refunds count, transfers and deposits do not.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .loose_names = true,
    .bid = bid,
    .check = check,
    .columns = columns,
    .n_columns = ARRAY_LEN(columns),
    .row = row,
};
