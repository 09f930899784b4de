/* variance_cli.c - thresholds and amounts from the command line. */
#include "cli/variance_cli.h"

#include "cli/io.h"
#include "cli/support.h"
#include "core/number.h"

const char *const basis_choices[] = {"effective", "billed", NULL};

static bool one_number(struct ctx *c, const char *what, str text, struct number *ret,
                       struct err *e)
{
    struct number n;
    struct number_fault f;
    if (!number_parse(text, &n, &f))
        return args_wrong(c->args, e, "%s '%.*s': %s", what, FMT(text), f.text);
    if (dec_is_null(n.exact) || n.lo < n.hi || n.percent || n.per != PER_NONE)
        return args_wrong(c->args, e, "%s '%.*s' is not one amount", what, FMT(text));
    *ret = n;
    return true;
}

bool amount_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e)
{
    struct number n = {0};
    if (!one_number(c, what, text, &n, e))
        return false;
    *ret = n.exact;
    return true;
}

bool amount_in(struct ctx *c, const char *what, str text, currency in, dec *ret, struct err *e)
{
    struct number n = {0};
    if (!one_number(c, what, text, &n, e))
        return false;
    if (n.currency.code[0] && strcmp(n.currency.code, in.code) != 0)
        return args_wrong(c->args, e, "%s '%.*s': amounts are in the plan's currency, %s", what,
                          FMT(text), in.code);
    *ret = n.exact;
    return true;
}

bool count_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e)
{
    struct number n = {0};
    if (!one_number(c, what, text, &n, e))
        return false;
    if (n.currency.code[0])
        return args_wrong(c->args, e, "%s '%.*s' is money, not a number of units", what,
                          FMT(text));
    *ret = n.exact;
    return true;
}

bool quarter_of(struct ctx *c, str what, month plan_first, struct month_span *ret, struct err *e)
{
    size_t at = str_find_nocase(what, S("Q"), 0);
    str text = what;
    if (at != SIZE_MAX && at > 0 && what.p[at - 1] != '-')
        text = str_fmt(c->arena, "%.*s-%.*s", FMT(str_sub(what, 0, at)),
                       FMT(str_sub(what, at, what.n)));
    int start = (int)(((plan_first % 12) + 12) % 12) + 1;
    return month_span_parse(text, start, ret) ||
           args_wrong(c->args, e, "'%.*s' is not a quarter such as FY2027-Q1 or 2026-Q3",
                      FMT(what));
}

bool rule_of(struct ctx *c, struct variance_rule *r, struct err *e)
{
    str over = args_text(c->args, "over"), floor = args_text(c->args, "floor");
    struct number n;
    struct number_fault f;
    if (over.n) {
        if (!number_parse(over, &n, &f) || dec_is_null(n.exact) || n.exact < 0 ||
            n.per != PER_NONE || n.currency.code[0])
            return args_wrong(c->args, e, "--over '%.*s' is not a share such as 15%%", FMT(over));
        r->over = n.exact;
    }
    if (floor.n && !amount_of(c, "--floor", floor, &r->floor, e))
        return false;
    return r->floor >= 0 || args_wrong(c->args, e, "--floor is below zero");
}

static int basis_of(const struct ctx *c)
{
    const struct option *o = option_find(args_command(c->args), S("basis"));
    return o && args_choice(c->args, "basis") == 1 ? 1 : 0;
}

const char *basis_name(const struct ctx *c)
{
    return basis_choices[basis_of(c)];
}

bool open_tracking(struct ctx *c, unsigned needs, struct workspace *w, struct track_book *ret,
                   struct err *e)
{
    const struct option *baseline = option_find(args_command(c->args), S("baseline"));
    struct diags faults;
    struct track_request q = {
        .as_of = args_day(c->args, "as-of"),
        .basis = basis_of(c) ? BASIS_BILLED : BASIS_EFFECTIVE,
        .baseline = baseline ? args_count(c->args, "baseline", 0) : 0};
    diags_init(&faults, c->arena);
    if (!open_workspace(c, needs, w, e))
        return false;
    if (track_open(w, &q, &faults, ret, e))
        return true;
    if (faults.errors)
        io_diags(c, &faults);
    return false;
}
