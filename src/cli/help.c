/* help.c - help pages: examples first, then usage, options, details. */
#include "cli/help.h"

#include "cli/io.h"

enum { PAGE_MOST = 8 << 20, ENTRY_COLUMN = 26 };

void page_heading(struct page *p, const char *text)
{
    buf_fmt(p->out, p->bold ? "\x1b[1m%s\x1b[0m\n" : "%s\n", text);
}

static void fill(struct page *p, str words, size_t indent, size_t used)
{
    str word;
    bool begin = true;
    while (str_cut(&words, ' ', &word)) {
        size_t w = str_width(word);
        if (!w)
            continue;
        if (!begin && used + 1 + w > p->width) {
            buf_addc(p->out, '\n');
            begin = true;
            used = 0;
        }
        if (begin && used < indent) {
            buf_fill(p->out, ' ', indent - used);
            used = indent;
        } else if (!begin) {
            buf_addc(p->out, ' ');
            used++;
        }
        buf_add(p->out, word);
        used += w;
        begin = false;
    }
    buf_addc(p->out, '\n');
}

void page_text(struct page *p, str text, size_t indent)
{
    while (text.n) {
        str line, rest = text;
        if (str_starts(rest, S("  ")) || rest.p[0] == '\n') {
            str_cut(&text, '\n', &line);
            buf_fill(p->out, ' ', line.n ? indent : 0);
            buf_add(p->out, line);
            buf_addc(p->out, '\n');
            continue;
        }
        size_t end = 0; /* lines up to a blank or an indented one are one paragraph */
        while (end < text.n && !(text.p[end] == '\n' && (end + 1 >= text.n ||
                                                         text.p[end + 1] == '\n' ||
                                                         text.p[end + 1] == ' ')))
            end++;
        CLEANUP(buf_release) struct buf one;
        buf_init(&one, PAGE_MOST);
        for (size_t i = 0; i < end; i++)
            buf_addc(&one, text.p[i] == '\n' ? ' ' : text.p[i]);
        fill(p, buf_str(&one), indent, 0);
        text = str_sub(text, end + 1, text.n);
    }
}

void page_entry(struct page *p, const char *term, str text, size_t column)
{
    size_t width = str_width(str_of(term));
    buf_fmt(p->out, "  %s", term);
    if (2 + width + 2 > column) {
        buf_addc(p->out, '\n');
        width = 0;
        fill(p, text, column, 0);
        return;
    }
    fill(p, text, column, 2 + width);
}

void option_label(const struct option *o, struct buf *out)
{
    if (o->letter)
        buf_fmt(out, "-%c, ", o->letter);
    else
        buf_add(out, S("    "));
    buf_fmt(out, "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
}

const char **command_groups(struct arena *a, const struct command *const *list)
{
    size_t n = 0, known = 0;
    while (list[n])
        n++;
    const char **groups = arena_new(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t k = 0; k < known && !seen; k++)
            seen = strcmp(groups[k], list[i]->group) == 0;
        if (!seen)
            groups[known++] = list[i]->group;
    }
    return groups;
}

static struct page page_for(struct ctx *c, struct buf *out)
{
    const struct term *t = io_term(c);
    buf_init(out, PAGE_MOST);
    size_t width = t->width ? (size_t)t->width : 80;
    return (struct page){out, MAX(MIN(width, (size_t)90), (size_t)50), t->color};
}

bool help_overview(struct ctx *c, struct err *e)
{
    CLEANUP(buf_release) struct buf out;
    struct page p = page_for(c, &out);
    page_text(&p, S("outlay plans, forecasts and tracks what an organization spends on AI, and "
                    "what comes back."), 0);
    buf_add(&out, S("\nUsage: outlay COMMAND [OPTIONS] [OPERANDS]\n"));
    const char **groups = command_groups(c->arena, c->commands);
    for (size_t g = 0; groups[g]; g++) {
        buf_addc(&out, '\n');
        page_heading(&p, groups[g]);
        for (size_t i = 0; c->commands[i]; i++)
            if (strcmp(c->commands[i]->group, groups[g]) == 0)
                page_entry(&p, c->commands[i]->name, str_of(c->commands[i]->summary), 20);
    }
    buf_addc(&out, '\n');
    page_heading(&p, "More help");
    page_entry(&p, "help COMMAND", S("Examples, usage and options of a command; also "
                                     "COMMAND --help."), 20);
    for (const struct topic *t = help_topics; t->name; t++) {
        str term = str_fmt(c->arena, "help %s", t->name);
        page_entry(&p, term.p, str_of(t->summary), 20);
    }
    page_entry(&p, "help plan-schema", S("The JSON Schema of plan.yaml, for editors."), 20);
    page_entry(&p, "help man", S("The manual page of everything, for man -l."), 20);
    page_entry(&p, "help completion", S("Tab completion: help completion bash, zsh or fish."), 20);
    return io_page(c, buf_str(&out), e);
}

static void options_of(struct page *p, const struct option *options)
{
    for (const struct option *o = options; o && o->name; o++) {
        CLEANUP(buf_release) struct buf label;
        buf_init(&label, 1000);
        option_label(o, &label);
        buf_addc(&label, '\0');
        page_entry(p, label.p, str_of(o->help), ENTRY_COLUMN);
    }
}

static void examples_of(struct page *p, const struct example *examples)
{
    if (!examples || !examples->command)
        return;
    page_heading(p, "Examples");
    for (const struct example *x = examples; x->command; x++) {
        page_text(p, str_of(x->says), 2);
        buf_fmt(p->out, "    outlay %s\n", x->command);
    }
    buf_addc(p->out, '\n');
}

/* Commands whose name starts with this one's and a blank. */
static void subcommands_of(struct page *p, const struct command *const *list,
                           const struct command *command)
{
    size_t n = strlen(command->name);
    bool any = false;
    for (size_t i = 0; list[i]; i++) {
        if (strncmp(list[i]->name, command->name, n) != 0 || list[i]->name[n] != ' ')
            continue;
        if (!any)
            page_heading(p, "Subcommands");
        any = true;
        page_entry(p, list[i]->name, str_of(list[i]->summary), ENTRY_COLUMN);
    }
    if (any)
        buf_addc(p->out, '\n');
}

bool help_command(struct ctx *c, const struct command *command, struct err *e)
{
    CLEANUP(buf_release) struct buf out;
    struct page p = page_for(c, &out);
    buf_fmt(&out, "outlay %s - %s\n\n", command->name, command->summary);
    examples_of(&p, command->examples);
    page_heading(&p, "Usage");
    const char *usage = command->usage ? command->usage : "";
    buf_fmt(&out, "  outlay %s%s%s\n\n", command->name, *usage ? " " : "", usage);
    subcommands_of(&p, c->commands, command);
    if (command->options && command->options->name) {
        page_heading(&p, "Options");
        options_of(&p, command->options);
        buf_addc(&out, '\n');
    }
    if (command->details) {
        page_heading(&p, "Details");
        page_text(&p, str_of(command->details), 2);
        buf_addc(&out, '\n');
    }
    page_heading(&p, "Common options");
    options_of(&p, common_options);
    return io_page(c, buf_str(&out), e);
}
