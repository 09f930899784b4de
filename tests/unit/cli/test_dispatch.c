/* test_dispatch.c - finding commands, their output, and the registry itself. */
#include "test.h"

#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/help.h"
#include "cli/io.h"
#include "render/renderer.h"

extern const struct command cmd_help;

static bool say_name(struct ctx *c, struct err *e)
{
    str word = args_operand(c->args, 0);
    char text[DATE_TEXT];
    const char *name = args_command(c->args)->name, *today = date_format(c->today, text).p;
    return io_out(c, str_fmt(c->arena, "%s(%.*s) %s %.*s %d\n", name, FMT(word), today,
                             FMT(c->book_dir), c->threads), e);
}

static bool small_report(struct ctx *c, struct err *e)
{
    static const struct doc_column one[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1}};
    struct doc *d = doc_new(c->arena, "small", S("Small"));
    doc_row(d, doc_table(d, "t", STR_NONE, one, 1), ROW_NORMAL, 0)[0] = cell_text(S("=1"));
    io_note(c, "a note");
    io_warn(c, "a warning");
    return !io_interrupted(c, e) && io_report(c, d, e);
}

static const struct option own[] = {
    {"top", 'n', OPT_COUNT, "N", NULL, false, "It's the [first] N: a\\b \"c\" $HOME `d`."},
    {0},
};
static const struct command plain = {.name = "plan", .summary = "Plan", .group = "G",
                                     .max_operands = 1, .run = say_name};
static const struct command rules = {.name = "rules", .summary = "It's rules: 'all'", .group = "G",
                                     .details = "One.\n\n  kept\n  lines\n\n.dotted\n'quoted",
                                     .options = own, .run = say_name};
static const struct command rules_test = {.name = "rules test", .summary = "Test", .group = "G",
                                          .max_operands = 1, .options = own, .run = say_name};
static const struct command rates_list = {.name = "rates list", .summary = "List", .group = "H",
                                          .run = say_name};
static const struct command report = {.name = "report", .summary = "Report", .group = "H",
                                      .run = small_report};
static const struct command *const list[] = {&plain, &rules, &rules_test, &rates_list, &report,
                                             &cmd_help, NULL};

struct ran {
    bool ok;
    struct err e;
    char out[65536], talk[4096];
};

static void slurp(int fd, char *to, size_t room)
{
    ssize_t n = pread(fd, to, room - 1, 0);
    to[MAX(n, (ssize_t)0)] = 0;
    close(fd);
}

static int scratch_file(void)
{
    char name[] = "/tmp/outlay-test-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    return fd;
}

static void run_line(const char *line, const volatile bool *interrupted, struct ran *r)
{
    struct arena a = ARENA_INIT;
    char *argv[32] = {str_cstr(&a, S("outlay"))};
    int argc = 1;
    str rest = str_of(line), word;
    while (*line && argc < 31 && str_cut(&rest, ' ', &word))
        argv[argc++] = str_cstr(&a, word);
    struct cli cli = {.commands = list, .interrupted = interrupted, .out = scratch_file(),
                      .talk = scratch_file(), .today = day_from_civil(2026, 11, 23)};
    *r = (struct ran){.ok = false};
    r->ok = cli_run(&cli, argc, argv, &r->e);
    slurp(cli.out, r->out, sizeof r->out);
    slurp(cli.talk, r->talk, sizeof r->talk);
    arena_release(&a);
}

static void commands_are_found_wherever_options_stand(void **state)
{
    static const struct {
        const char *line, *out;
    } rows[] = {
        {"plan x --threads 3", "plan(x) 2026-11-23 . 3\n"},
        {"--threads=3 --book b plan x", "plan(x) 2026-11-23 b 3\n"},
        {"--as-of 2026-07 plan --threads 3", "plan() 2026-07-31 . 3\n"},
        {"rules --threads 3", "rules() 2026-11-23 . 3\n"},
        {"rules test --threads 3 f", "rules test(f) 2026-11-23 . 3\n"},
        {"rules --threads 3 test f", "rules test(f) 2026-11-23 . 3\n"},
        {"-q rules -n 4 test f --threads 3", "rules test(f) 2026-11-23 . 3\n"},
        {"rates list --threads 3", "rates list() 2026-11-23 . 3\n"},
        {"plan --threads 3 -- --help", "plan(--help) 2026-11-23 . 3\n"},
    };
    unsetenv("OUTLAY_BOOK");
    unsetenv("OUTLAY_THREADS");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ran r;
        run_line(rows[i].line, NULL, &r);
        if (!r.ok)
            fail_msg("'%s': %s", rows[i].line, r.e.text);
        assert_str(str_of(r.out), rows[i].out);
    }
}

