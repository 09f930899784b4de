/* complete.c - completion scripts for bash, zsh and fish, written from the registry.
 *
 * All three know commands, subcommands, options, choices and where files or folders go. Names come
 * from the program's own tables, so none needs escaping but help texts. */
#include "cli/help.h"

/* Calls fn for every option of the command, its own first. */
static void each_option(const struct command *c, struct buf *out,
                        void (*fn)(const struct command *, const struct option *, struct buf *))
{
    const struct option *tables[] = {c->options, common_options};
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (const struct option *o = tables[t]; o && o->name; o++)
            fn(c, o, out);
}

static void bash_name(const struct command *c, const struct option *o, struct buf *out)
{
    (void)c;
    buf_fmt(out, "--%s ", o->name);
    if (o->letter)
        buf_fmt(out, "-%c ", o->letter);
}

static void bash_value(const struct command *c, const struct option *o, struct buf *out)
{
    (void)c;
    if (o->kind == OPT_FLAG)
        return;
    buf_fmt(out, "        --%s", o->name);
    if (o->letter)
        buf_fmt(out, "|-%c", o->letter);
    buf_add(out, S(") "));
    if (o->kind == OPT_CHOICE) {
        buf_add(out, S("_outlay_words \""));
        for (size_t i = 0; o->choices[i]; i++)
            buf_fmt(out, "%s%s", i ? " " : "", o->choices[i]);
        buf_add(out, S("\""));
    } else if (o->kind == OPT_FILE) {
        buf_add(out, S("_outlay_files"));
    } else if (o->kind == OPT_DIR) {
        buf_add(out, S("_outlay_dirs"));
    } else {
        buf_add(out, S("COMPREPLY=()"));
    }
    buf_add(out, S("; return ;;\n"));
}

/* The distinct words that may follow `head` ("" for commands, "rules" for its subcommands). */
static void next_words(const struct command *const *list, str head, struct buf *out)
{
    str last = STR_NONE;
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name), rest = name;
        if (head.n) {
            if (name.n <= head.n || !str_starts(name, head) || name.p[head.n] != ' ')
                continue;
            rest = str_sub(name, head.n + 1, name.n);
        }
        str word = str_sub(rest, 0, MIN(str_find_char(rest, ' ', 0), rest.n));
        if (!str_eq(word, last))
            buf_fmt(out, "%.*s ", FMT(word));
        last = word;
    }
}

static void operand_words(const struct command *const *list, const struct command *c,
                          struct buf *out)
{
    const char *what = c->complete_operands ? c->complete_operands : "none";
    if (strcmp(what, "command") == 0) {
        next_words(list, STR_NONE, out);
        for (const struct topic *t = help_topics; t->name; t++)
            buf_fmt(out, "%s ", t->name);
        buf_add(out, S("man plan-schema completion bash zsh fish "));
    }
    next_words(list, str_of(c->name), out);
}

static bool operands_are(const struct command *c, const char *what)
{
    return c->complete_operands && strcmp(c->complete_operands, what) == 0;
}

static void bash_command(const struct command *const *list, const struct command *c,
                         struct buf *out)
{
    buf_fmt(out, "    \"%s\")\n        case $prev in\n", c->name);
    each_option(c, out, bash_value);
    buf_add(out, S("        esac\n        if [[ $cur == -* ]]; then _outlay_words \""));
    each_option(c, out, bash_name);
    buf_add(out, S("\"\n        else\n            _outlay_words \""));
    operand_words(list, c, out);
    buf_add(out, S("\"\n"));
    if (operands_are(c, "file"))
        buf_add(out, S("            _outlay_files\n"));
    if (operands_are(c, "dir"))
        buf_add(out, S("            _outlay_dirs\n"));
    buf_add(out, S("        fi ;;\n"));
}

/* First words of families that are no command themselves. */
static void bash_families(const struct command *const *list, struct buf *out)
{
    str last = STR_NONE;
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        size_t blank = str_find_char(name, ' ', 0);
        str head = str_sub(name, 0, MIN(blank, name.n));
        bool known = blank == SIZE_MAX || str_eq(head, last);
        for (size_t k = 0; list[k] && !known; k++)
            known = str_eq(str_of(list[k]->name), head);
        if (known)
            continue;
        last = head;
        buf_fmt(out, "    \"%.*s\") _outlay_words \"", FMT(head));
        next_words(list, head, out);
        buf_add(out, S("\" ;;\n"));
    }
}

