/* progress.h - one line on stderr while something takes long, and only when a person can see it.
 *
 * "importing  42 %  1,234,567 rows  812 MB/s  0:12 left". Drawn at most ten times a second, after
 * the first half second; progress_end clears it, so that nothing is left. One thread draws. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/base.h"
#include "base/str.h"

struct progress {
    int fd;
    bool on; /* false: every call does nothing */
    bool drawn;
    int width;
    char label[64];
    uint64_t total_bytes;
    int64_t began_ns, last_ns;
};

/* allowed: not --quiet. Draws only when fd is a terminal that can move its cursor. */
void progress_init(struct progress *p, int fd, bool allowed);
/* total_bytes 0: unknown, then no speed is shown. */
void progress_begin(struct progress *p, str label, uint64_t total_bytes);
/* share: 0 to 1, below 0 when unknown; rows 0: not shown. */
void progress_update(struct progress *p, double share, uint64_t rows);
/* Makes room for other talk; the next update draws again. */
void progress_clear(struct progress *p);
void progress_end(struct progress *p);

/* The line itself, without cursor movement: what progress_update writes. */
str progress_line(const struct progress *p, double share, uint64_t rows, int64_t elapsed_ns,
                  char out[160]);

#endif
