/* test_process.c - another program runs, and what it says is read. */
#include "base/process.h"

#include "test.h"

static void output_talk_and_status_come_back(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const char *const argv[] = {"sh", "-c", "printf out; printf talk >&2; cat; exit 7", NULL};
    str out, talk;
    int status;
    (void)state;
    assert_ok(process_read(&a, argv, 100, &out, &talk, &status, &e), &e);
    assert_str(out, "out"); /* and nothing from our own input */
    assert_str(talk, "talk");
    assert_int_equal(status, 7);
    arena_release(&a);
}

static void arguments_reach_the_program_as_they_are(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const char *const argv[] = {"printf", "%s", "$(id) `id` ; * \"'", NULL};
    str out, talk;
    int status;
    (void)state;
    assert_ok(process_read(&a, argv, 100, &out, &talk, &status, &e), &e);
    assert_str(out, "$(id) `id` ; * \"'");
    arena_release(&a);
}

static void much_of_both_does_not_block(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const char *const argv[] = {
        "sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; printf x", NULL};
    str out, talk;
    int status;
    (void)state;
    assert_ok(process_read(&a, argv, 1u << 20, &out, &talk, &status, &e), &e);
    assert_int_equal(out.n, 300001);
    assert_error(process_read(&a, argv, 1000, &out, &talk, &status, &e), &e,
                 "'sh' writes more than 1000 bytes");
    arena_release(&a);
}

static void what_cannot_run_is_an_error(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const char *const none[] = {"/no/such/program", NULL};
    const char *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
    str out, talk;
    int status;
    (void)state;
    assert_error(process_read(&a, none, 10, &out, &talk, &status, &e), &e,
                 "cannot start '/no/such/program'");
    assert_error(process_read(&a, killed, 10, &out, &talk, &status, &e), &e, "ended by a signal");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_talk_and_status_come_back),
        cmocka_unit_test(arguments_reach_the_program_as_they_are),
        cmocka_unit_test(much_of_both_does_not_block),
        cmocka_unit_test(what_cannot_run_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
