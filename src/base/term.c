/* term.c - width and color of the terminal. */
#include "base/term.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/str.h"

struct term_env term_env(void)
{
    const char *lang = getenv("LC_ALL");
    if (!lang || !*lang)
        lang = getenv("LC_CTYPE");
    if (!lang || !*lang)
        lang = getenv("LANG");
    return (struct term_env){getenv("NO_COLOR"), getenv("TERM"), getenv("COLUMNS"), lang};
}

bool term_wants_color(bool tty, enum color_choice choice, const struct term_env *env)
{
    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    if (env->no_color && *env->no_color)
        return false;
    if (!env->term || str_eq(str_of(env->term), S("dumb")))
        return false;
    return tty;
}

static bool speaks_utf8(const char *lang)
{
    str s = str_of(lang);
    return str_find_nocase(s, S("utf-8"), 0) != SIZE_MAX ||
           str_find_nocase(s, S("utf8"), 0) != SIZE_MAX;
}

struct term term_probe(int fd, enum color_choice choice, const struct term_env *env)
{
    struct term t = {.tty = isatty(fd) == 1};
    t.color = term_wants_color(t.tty, choice, env);
    if (!t.tty)
        return t;
    t.unicode = speaks_utf8(env->lang) && !str_eq(str_of(env->term), S("dumb"));
    struct winsize size;
    int64_t columns;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col) {
        t.width = size.ws_col;
        t.height = size.ws_row;
    } else if (str_to_i64(str_of(env->columns), &columns) && columns > 0 && columns < 10000) {
        t.width = (int)columns;
    }
    t.width = t.width ? t.width : 80;
    t.height = t.height ? t.height : 24;
    return t;
}
