/* show.c - how one value reads. */
#include "render/show.h"

bool for_people(enum shown s)
{
    return s != SHOW_DATA;
}

bool for_data(enum shown s)
{
    return s != SHOW_PEOPLE;
}

bool column_for_people(const struct doc_column *c)
{
    return for_people(c->shown) && c->kind != CELL_SERIES;
}

bool table_for_people(const struct doc_table *t)
{
    return for_people(t->shown) && (t->n_rows || t->empty_text.n);
}

bool show_is_number(enum cell_kind kind)
{
    return kind == CELL_MONEY || kind == CELL_NUMBER || kind == CELL_COUNT || kind == CELL_SHARE;
}

const char *show_mark(const struct cell *c)
{
    return show_is_number(c->kind) && (c->mark == MARK_BAD || c->mark == MARK_WARN) ? "!" : "";
}

void show_text(struct buf *out, str s)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        unsigned char c = (unsigned char)s.p[i];
        n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        if (n == 1) {
            buf_addc(out, c < 0x20 || c == 0x7f ? ' ' : s.p[i]);
        } else if (i + n <= s.n && str_is_utf8(str_sub(s, i, i + n))) {
            /* C1 controls, and noncharacters, which XML forbids */
            str code = str_sub(s, i, i + n);
            bool control = n == 2 && c == 0xc2 && (unsigned char)code.p[1] < 0xa0;
            bool bidi = n == 3 && c == 0xe2 &&
                        ((unsigned char)code.p[1] == 0x80 ? (unsigned char)code.p[2] >= 0xa8 &&
                                                                (unsigned char)code.p[2] <= 0xae
                                                          : (unsigned char)code.p[1] == 0x81 &&
                                                                (unsigned char)code.p[2] >= 0xa6 &&
                                                                (unsigned char)code.p[2] <= 0xa9);
            bool none = n == 3 && c == 0xef && (unsigned char)code.p[1] == 0xbf &&
                        (unsigned char)code.p[2] >= 0xbe;
            buf_add(out, control || bidi ? S(" ") : none ? S("\xef\xbf\xbd") : code);
        } else {
            n = 1;
            buf_add(out, S("\xef\xbf\xbd"));
        }
    }
}

/* "-1234567.50" as "1,234,567.50"; the sign is the caller's. */
static void grouped(struct buf *out, str digits)
{
    size_t from = digits.n && digits.p[0] == '-';
    size_t point = str_find_char(digits, '.', 0);
    size_t end = point == SIZE_MAX ? digits.n : point;
    for (size_t i = from; i < digits.n; i++) {
        if (i > from && i < end && (end - i) % 3 == 0)
            buf_addc(out, ',');
        buf_addc(out, digits.p[i]);
    }
}

static void show_number(struct buf *out, enum cell_kind kind, dec v, int places)
{
    char text[DEC_TEXT];
    dec r = v;
    if (kind == CELL_SHARE && !dec_mul(v, dec_from_i64(100), &r)) {
        buf_add(out, dec_format(v, text));
        return;
    }
    r = dec_round(r, places);
    bool minus = r < 0, parens = minus && kind != CELL_NUMBER;
    if (minus)
        buf_addc(out, parens ? '(' : '-');
    grouped(out, dec_format_fixed(r, places, text));
    if (kind == CELL_SHARE)
        buf_add(out, S(" %"));
    if (parens)
        buf_addc(out, ')');
}

void show_cell(struct buf *out, const struct cell *c, int places)
{
    char text[64];
    switch (c->kind) {
    case CELL_TEXT:
        show_text(out, c->text);
        break;
    case CELL_MONEY:
    case CELL_NUMBER:
    case CELL_SHARE:
        show_number(out, c->kind, c->number, places);
        break;
    case CELL_COUNT:
        if (c->count < 0)
            buf_addc(out, '-');
        snprintf(text, sizeof text, "%lld", (long long)c->count);
        grouped(out, str_of(text));
        break;
    case CELL_MONTH:
        buf_add(out, month_format_name(c->month, text));
        break;
    case CELL_DAY:
        buf_add(out, date_format(c->day, text));
        break;
    case CELL_BOOL:
        buf_add(out, c->yes ? S("yes") : S("no"));
        break;
    case CELL_NULL:
    case CELL_SERIES:
        buf_addc(out, '-');
        break;
    }
}

void show_exact(struct buf *out, const struct cell *c, int exact_places)
{
    char text[64];
    switch (c->kind) {
    case CELL_TEXT:
        buf_add(out, c->text);
        break;
    case CELL_MONEY:
    case CELL_NUMBER:
    case CELL_SHARE:
        buf_add(out, exact_places < 0 ? dec_format(c->number, text)
                                      : dec_format_fixed(c->number, exact_places, text));
        break;
    case CELL_COUNT:
        buf_fmt(out, "%lld", (long long)c->count);
        break;
    case CELL_MONTH:
        buf_add(out, month_format(c->month, text));
        break;
    case CELL_DAY:
        buf_add(out, date_format(c->day, text));
        break;
    case CELL_BOOL:
        buf_add(out, c->yes ? S("true") : S("false"));
        break;
    case CELL_NULL:
    case CELL_SERIES:
        break;
    }
}
