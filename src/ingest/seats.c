/* seats.c - licenses of software: lists of subscriptions, and lists of who has a seat.
 *
 * A list of subscriptions has a row per product with seats and money. A list of seats has a row per
 * person: each is one seat of the month of --start, priced by a stated rate ('seats@Copilot*=39')
 * or unknown. Logins, names and addresses are in no column that is asked for. */
#include "ingest/gl_rows.h"

enum { RAW_SEATS, RAW_PRICE, RAW_STATUS, RAW_NUMBER, RAW_COST };

/* clang-format off */
static const struct import_column list_columns[] = {
    {F_DAY, COL_REQUIRED, {"Month", "Billing Date", "Invoice Date", "Date", "Period",
                           "Billing Period", "Period Start", "Start Date"}},
    {F_CURRENCY, 0, {"Currency"}},
    {F_TEXT + SPEND_PROVIDER, 0, {"Vendor", "Supplier", "Provider"}},
    {F_TEXT + SPEND_SERVICE, COL_REQUIRED, {"Application", "Product", "App", "App Name",
                                            "Subscription", "Software", "Plan", "License"}},
    {F_TEXT + SPEND_TIER, 0, {"Plan", "License Type", "Edition"}},
    {F_RAW + RAW_SEATS, COL_REQUIRED, {"Seats", "Licenses", "License Count", "Seat Count",
                                       "Licensed Users", "Quantity", "Purchased Licenses"}},
    {F_RAW + RAW_PRICE, 0, {"Price per Seat", "Cost per Seat", "Unit Price", "Price per License",
                            "Cost per License", "Price per User"}},
    {F_RAW + RAW_COST, 0, {"Monthly Cost", "Cost", "Total Cost", "Total", "Amount", "Spend"}},
    {F_RAW + RAW_NUMBER, 0, {"Invoice", "Invoice Number", "Contract", "Order Number"}},
    {F_TAG, 0, {"Department", "Team"}},
};

static const struct import_column seat_columns[] = {
    {F_TEXT + SPEND_SERVICE, COL_REQUIRED, {"Product", "License", "Plan", "Seat Type", "Plan Type",
                                            "Subscription", "License Type", "Application"}},
    {F_RAW + RAW_STATUS, 0, {"Status", "License Status", "Seat Status"}},
    {F_TAG, 0, {"Department", "Team"}},
};
/* clang-format on */

static bool has_field(const struct probe *p, const struct import_column *c, size_t n, int field)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; c[i].field == field && k < 8 && c[i].names[k]; k++)
            if (probe_has_loose(p, c[i].names[k]))
                return true;
    return false;
}

static int bid_list(const struct probe *p)
{
    const size_t n = ARRAY_LEN(list_columns);
    static const char *const seats[] = {"Seats", "Licenses", "License Count", "Seat Count",
                                        "Licensed Users", "Purchased Licenses", NULL};
    bool price = has_field(p, list_columns, n, F_RAW + RAW_PRICE);
    if (!has_field(p, list_columns, n, F_DAY) ||
        !has_field(p, list_columns, n, F_TEXT + SPEND_SERVICE) || !probe_count(p, seats) ||
        !(price || has_field(p, list_columns, n, F_RAW + RAW_COST)))
        return 0;
    return 65 + 15 * price + 10 * has_field(p, list_columns, n, F_TEXT + SPEND_PROVIDER);
}

static int bid_seats(const struct probe *p)
{
    static const char *const people[] = {"Email", "Login", "User", "User Email", "Username",
                                         "User Principal Name", "Member", NULL};
    static const char *const signs[] = {"Last Active", "Last Activity", "Last Activity At",
                                        "Last Login", "Last Usage Date", "Status", "Seat Type",
                                        "License Status", "Assigned At", "Created At", "Role",
                                        NULL};
    static const char *const money[] = {"Cost", "Amount", "Total", "Price", "Salary", "spend",
                                        "Gross Pay", "prompt_tokens", "cost_usd", NULL};
    if (!probe_count(p, people) || probe_count(p, money) ||
        !has_field(p, seat_columns, ARRAY_LEN(seat_columns), F_TEXT + SPEND_SERVICE))
        return 0;
    int found = probe_count(p, signs);
    return found ? 45 + 12 * MIN(found, 3) : 0;
}

/* ---- subscriptions ---- */

static void settle(struct spend_row *r)
{
    r->text[SPEND_SERVICE_CATEGORY] = S(KIND_SEATS);
    if (!r->text[SPEND_PROVIDER].n)
        r->text[SPEND_PROVIDER] = r->text[SPEND_SERVICE];
    if (!r->text[SPEND_ACCOUNT].n)
        r->text[SPEND_ACCOUNT] = S("seats");
    r->text[SPEND_UNIT] = S("seats");
}

/* A yearly price is due on its day as a whole: nothing is spread. */
static bool list_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    dec price, cost;
    if (r->day == DAY_NONE || gl_is_balance(r->text[SPEND_SERVICE])) {
        *ret_skip = true;
        return true;
    }
    if (!table_raw_dec(t, RAW_SEATS, &r->quantity, e) ||
        !table_raw_dec(t, RAW_PRICE, &price, e) || !table_raw_dec(t, RAW_COST, &cost, e))
        return false;
    if (dec_is_null(cost) && !dec_is_null(price) && !dec_is_null(r->quantity) &&
        !dec_mul(price, r->quantity, &cost))
        return table_fault(t, F_RAW + RAW_PRICE, e, "is too large");
    r->billed = r->effective = cost;
    r->text[SPEND_SKU] = table_raw(t, RAW_NUMBER);
    r->text[SPEND_CHARGE_CATEGORY] =
        !dec_is_null(cost) && cost < 0 ? S("Credit") : S("Purchase");
    settle(r);
    return true;
}

/* ---- seats ---- */

static bool check_seats(const struct table_plan *p, struct err *e)
{
    if (table_spec_of(p)->options->start != DAY_NONE)
        return true;
    err_set(e, ERR_INVALID, "%.*s: lists seats, but not for which month they count",
            FMT(table_spec_of(p)->path));
    return err_hint(e, "Say the month with --start, for example --start 2026-07.");
}

static bool seat_row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    static const char *const gone[] = {"inactive", "revoked", "removed", "canceled", "cancelled",
                                       "deactivated", "unassigned", "disabled"};
    str status = table_raw(t, RAW_STATUS);
    for (size_t i = 0; i < ARRAY_LEN(gone); i++)
        *ret_skip |= str_eq_nocase(status, str_of(gone[i]));
    if (*ret_skip)
        return true;
    r->day = table_spec_of(t->plan)->options->start;
    r->quantity = DEC_ONE;
    r->text[SPEND_CHARGE_CATEGORY] = S("Purchase");
    settle(r);
    return true;
}

const struct importer importer_subscriptions = {
    .name = "subscriptions",
    .title = "List of software subscriptions",
    .summary = "Seats and money per product; a price per seat is multiplied.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .loose_names = true,
    .bid = bid_list,
    .columns = list_columns,
    .n_columns = ARRAY_LEN(list_columns),
    .row = list_row,
};

const struct importer importer_seats = {
    .name = "seats",
    .title = "List of seats, one row per person",
    .summary = "Seats of the month of --start, priced with --rate 'seats=PRICE'; no names.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .loose_names = true,
    .bid = bid_seats,
    .check = check_seats,
    .columns = seat_columns,
    .n_columns = ARRAY_LEN(seat_columns),
    .row = seat_row,
};
