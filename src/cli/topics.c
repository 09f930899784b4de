/* topics.c - help that belongs to no command: words, formats, environment, exit status. */
#include "cli/help.h"
#include "ingest/importer.h"
#include "render/renderer.h"

/* clang-format off */
const struct term_entry glossary[] = {
    {"actual", "What was spent, from bills and usage; never a plan, never a forecast."},
    {"baseline",
     "A plan that was approved and frozen with its digest; what actuals are compared "
     "with."},
    {"bias",
     "Sum of (forecast - actual) / sum of actual: over 0 forecasts too much, under 0 "
     "too little."},
    {"billed cost",
     "What the invoice says, in the month it was invoiced; an upfront payment falls in "
     "one month."},
    {"budget",
     "A commitment: the approved baseline. A forecast is the living best guess of "
     "where spend will land."},
    {"budget to date",
     "The budget of the months that are over; actuals are compared with it, never with "
     "the whole year."},
    {"buffer",
     "Money planned on a line for what its point plan leaves out: experiments, growth, "
     "price moves."},
    {"burn", "Cash that goes out per month."},
    {"capacity benefit",
     "Time or machines set free; money only when somebody uses them. Shown apart from "
     "cash."},
    {"category",
     "One of five: infra, talent, vendor, data, reserve. Spend may also be not_ai or "
     "review."},
    {"confidence",
     "0 to 100: how sure a rule is of where it placed a row. Under 70 the row goes to "
     "review. Of a benefit: the share of it that is counted."},
    {"constrained",
     "The scenario that spends 20 % less than the base plan, with every cut named."},
    {"coverage",
     "The share of spend that rules have explained; the rest is in review and shown "
     "beside it."},
    {"CPI",
     "Cost performance index = earned value / actual cost; under 1 costs more than "
     "what was got for it."},
    {"discount rate",
     "What money a year later is worth less, per year; month flows at (1+r)^(t/12)."},
    {"EAC", "Estimate at completion = actual to date + ETC: where the year will land."},
    {"effective cost",
     "Cost after discounts, with commitments and upfront payments spread over the use "
     "they paid for."},
    {"ETC",
     "Estimate to complete: what the months to come will cost, built up again from "
     "their drivers."},
    {"exit run rate", "The last planned month x 12: what next year starts with."},
    {"Fav/(Unfav)",
     "Variance as people read it: favorable positive, unfavorable in parentheses, for "
     "cost and benefit alike. Data carries actual, budget and delta = actual - budget."},
    {"forecast",
     "A dated best guess with a range, from drivers and from history; kept and scored "
     "later."},
    {"fully loaded",
     "Salary + benefits and taxes + equipment + recruiting (20-25 % of the first "
     "year's salary); base salary alone understates by 30-45 %."},
    {"growth",
     "The scenario that spends 20 % more than the base plan, with every addition "
     "named."},
    {"initiative",
     "Work that costs and pays back together: its lines, people, benefits and owner."},
    {"IRR", "The discount rate at which NPV is 0; shown only when the flows change sign once."},
    {"lever",
     "A named way to spend less for the same work: spot machines, caching, routing, "
     "committed use."},
    {"line",
     "The smallest thing that is planned: initiative.line, with a driver and a monthly "
     "amount."},
    {"list cost", "What the same use costs at public prices, before any discount."},
    {"mix",
     "The part of a variance that comes from using models or machines in other "
     "proportions."},
    {"NPV",
     "Net present value: benefits minus costs, later months discounted; the first "
     "month is not."},
    {"P10, P50, P90",
     "Quantiles: in 10, 50, 90 of 100 simulated years the amount is at most this."},
    {"payback", "The first month in which benefits to date have covered costs to date."},
    {"permanent variance",
     "Money that is not coming back, against timing variance: the same money in "
     "another month."},
    {"point plan", "The plan with every range at its point: one number per line and month."},
    {"provisional", "From a month that is still open: more bills may come."},
    {"range", "8 to 14, or 10 (8 to 14): the ends are the 5th and 95th percentile."},
    {"realized",
     "What a benefit really brought, as measured; compared with the part of its promise "
     "that is measured."},
    {"reserve",
     "Innovation money: a share of the total without line items and without an ROI; "
     "measured by what is learned."},
    {"review",
     "Spend no rule has explained well enough; shown in every report until somebody "
     "decides."},
    {"ROI",
     "(benefit - cost) / cost. Shown with cash and revenue alone, and with all kinds "
     "of benefit."},
    {"run rate", "The latest full month x 12."},
    {"timing variance",
     "The same money in another month; it goes away by itself. See permanent variance."},
    {"token buckets",
     "Tokens in disjoint kinds: in (uncached input), cache_read, cache_write_5m, "
     "cache_write_1h, out. No token is in two of them."},
    {"tornado", "Which ranges move the total most, in money, largest first."},
    {"unknown",
     "No price, no rate, no rule: printed as -, null in JSON, empty in CSV; never "
     "counted as 0, always shown as an amount at risk."},
    {"VAC", "Variance at completion = budget for the year - EAC."},
    {"variance",
     "Actual - budget; as a share of the budget's size. A budget of 0 has no "
     "percentage."},
    {"WAPE",
     "Weighted absolute percentage error = sum of |actual - forecast| / sum of "
     "|actual|; small months cannot blow it up as they do MAPE."},
    {0},
};

