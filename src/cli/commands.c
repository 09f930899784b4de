/* commands.c - the list of commands, in the order of help. */
#include "cli/command.h"

extern const struct command cmd_help;
extern const struct command cmd_version;

const struct command *const commands[] = {
    &cmd_help,
    &cmd_version,
    NULL,
};
