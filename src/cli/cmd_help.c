/* cmd_help.c - outlay help: overview, commands, topics, man page, completion. */
#include "cli/args.h"
#include "cli/help.h"
#include "cli/io.h"
#include "plan/plan.h"

static bool help_script(struct ctx *c, str name, struct err *e)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 8 << 20);
    if (str_eq(name, S("man"))) {
        man_page(c->commands, &out);
        return io_out(c, buf_str(&out), e);
    }
    if (str_eq(name, S("plan-schema"))) {
        plan_schema_json(&out);
        return io_out(c, buf_str(&out), e);
    }
    str shell = args_operand(c->args, 1);
    if (!completion_script(c->commands, shell, &out)) {
        args_wrong(c->args, e, shell.n ? "no completion for '%.*s'" : "completion for which shell?",
                   FMT(shell));
        return err_hint(e, "Write: outlay help completion bash, or zsh, or fish.");
    }
    return io_out(c, buf_str(&out), e);
}

static bool help_topic(struct ctx *c, const struct topic *t, struct err *e)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 8 << 20);
    const struct term *term = io_term(c);
    size_t width = term->width ? (size_t)term->width : 80;
    struct page p = {&out, MAX(MIN(width, (size_t)90), (size_t)50), term->color};
    t->write(&p);
    return io_page(c, buf_str(&out), e);
}

/* A family has no command of its own name: its help is the list of its members. */
static bool help_family(struct ctx *c, str name, bool *ret_known, struct err *e)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 1 << 20);
    struct page p = {&out, 80, io_term(c)->color};
    for (size_t i = 0; c->commands[i]; i++) {
        str each = str_of(c->commands[i]->name);
        if (each.n > name.n && str_starts(each, name) && each.p[name.n] == ' ')
            page_entry(&p, c->commands[i]->name, str_of(c->commands[i]->summary), 26);
    }
    *ret_known = out.n > 0;
    return !*ret_known || io_page(c, buf_str(&out), e);
}

static bool unknown(struct ctx *c, str name, struct err *e)
{
    const char **names = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; c->commands[i]; i++) {
        names = arena_grow(c->arena, names, sizeof *names, &cap, n + 1);
        names[n++] = c->commands[i]->name;
    }
    for (const struct topic *t = help_topics; t->name; t++) {
        names = arena_grow(c->arena, names, sizeof *names, &cap, n + 1);
        names[n++] = t->name;
    }
    const char *near = str_closest(name, names, n);
    err_set(e, ERR_USAGE, "no help for '%.*s'", FMT(name));
    return near ? err_hint(e, "Did you mean '%s'?", near)
                : err_hint(e, "`outlay help` lists commands and topics.");
}

static bool run(struct ctx *c, struct err *e)
{
    struct text_list words = args_operands(c->args);
    if (!words.n)
        return help_overview(c, e);
    str first = words.items[0], whole = str_join(c->arena, words.items, words.n, S(" "));
    for (size_t i = 0; c->commands[i]; i++)
        if (str_eq(whole, str_of(c->commands[i]->name)))
            return help_command(c, c->commands[i], e);
    for (const struct topic *t = help_topics; t->name; t++)
        if (str_eq(whole, str_of(t->name)))
            return help_topic(c, t, e);
    if (str_eq(whole, S("man")) || str_eq(whole, S("plan-schema")) ||
        str_eq(first, S("completion")))
        return help_script(c, first, e);
    bool known;
    if (!help_family(c, whole, &known, e))
        return false;
    return known || unknown(c, whole, e);
}

static const struct example examples[] = {
    {"help import", "What a command does, by example:"},
    {"help terms", "The words of the reports, explained:"},
    {"help plan-schema > plan-schema.json", "The JSON Schema of plan.yaml, for editors:"},
    {"help man > outlay.1", "The manual page:"},
    {"help completion bash > ~/.local/share/bash-completion/completions/outlay",
     "Tab completion for bash:"},
    {0},
};

const struct command cmd_help = {
    .name = "help",
    .summary = "Show help for a command or a topic",
    .usage = "[COMMAND | TOPIC | man | plan-schema | completion SHELL]",
    .group = "Help",
    .examples = examples,
    .max_operands = 3,
    .complete_operands = "command",
    .run = run,
};
