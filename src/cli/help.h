/* help.h - help, man page and completion, all written from the registry. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "cli/command.h"

/* Text that is written in paragraphs: words, headings and hanging lines within a width. */
struct page {
    struct buf *out;
    size_t width;
    bool bold; /* headings stand out */
};

void page_heading(struct page *p, const char *text);
/* A paragraph or several (set apart by blank lines), `indent` in. Lines that start with two blanks
 * are kept as they are. */
void page_text(struct page *p, str text, size_t indent);
/* "  term      text that wraps under itself" */
void page_entry(struct page *p, const char *term, str text, size_t column);

MUST_CHECK bool help_overview(struct ctx *c, struct err *e);
MUST_CHECK bool help_command(struct ctx *c, const struct command *command, struct err *e);

/* A topic of `outlay help TOPIC`. */
struct topic {
    const char *name;
    const char *summary;
    void (*write)(struct page *p);
};
extern const struct topic help_topics[]; /* ends with name NULL */

/* A word of finance or engineering as this program uses it. */
struct term_entry {
    const char *term, *means;
};
extern const struct term_entry glossary[]; /* by alphabet; ends with term NULL */

/* Exit statuses and environment variables, for help, man page and docs. */
extern const struct term_entry exit_statuses[];
extern const struct term_entry environment[];

void man_page(const struct command *const *list, struct buf *out);
/* shell: "bash", "zsh" or "fish"; false when it is none of these. */
bool completion_script(const struct command *const *list, str shell, struct buf *out);

/* "-o, --output FILE" */
void option_label(const struct option *o, struct buf *out);
/* The groups of the registry in order; NULL-terminated, lives in a. */
const char **command_groups(struct arena *a, const struct command *const *list);

#endif
