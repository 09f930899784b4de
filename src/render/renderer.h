/* renderer.h - what an output format is: one self-describing entry per file.
 *
 * A renderer prints a doc and never computes, so all formats agree to the last digit. Formats for
 * people (text, md, html, xlsx, pdf) leave out what is SHOW_DATA and every series; formats for
 * programs (json, csv) leave out what is SHOW_PEOPLE, totals and groups.
 * To add a format: one file, one line in renderers.c. */
#ifndef RENDER_RENDERER_H
#define RENDER_RENDERER_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/doc.h"

struct render_options {
    size_t width;      /* text: columns of the terminal; 0: never cut or wrapped */
    bool color;        /* text */
    bool unicode;      /* text: rules and ellipses beyond ASCII */
    bool letter_paper; /* pdf: US Letter instead of A4 */
};

struct renderer {
    const char *name;      /* "--format NAME" */
    const char *extension; /* of files in this format, without the dot */
    const char *summary;   /* one line */
    bool binary;           /* not to be shown on a terminal */
    bool (*render)(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e);
};

extern const struct renderer *const renderers[]; /* NULL-terminated; the first is the default */

/* NULL when there is none. */
const struct renderer *renderer_by_name(str name);
const struct renderer *renderer_by_path(str path); /* by extension, in either case */

/* "text, csv, json": for help and messages. */
void renderer_names(struct buf *out);

#endif