static void wrong_commands_say_what_was_meant(void **state)
{
    static const struct {
        const char *line, *text, *hint;
    } rows[] = {
        {"paln", "unknown command 'paln'", "'plan'"},
        {"rules tset", "'rules' has no subcommand 'tset'", "'test'"},
        {"rates", "'rates' needs a subcommand", "list"},
        {"rates zzz", "'rates' has no subcommand 'zzz'", "One of: list."},
        {"rats list", "unknown command 'rats'", "'rates'"},
        {"--book", "is not followed by a command", "Usage"},
        {"plan --threads 0", "--threads must be", ""},
        {"report -o x.doc", "no format is known by the ending of 'x.doc'", "--format"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ran r;
        run_line(rows[i].line, NULL, &r);
        assert_false(r.ok);
        assert_int_equal(r.e.kind, ERR_USAGE);
        if (!strstr(r.e.text, rows[i].text) || !strstr(r.e.hint, rows[i].hint))
            fail_msg("'%s': '%s' / '%s'", rows[i].line, r.e.text, r.e.hint);
        assert_string_equal(r.out, "");
    }
}

static void reports_go_out_and_talk_goes_beside(void **state)
{
    static const volatile bool pressed = true;
    struct ran r;
    run_line("report --format csv", NULL, &r);
    assert_string_equal(r.out, "x\n'=1\n");
    assert_string_equal(r.talk, "a note\nwarning: a warning\n");
    run_line("report -q --format json", NULL, &r);
    assert_non_null(strstr(r.out, "\"report\": \"small\""));
    assert_string_equal(r.talk, "warning: a warning\n");
    run_line("report --color always", NULL, &r);
    assert_non_null(strstr(r.out, "\x1b[1mSmall"));
    run_line("report --color always --plain", NULL, &r);
    assert_null(strstr(r.out, "\x1b["));
    run_line("report", &pressed, &r);
    assert_false(r.ok);
    assert_int_equal(r.e.kind, ERR_INTERRUPTED);
}

static void a_family_without_command_has_help(void **state)
{
    static const char *const lines[] = {"rates --help", "help rates"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct ran r;
        run_line(lines[i], NULL, &r);
        assert_true(r.ok);
        assert_non_null(strstr(r.out, "rates list"));
        assert_null(strstr(r.out, "rules"));
    }
}

static void every_format_is_a_choice_of_the_option(void **state)
{
    const struct option *o = option_find(NULL, S("format"));
    size_t n = 0;
    for (; renderers[n]; n++)
        assert_string_equal(o->choices[n], renderers[n]->name);
    assert_null(o->choices[n]);
}

static bool ends_sentence(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    return n && s[n - 1] == '.';
}

/* What help, man page and completion rely on. */
static void every_command_describes_itself(void **state)
{
    for (size_t i = 0; commands[i]; i++) {
        const struct command *c = commands[i];
        assert_non_null(c->summary);
        assert_non_null(c->group);
        assert_non_null(c->run);
        if (ends_sentence(c->summary) || !isupper((unsigned char)c->summary[0]))
            fail_msg("%s: the summary is a phrase with a capital and no full stop", c->name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(commands[k]->name, c->name);
        for (const struct option *o = c->options; o && o->name; o++) {
            bool flag = o->kind == OPT_FLAG;
            if (!ends_sentence(o->help) || flag != !o->arg ||
                (o->kind == OPT_CHOICE) != (o->choices != NULL))
                fail_msg("%s --%s: help, arg or choices", c->name, o->name);
            if (option_find(NULL, str_of(o->name)) || option_letter(NULL, o->letter))
                fail_msg("%s --%s is a common option too", c->name, o->name);
            for (const struct option *x = c->options; x < o; x++)
                if (strcmp(x->name, o->name) == 0 || (o->letter && x->letter == o->letter))
                    fail_msg("%s has --%s twice", c->name, o->name);
        }
        for (const struct example *x = c->examples; x && x->command; x++)
            if (!strstr(x->command, c->name))
                fail_msg("%s: the example '%s' is of another command", c->name, x->command);
    }
}

/* cmd_rules_test.c holds "rules test"; a file may hold a family (cmd_rules.c: "rules test"). */
static void the_list_and_the_folder_agree(void **state)
{
    const char *root = getenv("SOURCE");
    struct arena a = ARENA_INIT;
    struct err e;
    struct names files;
    assert_non_null(root);
    str dir = path_join(&a, str_of(root), S("src/cli")), source;
    assert_ok(dir_list(&a, dir, &files, &e), &e);
    assert_ok(file_read(&a, path_join(&a, dir, S("commands.c")), 1 << 20, &source, &e), &e);
    size_t defined = 0;
    for (size_t i = 0; i < files.n; i++) {
        str name = files.items[i], text;
        if (!str_starts(name, S("cmd_")) || !str_ends(name, S(".c")))
            continue;
        assert_ok(file_read(&a, path_join(&a, dir, name), 4 << 20, &text, &e), &e);
        size_t here = 0, from = 0, at;
        while ((at = str_find(text, S("\nconst struct command cmd_"), from)) != SIZE_MAX) {
            size_t start = at + strlen("\nconst struct command "), end = start;
            while (end < text.n && (isalnum((unsigned char)text.p[end]) || text.p[end] == '_'))
                end++;
            str entry = str_fmt(&a, "    &%.*s,", FMT(str_sub(text, start, end)));
            if (str_find(source, entry, 0) == SIZE_MAX)
                fail_msg("'%s' of %.*s is not in commands.c", entry.p, FMT(name));
            here++;
            from = end;
        }
        if (!here)
            fail_msg("%.*s defines no command", FMT(name));
        defined += here;
    }
    size_t listed = 0;
    while (commands[listed])
        listed++;
    assert_int_equal(defined, listed);
    arena_release(&a);
}

/* Hands text to a program's syntax check, where that program is installed. */
static void check_syntax(const char *program, const char *check, str text)
{
    struct arena a = ARENA_INIT;
    struct err e;
    char dir[] = "/tmp/outlay-test-XXXXXX";
    if (system(str_fmt(&a, "command -v %s >/dev/null 2>&1", program).p) == 0) {
        assert_non_null(mkdtemp(dir));
        assert_ok(file_write_atomic(path_join(&a, str_of(dir), S("script")), text, &e), &e);
        str said, command = str_fmt(&a, "cd %s && %s script >said 2>&1", dir, check);
        int status = system(command.p);
        assert_ok(file_read(&a, path_join(&a, str_of(dir), S("said")), 1 << 20, &said, &e), &e);
        dir_remove_all(str_of(dir));
        if (status != 0 || said.n)
            fail_msg("%s: %.*s", check, FMT(said));
    } else {
        print_message("%s is not installed, its check is left out\n", program);
    }
    arena_release(&a);
}

static void scripts_and_man_page_name_everything(void **state)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    static const char *const words[] = {"rules", "test", "rates", "list", "format", "xlsx", "top"};
    for (size_t s = 0; s < ARRAY_LEN(shells); s++) {
        struct buf out;
        buf_init(&out, 1 << 20);
        assert_true(completion_script(list, str_of(shells[s]), &out));
        for (size_t i = 0; i < ARRAY_LEN(words); i++)
            if (str_find(buf_str(&out), str_of(words[i]), 0) == SIZE_MAX)
                fail_msg("no '%s' for %s", words[i], shells[s]);
        char check[32];
        snprintf(check, sizeof check, "%s -n", shells[s]);
        check_syntax(shells[s], check, buf_str(&out));
        buf_release(&out);
    }
    struct buf out;
    buf_init(&out, 1 << 20);
    man_page(list, &out);
    static const char *const parts[] = {"\n.SS \"rules test\"", "\\-\\-top", "fully loaded",
                                        "OUTLAY_BOOK"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (str_find(buf_str(&out), str_of(parts[i]), 0) == SIZE_MAX)
            fail_msg("no '%s' in the man page", parts[i]);
    check_syntax("groff", "groff -man -Tutf8 -ww -z", buf_str(&out));
    buf_release(&out);
    for (size_t i = 1; glossary[i].term; i++)
        if (strcasecmp(glossary[i - 1].term, glossary[i].term) >= 0)
            fail_msg("'%s' is not in order", glossary[i].term);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_found_wherever_options_stand),
        cmocka_unit_test(wrong_commands_say_what_was_meant),
        cmocka_unit_test(reports_go_out_and_talk_goes_beside),
        cmocka_unit_test(a_family_without_command_has_help),
        cmocka_unit_test(every_format_is_a_choice_of_the_option),
        cmocka_unit_test(every_command_describes_itself),
        cmocka_unit_test(the_list_and_the_folder_agree),
        cmocka_unit_test(scripts_and_man_page_name_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
