/* payroll.c - payroll journals and rosters of people: what Talent costs, without who they are.
 *
 * A journal has a row per person and pay date: the employer's cost, or gross pay with the
 * employer's taxes and contributions. A roster (HRIS) has a row per person and states pay per
 * year; a twelfth of it is the cost of the month that --start names, for those employed in it.
 * Only dates, department, job title, location, cost center and money are read: names, numbers of
 * employees and addresses are in no column that is asked for. */
#include "ingest/gl_rows.h"

enum { RAW_GROSS, RAW_EMPLOYER, RAW_TAXES, RAW_BENEFITS, RAW_DEPARTMENT, RAW_TITLE, RAW_LOCATION,
       RAW_COST_CENTER, RAW_SALARY, RAW_HIRED, RAW_LEFT, RAW_NET,
       RAW_FREQUENCY };

#define NAMES_TITLE {"Job Title", "Title", "Position", "Role", "Job", "Position Title"}
#define NAMES_DEPARTMENT \
    {"Department", "Department Name", "Dept", "Temp Dept", "Home Department", "Team", \
     "Department Code"}

/* clang-format off */
static const struct import_column journal_columns[] = {
    {F_DAY, COL_REQUIRED, {"Pay Date", "Check Date", "Pay Day", "Payday", "Payment Date",
                           "Period End", "Pay Period End", "Pay Period End Date"}},
    {F_CURRENCY, 0, {"Currency", "Pay Currency"}},
    {F_RAW + RAW_EMPLOYER, 0, {"Employer Cost", "Total Employer Cost", "Total Cost",
                               "Employer Total", "Total Payroll Cost"}},
    {F_RAW + RAW_GROSS, 0, {"Gross Earnings", "Gross Pay", "Gross", "Gross Wages",
                            "Total Earnings", "Gross Salary"}},
    {F_RAW + RAW_TAXES, 0, {"Employer Taxes", "Employer Tax", "Company Taxes", "Employer NI"}},
    {F_RAW + RAW_BENEFITS, 0, {"Employer Contributions", "Employer Benefits",
                               "Company Contributions", "Employer Pension"}},
    {F_RAW + RAW_NET, 0, {"Net Pay", "Net"}},
    {F_RAW + RAW_DEPARTMENT, 0, NAMES_DEPARTMENT},
    {F_RAW + RAW_TITLE, 0, NAMES_TITLE},
    {F_RAW + RAW_LOCATION, 0, {"Location", "Work Location", "Office"}},
    {F_RAW + RAW_COST_CENTER, 0, {"Cost Center", "Cost Centre"}},
};

static const struct import_column roster_columns[] = {
    {F_CURRENCY, 0, {"Currency", "Salary Currency", "Pay Currency"}},
    {F_RAW + RAW_SALARY, COL_REQUIRED, {"Annual Salary", "Base Salary", "Annual Base Salary",
                                        "Annual Cost", "Total Annual Cost", "Salary",
                                        "Annualized Salary", "Pay Rate"}},
    {F_RAW + RAW_FREQUENCY, 0, {"Pay Frequency", "Salary Frequency", "Pay Per", "Salary Period"}},
    {F_RAW + RAW_HIRED, COL_REQUIRED, {"Hire Date", "Start Date", "Date of Hire",
                                       "Original Hire Date", "Employment Start Date"}},
    {F_RAW + RAW_LEFT, 0, {"Termination Date", "End Date", "Last Day", "Leave Date",
                           "Employment End Date"}},
    {F_RAW + RAW_DEPARTMENT, 0, NAMES_DEPARTMENT},
    {F_RAW + RAW_TITLE, COL_REQUIRED, NAMES_TITLE},
    {F_RAW + RAW_LOCATION, 0, {"Location", "Work Location", "Office"}},
    {F_RAW + RAW_COST_CENTER, 0, {"Cost Center", "Cost Centre"}},
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

static bool has_person(const struct probe *p)
{
    static const char *const names[] = {"Employee", "Employee Name", "Employee ID", "Name",
                                        "First Name", "Last Name", "Employee Code", "File #",
                                        "Worker", "Full Name", "Employee Number", NULL};
    return probe_count(p, names) > 0;
}

static int bid_journal(const struct probe *p)
{
    const size_t n = ARRAY_LEN(journal_columns);
    bool gross = has_field(p, journal_columns, n, F_RAW + RAW_GROSS);
    bool employer = has_field(p, journal_columns, n, F_RAW + RAW_EMPLOYER);
    if (!has_field(p, journal_columns, n, F_DAY) || !(gross || employer))
        return 0;
    return 45 + 10 * (gross && employer) + 20 * has_person(p) +
           10 * has_field(p, journal_columns, n, F_RAW + RAW_NET) +
           10 * has_field(p, journal_columns, n, F_RAW + RAW_DEPARTMENT);
}

static int bid_roster(const struct probe *p)
{
    const size_t n = ARRAY_LEN(roster_columns);
    if (!has_field(p, roster_columns, n, F_RAW + RAW_SALARY) ||
        !has_field(p, roster_columns, n, F_RAW + RAW_HIRED) ||
        !has_field(p, roster_columns, n, F_RAW + RAW_TITLE))
        return 0;
    return 50 + 20 * has_person(p) + 15 * has_field(p, roster_columns, n, F_RAW + RAW_DEPARTMENT) +
           5 * has_field(p, roster_columns, n, F_RAW + RAW_LEFT);
}

static bool post(const struct table_row *t, struct spend_row *r, const char *books,
                 const char *account, dec amount, struct err *e)
{
    const struct posting p = {
        .kind = KIND_PAYROLL,
        .books = books,
        .account = str_of(account),
        .department = table_raw(t, RAW_DEPARTMENT),
        .job_title = table_raw(t, RAW_TITLE),
        .location = table_raw(t, RAW_LOCATION),
        .cost_center = table_raw(t, RAW_COST_CENTER),
        .amount = amount,
    };
    return gl_post(t, &p, r, e);
}

/* ---- journals ---- */

static bool add_to(const struct table_row *t, int raw, dec *sum, struct err *e)
{
    dec v;
    return table_raw_dec(t, raw, &v, e) &&
           (dec_is_null(v) || dec_add(dec_or_zero(*sum), v, sum) ||
            table_error(t, e, "amounts are too large"));
}

static bool journal_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                        struct err *e)
{
    dec cost, gross, extra = DEC_NULL;
    if (r->day == DAY_NONE) {
        *ret_skip = true; /* totals have no pay date */
        return true;
    }
    if (!table_raw_dec(t, RAW_EMPLOYER, &cost, e) || !table_raw_dec(t, RAW_GROSS, &gross, e) ||
        !add_to(t, RAW_TAXES, &extra, e) || !add_to(t, RAW_BENEFITS, &extra, e))
        return false;
    if (dec_is_null(cost) && !dec_is_null(gross) &&
        !dec_add(gross, dec_or_zero(extra), &cost))
        return table_error(t, e, "amounts are too large");
    if (dec_is_null(cost)) {
        *ret_skip = true;
        return true;
    }
    if (!dec_is_null(gross) && cost < gross && gross > 0) {
        table_fault(t, F_RAW + RAW_EMPLOYER, e, "is less than gross pay");
        return err_hint(e, "If the column holds only what comes on top of gross pay, rename it to "
                           "Employer Taxes.");
    }
    return post(t, r, "payroll", "Payroll", cost, e);
}

