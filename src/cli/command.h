/* command.h - what a command is: one self-describing entry per file; help, man page, completion and
 * dispatch read the same rows.
 *
 * To add a command: one file cmd_NAME.c with one `const struct command cmd_NAME`, one line in
 * commands.c, one in meson.build. A command reads its options with args.h, says what it found with
 * io.h, and returns false with `e` filled when it could not. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "doc/doc.h"

enum option_kind {
    OPT_FLAG,
    OPT_TEXT,
    OPT_SETTING, /* PATH=VALUE: never taken apart at commas */
    OPT_COUNT,  /* 0 or more: 12, 5000 */
    OPT_DAY,    /* 2026-07-31, or a month: its last day */
    OPT_FIRST_DAY, /* 2026-07-01, or a month: its first day */
    OPT_SPAN,   /* 2026, 2026-07, FY2027-Q1, 2026-01..2026-06 */
    OPT_CHOICE,
    OPT_FILE,
    OPT_DIR,
    OPT_BYTES,  /* 4096, 512M, 2G, 2GiB */
};

struct option {
    const char *name;      /* long name without dashes */
    char letter;           /* 0: none */
    enum option_kind kind;
    const char *arg;       /* "FILE" in help; NULL for flags */
    const char *const *choices; /* OPT_CHOICE, NULL-terminated: completed and checked */
    bool repeats;          /* may be given several times, also comma-separated (but for files) */
    const char *help;      /* one sentence with default and range */
};

struct example {
    const char *command; /* without "outlay " */
    const char *says;
};

struct io;   /* where output goes: see io.h */
struct args; /* parsed options: see args.h */

/* Everything a command may look at; nothing is global. */
struct ctx {
    struct arena *arena; /* lives until the command ends */
    const struct args *args;
    struct io *io;
    str book_dir;        /* --book, $OUTLAY_BOOK or "." */
    day today;           /* --as-of, or the clock's */
    int threads;         /* --threads, $OUTLAY_THREADS, or one per processor */
    uint64_t memory;     /* --memory in bytes; 0: default */
    bool strict;         /* --strict: unknown amounts and unclassified rows are ERR_THRESHOLD */
    const volatile bool *interrupted; /* set by Ctrl-C */
    const struct command *const *commands; /* the registry, for help */
};

struct command {
    const char *name;     /* "import"; subcommands: "rules test" */
    const char *summary;  /* one line */
    const char *usage;    /* after the name: "[OPTIONS] FILE..." */
    const char *group;    /* heading in help: "Inventory", "Plan", ... */
    const struct example *examples; /* first in help; ends with command NULL; may be NULL */
    const struct option *options;   /* ends with name NULL; may be NULL; common ones are added */
    const char *details;  /* paragraphs for help and man page, blank lines between; or NULL */
    int min_operands, max_operands; /* max -1: any number */
    const char *complete_operands;  /* "file", "dir", "command", "topic", "none" */
    bool (*run)(struct ctx *c, struct err *e);
};

extern const struct command *const commands[]; /* NULL-terminated, in order of help */

/* The options every command has; ends with name NULL. */
extern const struct option common_options[];

/* The command line from argv[0] on; reports, files and talk are written, errors are not. */
struct cli {
    const struct command *const *commands;
    const volatile bool *interrupted;
    int in, out, talk; /* 0, 1, 2 but in tests */
    day today;         /* the clock's */
};
MUST_CHECK bool cli_run(const struct cli *cli, int argc, char *const *argv, struct err *e);

#endif
