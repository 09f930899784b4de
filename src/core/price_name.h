/* price_name.h - one name for a model however it is written, without ever crossing models.
 *
 * Removed: case, folders and resource paths ("models/", "openai/"), Bedrock's region, vendor and
 * version, "-latest"; "claude-4.5-haiku" and "claude-haiku-4-5" become one. What makes another
 * model or another price (":free", "-mini", "-fast", "-preview") stays. */
#ifndef CORE_PRICE_NAME_H
#define CORE_PRICE_NAME_H

#include "base/str.h"

#define PRICE_NAME_MAX 200

struct price_name {
    char text[PRICE_NAME_MAX + 8];
    str key;     /* in text; empty when the name is too long or empty */
    str base;    /* key without a dated snapshot; equal to key when there is none */
    str host;    /* provider that the spelling names ("azure/", "us.anthropic."), or empty */
    bool global; /* Bedrock's "global." profile, which has its own price */
};

void price_name_read(str model, struct price_name *ret);
/* "aws" for "Amazon Bedrock"; what is not known is given back in lower case, from `room`. */
str price_provider(str provider, char room[PRICE_NAME_MAX]);
/* Who makes the model with that key; empty when unknown. *ret_open: its weights are open, so that
 * every host has a price of its own. */
str price_maker(str key, bool *ret_open);

#endif