/* ---- rosters ---- */

static bool check_roster(const struct table_plan *p, struct err *e)
{
    if (table_spec_of(p)->options->start != DAY_NONE)
        return true;
    err_set(e, ERR_INVALID, "%.*s: states pay per year, but not for which month it counts",
            FMT(table_spec_of(p)->path));
    return err_hint(e, "Say the month with --start, for example --start 2026-07.");
}

static bool read_day(const struct table_row *t, int raw, day otherwise, day *ret, struct err *e)
{
    str s = table_raw(t, raw);
    *ret = otherwise;
    return !s.n || date_parse(s, table_spec_of(t->plan)->importer->dates, ret) ||
           table_fault(t, F_RAW + raw, e, "is not a date");
}

/* How often the stated pay is paid in a year; 0: not known. */
static int64_t times_a_year(str frequency)
{
    static const struct {
        const char *word;
        int64_t times;
    } words[] = {{"", 1},         {"annual", 1},  {"annually", 1}, {"year", 1},
                 {"yearly", 1},   {"per year", 1}, {"month", 12},  {"monthly", 12},
                 {"per month", 12}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq_nocase(frequency, str_of(words[i].word)))
            return words[i].times;
    return 0;
}

static bool roster_row(const struct table_row *t, struct spend_row *r, bool *ret_skip,
                       struct err *e)
{
    month m = month_of_day(table_spec_of(t->plan)->options->start);
    day hired, left, first = month_first_day(m), last = month_last_day(m);
    dec salary;
    if (!table_raw_dec(t, RAW_SALARY, &salary, e) ||
        !read_day(t, RAW_HIRED, INT32_MIN + 1, &hired, e) ||
        !read_day(t, RAW_LEFT, INT32_MAX, &left, e))
        return false;
    if (hired > last || left < first || (!table_raw(t, RAW_TITLE).n && dec_is_null(salary))) {
        *ret_skip = true;
        return true;
    }
    r->day = first;
    r->period = m;
    int64_t times = times_a_year(table_raw(t, RAW_FREQUENCY));
    if (!times) {
        table_fault(t, F_RAW + RAW_FREQUENCY, e, "is no frequency that is known");
        return err_hint(e, "Known are Annual and Monthly; hourly pay needs a payroll journal.");
    }
    if (!dec_is_null(salary) &&
        !dec_muldiv(salary, dec_from_i64(times), dec_from_i64(12), &salary))
        return table_fault(t, F_RAW + RAW_SALARY, e, "is too large");
    return post(t, r, "hris", "Salaries", salary, e);
}

const struct importer importer_payroll = {
    .name = "payroll",
    .title = "Payroll journal",
    .summary = "Employer's cost per pay date, department and job title; no names.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .loose_names = true,
    .bid = bid_journal,
    .columns = journal_columns,
    .n_columns = ARRAY_LEN(journal_columns),
    .row = journal_row,
};

const struct importer importer_hris = {
    .name = "hris",
    .title = "Roster of people (HRIS export)",
    .summary = "A twelfth of the yearly pay for the month of --start, by department and job title; "
               "no names.",
    .shapes = 1 << SHAPE_TABLE,
    .ordered = true,
    .loose_names = true,
    .bid = bid_roster,
    .check = check_roster,
    .columns = roster_columns,
    .n_columns = ARRAY_LEN(roster_columns),
    .row = roster_row,
};
