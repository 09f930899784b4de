/* command.h - what a command is: one self-describing entry per file; help, man page, completion and
 * dispatch read the same rows.
 *
 * To add a command: one file cmd_NAME.c with one `const struct command`, one line in commands.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "doc/doc.h"

enum option_kind { OPT_FLAG, OPT_TEXT, OPT_COUNT, OPT_DAY, OPT_SPAN, OPT_CHOICE, OPT_FILE, OPT_DIR, OPT_BYTES };

struct option {
    const char *name;      /* long name without dashes */
    char letter;           /* 0: none */
    enum option_kind kind;
    const char *arg;       /* "FILE" in help; NULL for flags */
    const char *const *choices; /* OPT_CHOICE, NULL-terminated: completed and checked */
    bool repeats;          /* may be given several times, also comma-separated */
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
    int threads;
    uint64_t memory;     /* bytes; 0: default */
    const volatile bool *interrupted; /* set by Ctrl-C */
};

struct command {
    const char *name;     /* "import"; subcommands: "rules test" */
    const char *summary;  /* one line */
    const char *usage;    /* after the name: "[OPTIONS] FILE..." */
    const char *group;    /* heading in help: "Inventory", "Plan", ... */
    const struct example *examples; /* first in help; ends with command NULL */
    const struct option *options;   /* ends with name NULL; common options are added by dispatch */
    const char *details;  /* paragraphs for help and man page; may be NULL */
    int min_operands, max_operands; /* -1: any number */
    const char *complete_operands;  /* "file", "command", "none" */
    bool (*run)(struct ctx *c, struct err *e);
};

extern const struct command *const commands[]; /* NULL-terminated, in order of help */

#endif
