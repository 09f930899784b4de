/* category.h - the five categories, in the order in which they stand everywhere. */
#ifndef CORE_CATEGORY_H
#define CORE_CATEGORY_H

#include "base/base.h"
#include "base/str.h"

enum category {
    CATEGORY_INFRA,
    CATEGORY_TALENT,
    CATEGORY_VENDOR,
    CATEGORY_DATA,
    CATEGORY_RESERVE,
    CATEGORY_COUNT,
    /* what spend may be instead */
    CATEGORY_NOT_AI = CATEGORY_COUNT,
    CATEGORY_REVIEW,
    CATEGORY_STATES,
};

const char *category_key(enum category c);  /* "infra" ... "not_ai", "review" */
const char *category_name(enum category c); /* "Infrastructure & Compute" ... */
/* By key. */
MUST_CHECK bool category_parse(str key, enum category *ret);

#endif
