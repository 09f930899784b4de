/* man.c - the manual page, written from the registry. */
#include "cli/help.h"

/* Text in roff: backslashes, hyphens and leading dots mean something there. */
static void roff(struct buf *out, str s)
{
    bool at_start = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (at_start && (c == '.' || c == '\''))
            buf_add(out, S("\\&"));
        if (c == '\\')
            buf_add(out, S("\\e"));
        else if (c == '-')
            buf_add(out, S("\\-"));
        else if (c == '~')
            buf_add(out, S("\\(ti"));
        else if (c == '^')
            buf_add(out, S("\\(ha"));
        else if (c == '`')
            buf_add(out, S("\\(ga"));
        else
            buf_addc(out, c);
        at_start = c == '\n';
    }
}

static void roff_line(struct buf *out, const char *s)
{
    roff(out, str_of(s));
    buf_addc(out, '\n');
}

/* Paragraphs set apart by blank lines; lines that start with two blanks are kept as they are. */
static void roff_text(struct buf *out, const char *text)
{
    str rest = str_of(text), line;
    bool kept = false;
    while (str_cut(&rest, '\n', &line)) {
        bool keep = str_starts(line, S("  "));
        if (keep != kept)
            buf_add(out, keep ? S(".PP\n.nf\n") : S(".fi\n"));
        kept = keep;
        if (!line.n) {
            buf_add(out, S(".PP\n"));
            continue;
        }
        roff(out, line);
        buf_addc(out, '\n');
    }
    if (kept)
        buf_add(out, S(".fi\n"));
}

static void roff_options(struct buf *out, const struct option *options)
{
    for (const struct option *o = options; o && o->name; o++) {
        buf_add(out, S(".TP\n"));
        if (o->letter)
            buf_fmt(out, "\\fB\\-%c\\fR, ", o->letter);
        buf_add(out, S("\\fB"));
        buf_add(out, S("\\-\\-"));
        roff(out, str_of(o->name));
        buf_add(out, S("\\fR"));
        if (o->arg) {
            buf_add(out, S(" \\fI"));
            roff(out, str_of(o->arg));
            buf_add(out, S("\\fR"));
        }
        buf_addc(out, '\n');
        roff_line(out, o->help);
    }
}

static void roff_command(struct buf *out, const struct command *c)
{
    buf_add(out, S(".SS "));
    buf_addc(out, '"');
    roff(out, str_of(c->name));
    buf_add(out, S("\"\n"));
    roff_line(out, c->summary);
    buf_add(out, S(".PP\n\\fBoutlay "));
    roff(out, str_of(c->name));
    buf_add(out, S("\\fR "));
    roff_line(out, c->usage ? c->usage : "");
    for (const struct example *x = c->examples; x && x->command; x++) {
        buf_add(out, S(".PP\n"));
        roff_line(out, x->says);
        buf_add(out, S(".RS 4\n.nf\noutlay "));
        roff_line(out, x->command);
        buf_add(out, S(".fi\n.RE\n"));
    }
    roff_options(out, c->options);
    if (c->details) {
        buf_add(out, S(".PP\n"));
        roff_text(out, c->details);
    }
}

static void roff_entries(struct buf *out, const char *heading, const struct term_entry *list)
{
    buf_fmt(out, ".SH %s\n", heading);
    for (const struct term_entry *t = list; t->term; t++) {
        buf_add(out, S(".TP\n\\fB"));
        roff(out, str_of(t->term));
        buf_add(out, S("\\fR\n"));
        roff_line(out, t->means);
    }
}

void man_page(const struct command *const *list, struct buf *out)
{
    buf_add(out, S(".TH OUTLAY 1 \"\" \"outlay " OUTLAY_VERSION "\" \"User Commands\"\n"
                   ".SH NAME\noutlay \\- AI budgets as code: inventory, plan, forecast, tracking\n"
                   ".SH SYNOPSIS\n\\fBoutlay\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR] "
                   "[\\fIOPERANDS\\fR]\n"
                   ".SH DESCRIPTION\noutlay plans, forecasts and tracks what an organization "
                   "spends on AI, and what comes back. It works on a book: a folder with a plan, "
                   "rules, prices and a ledger of spend. Data goes to stdout, talk to stderr.\n"
                   ".SH COMMANDS\n"));
    for (size_t i = 0; list[i]; i++)
        roff_command(out, list[i]);
    buf_add(out, S(".SH COMMON OPTIONS\nEvery command takes these.\n"));
    roff_options(out, common_options);
    roff_entries(out, "EXIT STATUS", exit_statuses);
    roff_entries(out, "ENVIRONMENT", environment);
    roff_entries(out, "TERMS", glossary);
}