static void bash_script(const struct command *const *list, struct buf *out)
{
    buf_add(out, S("# bash completion for outlay, written by `outlay help completion bash`\n"
                   "_outlay_words() {\n"
                   "    local IFS=$' \\t\\n'\n"
                   "    COMPREPLY+=($(compgen -W \"$1\" -- \"$cur\"))\n"
                   "}\n"
                   "_outlay_files() {\n"
                   "    compopt -o filenames 2>/dev/null\n"
                   "    local IFS=$'\\n'\n"
                   "    COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
                   "}\n"
                   "_outlay_dirs() {\n"
                   "    compopt -o filenames 2>/dev/null\n"
                   "    local IFS=$'\\n'\n"
                   "    COMPREPLY+=($(compgen -d -- \"$cur\"))\n"
                   "}\n"
                   "_outlay() {\n"
                   "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                   "    local command='' word i\n"
                   "    COMPREPLY=()\n"
                   "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                   "        word=${COMP_WORDS[i]}\n"
                   "        case \"$command $word\" in\n"));
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        size_t blank = str_find_char(name, ' ', 0);
        if (blank == SIZE_MAX)
            buf_fmt(out, "        \" %s\") command=%s ;;\n", list[i]->name, list[i]->name);
        else
            buf_fmt(out, "        \"%s\") command='%s' ;;\n", list[i]->name, list[i]->name);
    }
    /* the first word of a family is remembered too, so that its second can be found */
    str last = STR_NONE;
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        size_t blank = str_find_char(name, ' ', 0);
        str head = str_sub(name, 0, MIN(blank, name.n));
        bool known = blank == SIZE_MAX || str_eq(head, last);
        for (size_t k = 0; list[k] && !known; k++)
            known = str_eq(str_of(list[k]->name), head);
        if (!known)
            buf_fmt(out, "        \" %.*s\") command=%.*s ;;\n", FMT(head), FMT(head));
        last = known ? last : head;
    }
    buf_add(out, S("        esac\n    done\n    case $command in\n    \"\")\n"
                   "        if [[ $cur == -* ]]; then _outlay_words \"--version "));
    for (const struct option *o = common_options; o->name; o++)
        bash_name(NULL, o, out);
    buf_add(out, S("\"\n        else _outlay_words \""));
    next_words(list, STR_NONE, out);
    buf_add(out, S("\"\n        fi ;;\n"));
    for (size_t i = 0; list[i]; i++)
        bash_command(list, list[i], out);
    bash_families(list, out);
    buf_add(out, S("    esac\n}\ncomplete -F _outlay outlay\n"));
}

/* Text inside single quotes; zsh also minds brackets and colons in descriptions. */
static void in_quotes(struct buf *out, const char *s, bool zsh)
{
    for (; *s; s++) {
        if (*s == '\'')
            buf_add(out, zsh ? S("'\\''") : S("\\'"));
        else if (zsh && (*s == '[' || *s == ']' || *s == ':' || *s == '\\'))
            buf_fmt(out, "\\%c", *s);
        else if (*s == '\\')
            buf_add(out, S("\\\\"));
        else
            buf_addc(out, *s);
    }
}

static void zsh_values(const struct option *o, struct buf *out)
{
    if (o->kind == OPT_FLAG)
        return;
    buf_fmt(out, ":%s:", o->arg);
    if (o->kind == OPT_CHOICE) {
        buf_addc(out, '(');
        for (size_t i = 0; o->choices[i]; i++)
            buf_fmt(out, "%s%s", i ? " " : "", o->choices[i]);
        buf_addc(out, ')');
    } else if (o->kind == OPT_FILE) {
        buf_add(out, S("_files"));
    } else if (o->kind == OPT_DIR) {
        buf_add(out, S("_files -/"));
    } else {
        buf_add(out, S(" "));
    }
}

static void zsh_option(const struct command *c, const struct option *o, struct buf *out)
{
    (void)c;
    for (int letter = 0; letter <= (o->letter ? 1 : 0); letter++) {
        buf_fmt(out, "            '%s", o->repeats ? "*" : "");
        if (letter)
            buf_fmt(out, "-%c", o->letter);
        else
            buf_fmt(out, "--%s%s", o->name, o->kind == OPT_FLAG ? "" : "=");
        buf_addc(out, '[');
        in_quotes(out, o->help, true);
        buf_addc(out, ']');
        zsh_values(o, out);
        buf_add(out, S("' \\\n"));
    }
}

