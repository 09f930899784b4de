/* fuzz_args.c - command lines of any bytes, NUL between words: never a crash, always a reason. */
#include <unistd.h>

#include "cli/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WORDS = 12 };
    struct arena a = ARENA_INIT;
    char *argv[WORDS + 1] = {str_cstr(&a, S("outlay"))};
    int argc = 1;
    str rest = {(const char *)data, size}, word;
    while (size && argc < WORDS && str_cut(&rest, 0, &word)) {
        /* nothing is written but by chance named options: no files from here */
        if (str_find(word, S("-o"), 0) == SIZE_MAX && str_find(word, S("output"), 0) == SIZE_MAX &&
            !(word.n > 1 && word.p[0] == '-' && word.p[1] != '-'))
            argv[argc++] = str_cstr(&a, word);
    }
    struct cli cli = {.commands = commands, .out = -1, .talk = -1, .today = 20000};
    struct err e = {.kind = ERR_NONE};
    bool ok = cli_run(&cli, argc, argv, &e);
    if (!ok && (!e.text[0] || e.kind == ERR_NONE))
        abort();
    arena_release(&a);
    return 0;
}
