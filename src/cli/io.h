/* io.h - what a command says: a report or other data to stdout or -o FILE, talk to stderr.
 *
 * Commands never print: they hand over a doc, or text that is data, and leave errors to main. */
#ifndef CLI_IO_H
#define CLI_IO_H

#include "base/progress.h"
#include "base/term.h"
#include "cli/command.h"

/* Renders to stdout, or to -o FILE, which is replaced at once or not at all. The format is
 * --format, else the file's ending, else text; a terminal gets a pager when the report is longer.
 * A reader that went away (a closed pipe) is no error: the report ends there. */
MUST_CHECK bool io_report(struct ctx *c, const struct doc *d, struct err *e);
/* Data that is no report: a drafted file, a script. Same destination and errors, no format. */
MUST_CHECK bool io_out(struct ctx *c, str text, struct err *e);
/* The same for a text that people read: through the pager where there is one. */
MUST_CHECK bool io_page(struct ctx *c, str text, struct err *e);

/* Talk on stderr, one line each; notes are silent with --quiet, warnings are not. */
void io_note(struct ctx *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
void io_warn(struct ctx *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* diags as they are printed for people, on stderr, colored where that is wanted. */
struct diags;
void io_diags(struct ctx *c, const struct diags *d);

/* The progress line of this run; progress_begin and progress_update may always be called. */
struct progress *io_progress(struct ctx *c);
/* The terminal behind stdout. */
const struct term *io_term(const struct ctx *c);
/* True when the user pressed Ctrl-C: fills e, for `if (io_interrupted(c, e)) return false;`. */
bool io_interrupted(const struct ctx *c, struct err *e);

/* For dispatch: opens the streams by the options of c->args. Lives in c->arena. */
MUST_CHECK bool io_open(struct ctx *c, const struct cli *cli, struct err *e);

#endif
