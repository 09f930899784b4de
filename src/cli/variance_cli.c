/* variance_cli.c - thresholds and amounts from the command line. */
#include "cli/variance_cli.h"

#include "core/number.h"

bool amount_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e)
{
    struct number n;
    struct number_fault f;
    if (!number_parse(text, &n, &f))
        return args_wrong(c->args, e, "%s '%.*s': %s", what, FMT(text), f.text);
    if (dec_is_null(n.exact) || n.lo < n.hi || n.percent || n.per != PER_NONE)
        return args_wrong(c->args, e, "%s '%.*s' is not one amount", what, FMT(text));
    *ret = n.exact;
    return true;
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
    if (floor.n && (!amount_of(c, "--floor", floor, &r->floor, e) ))
        return false;
    return r->floor >= 0 || args_wrong(c->args, e, "--floor is below zero");
}