const struct term_entry exit_statuses[] = {
    {"0", "Done."},
    {"1", "Failed: the system said no, a file is missing or damaged."},
    {"2", "The command line is wrong."},
    {"3", "A plan or an input is wrong; nothing was changed."},
    {"4", "A threshold is crossed: only with --fail-over or --strict."},
    {"130", "Interrupted by Ctrl-C; nothing was changed."},
    {0},
};

const struct term_entry environment[] = {
    {"OUTLAY_BOOK", "The book, where --book is not given; default the current folder."},
    {"OUTLAY_THREADS", "Processors to use, where --threads is not given."},
    {"OUTLAY_PAGER, PAGER",
     "The pager of long reports on a terminal; default less, cat for none. Run without "
     "a shell."},
    {"NO_COLOR", "Not empty: no color, unless --color says otherwise."},
    {"TERM", "dumb: no color, no drawn lines, no progress line."},
    {"COLUMNS", "Width of the terminal, where it does not say so itself."},
    {"LC_ALL, LC_CTYPE, LANG",
     "UTF-8 in the first that is set: lines and ellipses are drawn on a terminal. "
     "Numbers and dates do not depend on the locale."},
    {0},
};
/* clang-format on */

static void entries(struct page *p, const struct term_entry *list, size_t column)
{
    for (const struct term_entry *t = list; t->term; t++)
        page_entry(p, t->term, str_of(t->means), column);
}

static void write_terms(struct page *p)
{
    page_heading(p, "Words of the reports");
    entries(p, glossary, 22);
}

static void write_formats(struct page *p)
{
    page_heading(p, "Formats of a report");
    for (size_t i = 0; renderers[i]; i++)
        page_entry(p, renderers[i]->name, str_of(renderers[i]->summary), 12);
    page_text(p, S("\n-o FILE.ext picks the format by the ending of the file (txt, csv, json, md, "
                   "html, xlsx, pdf), --format overrides it. Data goes to stdout, talk to stderr. "
                   "The file is replaced at once or not at all.\n"
                   "\n"
                   "People see numbers with thousands separators, negative money in parentheses, "
                   "shares in percent and - for what is unknown. Programs (json, csv) see every "
                   "digit, months as 2026-07, shares as fractions, and null or nothing for "
                   "unknown.\n"
                   "\n"
                   "In CSV, text that a spreadsheet would run as a formula (it starts with = + - "
                   "@, a tab or a carriage return) has an apostrophe in front; numbers never "
                   "do.\n"
                   "\n"), 0);
    page_heading(p, "Formats of files that are imported");
    for (size_t i = 0; importers[i]; i++)
        page_entry(p, importers[i]->name, str_of(importers[i]->title), 26);
    page_text(p, S("\nA format is found by content; --as NAME names one. Any of them may be packed "
                   "with gzip or zstd, a table also be a workbook (.xlsx) or in UTF-16, "
                   "Windows-1252 or ISO-8859-1."), 0);
}

static void write_environment(struct page *p)
{
    page_heading(p, "Environment variables");
    entries(p, environment, 26);
}

static void write_exit(struct page *p)
{
    page_heading(p, "Exit status");
    entries(p, exit_statuses, 8);
}

const struct topic help_topics[] = {
    {"terms", "The words of the reports, explained.", write_terms},
    {"formats", "Text, CSV, JSON, Markdown, HTML, workbook, PDF.", write_formats},
    {"environment", "Variables that outlay reads.", write_environment},
    {"status", "What the exit status means.", write_exit},
    {0},
};
