/* test_term.c - who gets color, and what the progress line says. */
#include "test.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/progress.h"
#include "base/term.h"

static void color_follows_choice_then_environment_then_terminal(void **state)
{
    static const struct {
        bool tty;
        enum color_choice choice;
        const char *no_color, *term;
        bool yes;
    } rows[] = {
        {true, COLOR_AUTO, NULL, "xterm", true},    {false, COLOR_AUTO, NULL, "xterm", false},
        {true, COLOR_AUTO, "1", "xterm", false},    {true, COLOR_AUTO, "", "xterm", true},
        {true, COLOR_AUTO, NULL, "dumb", false},    {true, COLOR_AUTO, NULL, NULL, false},
        {true, COLOR_NEVER, NULL, "xterm", false},  {false, COLOR_ALWAYS, "1", "dumb", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct term_env env = {.no_color = rows[i].no_color, .term = rows[i].term};
        if (term_wants_color(rows[i].tty, rows[i].choice, &env) != rows[i].yes)
            fail_msg("row %zu", i);
    }
}

static void a_file_is_no_terminal_and_has_no_width(void **state)
{
    int fd = open("/dev/null", O_RDWR);
    struct term_env env = {.term = "xterm", .columns = "100", .lang = "en_US.UTF-8"};
    struct term t = term_probe(fd, COLOR_AUTO, &env);
    assert_false(t.tty);
    assert_false(t.color);
    assert_false(t.unicode);
    assert_int_equal(t.width, 0);
    close(fd);
}

static void progress_is_silent_without_a_terminal(void **state)
{
    int ends[2];
    char got;
    struct progress p;
    assert_int_equal(pipe(ends), 0);
    progress_init(&p, ends[1], true);
    progress_begin(&p, S("importing"), 100);
    usleep(600000);
    progress_update(&p, 0.5, 10);
    progress_end(&p);
    close(ends[1]);
    assert_int_equal(read(ends[0], &got, 1), 0);
    close(ends[0]);
}

static void the_progress_line_says_what_is_known(void **state)
{
    static const struct {
        double share;
        uint64_t rows, bytes;
        const char *line;
    } rows[] = {
        {0.25, 1234567, 2000000000, "importing   25 %  1,234,567 rows  50 MB/s  0:30 left"},
        {1, 10, 0, "importing  100 %  10 rows"},
        {-1, 999, 100, "importing  999 rows"},
        {0, 0, 100, "importing    0 %"},
        {2, 0, 0, "importing  100 %"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char out[160];
        struct progress p = {.label = "importing", .total_bytes = rows[i].bytes};
        assert_str(progress_line(&p, rows[i].share, rows[i].rows, 10000000000, out), rows[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(color_follows_choice_then_environment_then_terminal),
        cmocka_unit_test(a_file_is_no_terminal_and_has_no_width),
        cmocka_unit_test(progress_is_silent_without_a_terminal),
        cmocka_unit_test(the_progress_line_says_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
