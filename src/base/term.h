/* term.h - what the terminal at the other end can show. */
#ifndef BASE_TERM_H
#define BASE_TERM_H

#include "base/base.h"

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The environment a decision rests on; NULL is unset. */
struct term_env {
    const char *no_color; /* $NO_COLOR: set and not empty means none */
    const char *term;     /* $TERM */
    const char *columns;  /* $COLUMNS: used where the terminal does not say */
    const char *lang;     /* the first that is set of $LC_ALL, $LC_CTYPE, $LANG */
};

struct term {
    bool tty;
    bool color;
    bool unicode; /* lines and ellipses beyond ASCII may be drawn */
    int width, height; /* in characters; 80 x 24 when unknown, 0 x 0 when it is no terminal */
};

struct term_env term_env(void);
struct term term_probe(int fd, enum color_choice choice, const struct term_env *env);
/* The color rule alone: a choice wins, then NO_COLOR, then TERM=dumb, then the terminal. */
bool term_wants_color(bool tty, enum color_choice choice, const struct term_env *env);

#endif