static void zsh_script(const struct command *const *list, struct buf *out)
{
    buf_add(out, S("#compdef outlay\n"
                   "# zsh completion for outlay, written by `outlay help completion zsh`\n"
                   "_outlay() {\n"
                   "    local command='' word i\n"
                   "    for ((i = 2; i < CURRENT; i++)); do\n"
                   "        word=$words[i]\n"
                   "        case \"$command $word\" in\n"));
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        size_t blank = str_find_char(name, ' ', 0);
        str head = str_sub(name, 0, MIN(blank, name.n));
        if (i == 0 || !str_starts(str_of(list[i - 1]->name), head))
            buf_fmt(out, "        ' %.*s') command='%.*s' ;;\n", FMT(head), FMT(head));
        if (blank != SIZE_MAX)
            buf_fmt(out, "        '%s') command='%s' ;;\n", list[i]->name, list[i]->name);
    }
    buf_add(out, S("        esac\n    done\n    case $command in\n"));
    for (size_t i = 0; list[i]; i++) {
        const struct command *c = list[i];
        buf_fmt(out, "    '%s')\n        _arguments -s -S \\\n", c->name);
        each_option(c, out, zsh_option);
        CLEANUP(buf_release) struct buf words;
        buf_init(&words, 1 << 20);
        operand_words(list, c, &words);
        if (words.n)
            buf_fmt(out, "            '*: :(%s %.*s)' ;;\n", c->name, FMT(buf_str(&words)));
        else
            buf_fmt(out, "            '*: :%s' ;;\n", operands_are(c, "file")  ? "_files"
                                                        : operands_are(c, "dir") ? "_files -/"
                                                                                 : " ");
    }
    buf_add(out, S("    *)\n        if [[ -n $command ]]; then\n            case $command in\n"));
    bash_families(list, out);
    buf_add(out, S("            esac\n        else\n            local -a list\n"
                   "            list=(\n"));
    for (size_t i = 0; list[i]; i++) {
        if (strchr(list[i]->name, ' '))
            continue;
        buf_fmt(out, "                '%s:", list[i]->name);
        in_quotes(out, list[i]->summary, true);
        buf_add(out, S("'\n"));
    }
    buf_add(out, S("            )\n            _describe command list\n        fi ;;\n    esac\n}\n"
                   "_outlay \"$@\"\n"));
}

static void fish_option(const struct command *c, const struct option *o, struct buf *out)
{
    if (c)
        buf_fmt(out, "complete -c outlay -n '__outlay_is \"%s\"' -l %s", c->name, o->name);
    else
        buf_fmt(out, "complete -c outlay -l %s", o->name);
    if (o->letter)
        buf_fmt(out, " -s %c", o->letter);
    if (o->kind == OPT_FILE)
        buf_add(out, S(" -r -F"));
    else if (o->kind == OPT_DIR)
        buf_add(out, S(" -x -a '(__fish_complete_directories)'"));
    else if (o->kind != OPT_FLAG)
        buf_add(out, S(" -x"));
    if (o->kind == OPT_CHOICE) {
        buf_add(out, S(" -a '"));
        for (size_t i = 0; o->choices[i]; i++)
            buf_fmt(out, "%s%s", i ? " " : "", o->choices[i]);
        buf_add(out, S("'"));
    }
    buf_add(out, S(" -d '"));
    in_quotes(out, o->help, false);
    buf_add(out, S("'\n"));
}

static void fish_script(const struct command *const *list, struct buf *out)
{
    buf_add(out, S("# fish completion for outlay, written by `outlay help completion fish`\n"
                   "function __outlay_is\n"
                   "    set -l words (commandline -opc)\n"
                   "    set -l got\n"
                   "    for w in $words[2..-1]\n"
                   "        string match -q -- '-*' $w; or set -a got $w\n"
                   "    end\n"
                   "    set -l wanted (string split ' ' -- $argv[1])\n"
                   "    test (count $got) -ge (count $wanted); or return 1\n"
                   "    test \"$got[1..\"(count $wanted)\"]\" = \"$argv[1]\"\n"
                   "end\n"
                   "function __outlay_bare\n"
                   "    for w in (commandline -opc)[2..-1]\n"
                   "        string match -q -- '-*' $w; or return 1\n"
                   "    end\n"
                   "end\n"
                   "complete -c outlay -f\n"));
    for (const struct option *o = common_options; o->name; o++)
        fish_option(NULL, o, out);
    for (size_t i = 0; list[i]; i++) {
        const struct command *c = list[i];
        str name = str_of(c->name);
        size_t blank = str_find_char(name, ' ', 0);
        if (blank == SIZE_MAX)
            buf_fmt(out, "complete -c outlay -n __outlay_bare -a %s -d '", c->name);
        else
            buf_fmt(out, "complete -c outlay -n '__outlay_is \"%.*s\"' -a %s -d '",
                    FMT(str_sub(name, 0, blank)), c->name + blank + 1);
        in_quotes(out, c->summary, false);
        buf_add(out, S("'\n"));
        for (const struct option *o = c->options; o && o->name; o++)
            fish_option(c, o, out);
        if (operands_are(c, "file"))
            buf_fmt(out, "complete -c outlay -n '__outlay_is \"%s\"' -F\n", c->name);
        if (operands_are(c, "dir"))
            buf_fmt(out, "complete -c outlay -n '__outlay_is \"%s\"' -x -a "
                         "'(__fish_complete_directories)'\n", c->name);
        if (operands_are(c, "command")) {
            buf_fmt(out, "complete -c outlay -n '__outlay_is \"%s\"' -a '", c->name);
            operand_words(list, c, out);
            buf_add(out, S("'\n"));
        }
    }
}

bool completion_script(const struct command *const *list, str shell, struct buf *out)
{
    if (str_eq(shell, S("bash")))
        bash_script(list, out);
    else if (str_eq(shell, S("zsh")))
        zsh_script(list, out);
    else if (str_eq(shell, S("fish")))
        fish_script(list, out);
    else
        return false;
    return true;
}
