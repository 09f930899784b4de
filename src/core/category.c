/* category.c - keys and names of the categories. */
#include "core/category.h"

static const struct {
    const char *key, *name;
} CATEGORIES[CATEGORY_STATES] = {
    [CATEGORY_INFRA] = {"infra", "Infrastructure & Compute"},
    [CATEGORY_TALENT] = {"talent", "Talent"},
    [CATEGORY_VENDOR] = {"vendor", "Vendor & API Costs"},
    [CATEGORY_DATA] = {"data", "Data & Tooling"},
    [CATEGORY_RESERVE] = {"reserve", "Innovation Reserve"},
    [CATEGORY_NOT_AI] = {"not_ai", "Not AI"},
    [CATEGORY_REVIEW] = {"review", "To review"},
};

const char *category_key(enum category c)
{
    BUG_IF((unsigned)c >= CATEGORY_STATES);
    return CATEGORIES[c].key;
}

const char *category_name(enum category c)
{
    BUG_IF((unsigned)c >= CATEGORY_STATES);
    return CATEGORIES[c].name;
}

bool category_parse(str key, enum category *ret)
{
    for (int c = 0; c < CATEGORY_STATES; c++) {
        if (str_eq(key, str_of(CATEGORIES[c].key))) {
            *ret = (enum category)c;
            return true;
        }
    }
    return false;
}
