/* openai_item.c - what a line item of an OpenAI bill says about model and tokens. */
#include "ingest/openai_item.h"

void openai_read_item(struct spend_row *r)
{
    str rest = r->text[SPEND_METER], model;
    if (!str_cut(&rest, ',', &model) || !rest.n)
        return;
    str what = str_trim(rest);
    r->text[SPEND_MODEL] = str_trim(model);
    int64_t per = str_eq(r->text[SPEND_UNIT], S("tokens"))        ? 1
                  : str_eq(r->text[SPEND_UNIT], S("1000_tokens")) ? 1000
                                                                  : 0;
    bool in = str_find_nocase(what, S("input"), 0) != SIZE_MAX;
    bool out = str_find_nocase(what, S("output"), 0) != SIZE_MAX;
    bool cached = str_find_nocase(what, S("cache"), 0) != SIZE_MAX;
    bool write = str_find_nocase(what, S("write"), 0) != SIZE_MAX;
    r->batch = str_find_nocase(what, S("batch"), 0) != SIZE_MAX;
    dec count;
    if (!per || in == out || dec_is_null(r->quantity) ||
        !dec_mul(r->quantity, dec_from_i64(per), &count) || count % DEC_ONE != 0 ||
        count / DEC_ONE > INT64_MAX || count < 0)
        return;
    int bucket = out      ? TOKENS_OUT
                 : write  ? TOKENS_CACHE_WRITE_5M
                 : cached ? TOKENS_CACHE_READ
                          : TOKENS_IN;
    r->tokens[bucket] = (int64_t)(count / DEC_ONE);
}
