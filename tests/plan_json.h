/* plan_json.h - an expansion as the JSON of the `plan` report's tables, for comparing in tests. */
#ifndef TESTS_PLAN_JSON_H
#define TESTS_PLAN_JSON_H

#include "base/buf.h"
#include "engine/expand.h"

static inline void json_series(struct buf *b, const money *m, size_t n)
{
    char text[MONEY_TEXT];
    buf_add(b, S("    \"monthly\": [\n"));
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "     \"%.*s\"%s\n", FMT(money_format(m[i], 2, text)), i + 1 < n ? "," : "");
    buf_add(b, S("    ],\n"));
}

static inline void json_lines(struct buf *b, const struct expansion *x, const struct expanded *l,
                              size_t n)
{
    char text[MONEY_TEXT];
    for (size_t i = 0; i < n; i++) {
        buf_fmt(b, "   {\n    \"path\": \"%.*s\",\n    \"initiative\": ", FMT(l[i].path));
        if (l[i].initiative == NO_INDEX)
            buf_add(b, S("null"));
        else
            buf_fmt(b, "\"%.*s\"", FMT(x->plan->initiatives.items[l[i].initiative].id.s));
        buf_fmt(b, ",\n    \"category\": \"%s\",\n    \"kind\": \"%s\",\n",
                category_key(l[i].category), line_kind_name(l[i].kind));
        json_series(b, l[i].monthly, (size_t)x->n_months);
        buf_fmt(b, "    \"total\": \"%.*s\"\n   }%s\n", FMT(money_format(l[i].total, 2, text)),
                i + 1 < n ? "," : "");
    }
}

static inline void expansion_json(struct buf *b, const struct expansion *x)
{
    char text[MONEY_TEXT], when[MONTH_TEXT];
    size_t n = (size_t)x->n_months;
    buf_fmt(b,
            "{\n \"schema\": 1,\n \"report\": \"plan\",\n \"currency\": \"%s\",\n \"months\": [\n",
            x->plan->header.currency.code);
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, "  \"%.*s\"%s\n", FMT(month_format(x->plan->header.first + (int32_t)i, when)),
                i + 1 < n ? "," : "");
    buf_add(b, S(" ],\n \"tables\": {\n  \"lines\": [\n"));
    json_lines(b, x, x->lines, x->n_lines);
    buf_add(b, S("  ],\n  \"buffers\": [\n"));
    json_lines(b, x, x->buffers, x->n_buffers);
    buf_add(b, S("  ],\n  \"categories\": [\n"));
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        const struct expanded_category *k = &x->categories[c];
        buf_fmt(b, "   {\n    \"category\": \"%s\",\n", category_key((enum category)c));
        json_series(b, k->monthly, n);
        buf_fmt(b, "    \"total\": \"%.*s\",\n    \"share\": \"%d.%03d\"\n   }%s\n",
                FMT(money_format(k->total, 2, text)), k->share_permille / 1000,
                k->share_permille % 1000, c + 1 < CATEGORY_COUNT ? "," : "");
    }
    buf_add(b, S("  ]\n },\n \"figures\": {\n"));
    buf_fmt(b, "  \"planned\": \"%.*s\",\n", FMT(money_format(x->planned, 2, text)));
    buf_fmt(b, "  \"reserve\": \"%.*s\",\n", FMT(money_format(x->reserve, 2, text)));
    buf_fmt(b, "  \"total\": \"%.*s\"\n }\n}", FMT(money_format(x->total, 2, text)));
}

#endif
