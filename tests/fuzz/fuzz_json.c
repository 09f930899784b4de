/* fuzz_json.c - what parses is written and parsed again to the same document. */
#include "base/json_read.h"
#include "unit/base/json_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const struct json *v, *again;
    str text = {(const char *)data, size};
    if (json_parse(&a, text, &v, &e)) {
        struct buf b;
        buf_init(&b, 64 << 20);
        json_text_write(&b, v);
        BUG_IF(!json_parse(&a, buf_str(&b), &again, &e));
        BUG_IF(!json_same(v, again));
        buf_release(&b);
    } else {
        BUG_IF(!e.text[0]);
    }
    int64_t number;
    for (int i = 0; i < 100 && json_parse_next(&a, &text, 1, &v, &e) && v; i++)
        if (json_i64(v, &number))
            BUG_IF(v->kind != JSON_NUMBER);
    arena_release(&a);
    return 0;
}
