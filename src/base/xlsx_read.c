/* xlsx_read.c - the sheet of an Excel workbook as delimited text, read as a stream.
 *
 * minizip unpacks, expat parses; text of the sheet is made while it is parsed, so that memory holds
 * the shared strings and one block. */
#include "base/xlsx_read.h"

#include <expat.h>
#include <minizip/unzip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"

enum {
    BLOCK = 64 << 10,
    SMALL_PART = 64 << 20,     /* workbook, relations, styles: unpacked */
    TOKEN_MOST = 32 << 20,     /* XML that is one piece */
    ROWS_MOST = 1048576,       /* as Excel */
    STYLES_MOST = 65536,
    DAYS_1900 = 25569,         /* serial number of 1970-01-01 */
    DAYS_1904 = 24107,
};
#define STRINGS_MOST ((uint64_t)512 << 20) /* shared strings, unpacked */
#define SHEET_MOST ((uint64_t)4 << 30)     /* the sheet, unpacked */

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_INLINE, CELL_BOOL };

struct sheet {
    str name, relation, path;
    bool hidden;
    uint64_t bytes;
};

struct xlsx {
    struct arena arena;
    char *path;
    unzFile zip;
    bool entry_open;
    XML_Parser xml;
    const char *sheet_name; /* that is read */
    struct sheet *sheets;
    size_t n_sheets, cap_sheets;
    str *strings;
    size_t n_strings, cap_strings;
    bool *is_date; /* by style of a cell */
    size_t n_styles, cap_styles;
    struct date_format {
        int64_t id;
        bool is_date;
    } *formats;
    size_t n_formats, cap_formats;
    bool since_1904;
    /* parsing */
    struct buf text; /* of the element being read */
    bool in_text, in_phonetic, in_cell_formats, failed;
    struct err *e;
    char block[BLOCK];
    uint64_t fed, most;
    /* the sheet */
    struct buf out;
    size_t out_at;
    bool ended;
    uint64_t row;                /* being read; rows above are written */
    size_t column, written, width; /* of the cell; cells of the row so far; of the widest row */
    enum cell_type type;
    size_t style;
};

/* ---- faults ---- */

static bool fault(struct xlsx *x, const char *what)
{
    if (x->failed)
        return false;
    x->failed = true;
    if (x->xml)
        XML_StopParser(x->xml, XML_FALSE);
    err_set(x->e, ERR_INVALID, "%s: %s", x->path, what);
    return err_hint(x->e,
                    "Open the workbook and save it again as .xlsx, or save the sheet as CSV.");
}

/* ---- parts ---- */

static bool open_part(struct xlsx *x, str path, uint64_t most, bool *ret_found)
{
    char name[512];
    unz_file_info64 info;
    int n = snprintf(name, sizeof name, "%.*s", FMT(path));
    *ret_found = false;
    if (n < 0 || n >= (int)sizeof name || unzLocateFile(x->zip, name, 2) != UNZ_OK)
        return true;
    if (unzGetCurrentFileInfo64(x->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
        return fault(x, "is a damaged workbook");
    if (info.flag & 1)
        return fault(x, "is a workbook protected by a password");
    if (info.uncompressed_size > most)
        return fault(x, "is a workbook larger than any that is read");
    if (unzOpenCurrentFile(x->zip) != UNZ_OK)
        return fault(x, "is a damaged workbook");
    x->entry_open = true;
    x->fed = 0;
    x->most = most;
    *ret_found = true;
    return true;
}

static void XMLCALL refuse_doctype(void *ctx, const char *name, const char *system,
                                   const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    fault(ctx, "is a workbook with a document type, which none needs");
}

static void XMLCALL add_text(void *ctx, const char *s, int n)
{
    struct xlsx *x = ctx;
    if (!x->in_text || x->in_phonetic)
        return;
    buf_add(&x->text, (str){s, (size_t)n});
    if (buf_overflow(&x->text))
        fault(x, "has a cell that is too large");
}

static bool start_xml(struct xlsx *x, XML_StartElementHandler start, XML_EndElementHandler end)
{
    x->xml = XML_ParserCreate(NULL);
    if (!x->xml)
        out_of_memory(sizeof *x);
    XML_SetUserData(x->xml, x);
    XML_SetElementHandler(x->xml, start, end);
    XML_SetCharacterDataHandler(x->xml, add_text);
    XML_SetStartDoctypeDeclHandler(x->xml, refuse_doctype);
    buf_clear(&x->text);
    x->in_text = x->in_phonetic = false;
    return true;
}

static void stop_xml(struct xlsx *x)
{
    if (x->xml)
        XML_ParserFree(x->xml);
    x->xml = NULL;
    if (x->entry_open)
        unzCloseCurrentFile(x->zip);
    x->entry_open = false;
}

/* One block through the parser; *ret_end: the part ended. */
static bool feed(struct xlsx *x, bool *ret_end)
{
    int n = unzReadCurrentFile(x->zip, x->block, BLOCK);
    if (n < 0)
        return fault(x, "is a damaged workbook: a part does not unpack");
    x->fed += (uint64_t)n;
    if (x->fed > x->most)
        return fault(x, "is a workbook larger than any that is read");
    *ret_end = n == 0;
    if (n == 0) {
        int closed = unzCloseCurrentFile(x->zip);
        x->entry_open = false;
        if (closed != UNZ_OK)
            return fault(x, "is a damaged workbook: a checksum is wrong");
    }
    if (XML_Parse(x->xml, x->block, n, n == 0) != XML_STATUS_OK && !x->failed) {
        char text[200];
        snprintf(text, sizeof text, "is a damaged workbook: line %lu of its XML: %s",
                 XML_GetCurrentLineNumber(x->xml), XML_ErrorString(XML_GetErrorCode(x->xml)));
        return fault(x, text);
    }
    XML_Index at = XML_GetCurrentByteIndex(x->xml);
    if (!x->failed && at >= 0 && x->fed > (uint64_t)at + TOKEN_MOST)
        return fault(x, "is a workbook with a piece of XML that is too large");
    return !x->failed;
}

/* All of a part; a part that is not there is an empty one. */
static bool parse_part(struct xlsx *x, str path, uint64_t most, XML_StartElementHandler start,
                       XML_EndElementHandler end)
{
    bool found, ended = false;
    if (!open_part(x, path, most, &found))
        return false;
    if (!found)
        return true;
    bool ok = start_xml(x, start, end);
    while (ok && !ended)
        ok = feed(x, &ended);
    stop_xml(x);
    return ok;
}

/* "t" of "x:t". */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static str attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local(attributes[i]), name) == 0)
            return str_of(attributes[i + 1]);
    return STR_NONE;
}

/* ---- workbook ---- */

static void XMLCALL workbook_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    if (strcmp(local(name), "workbookPr") == 0) {
        str v = attribute(attributes, "date1904");
        x->since_1904 = str_eq(v, S("1")) || str_eq(v, S("true"));
    }
    if (strcmp(local(name), "sheet") != 0)
        return;
    struct sheet s = {.name = str_dup(&x->arena, attribute(attributes, "name"))};
    /* "id" of the relation, not "sheetId" */
    s.relation = str_dup(&x->arena, attribute(attributes, "id"));
    str state = attribute(attributes, "state");
    s.hidden = state.n && !str_eq(state, S("visible"));
    x->sheets = arena_grow(&x->arena, x->sheets, sizeof *x->sheets, &x->cap_sheets,
                           x->n_sheets + 1);
    x->sheets[x->n_sheets++] = s;
}

static void XMLCALL relation_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    if (strcmp(local(name), "Relationship") != 0)
        return;
    str id = attribute(attributes, "Id"), target = attribute(attributes, "Target");
    for (size_t i = 0; i < x->n_sheets; i++)
        if (str_eq(x->sheets[i].relation, id))
            x->sheets[i].path = target.n && target.p[0] == '/'
                                    ? str_dup(&x->arena, str_sub(target, 1, target.n))
                                    : str_fmt(&x->arena, "xl/%.*s", FMT(target));
}

static void XMLCALL no_end(void *ctx, const char *name)
{
    (void)ctx, (void)name;
}

/* The largest visible sheet; of equal ones the first. */
static const struct sheet *choose_sheet(struct xlsx *x)
{
    struct sheet *best = NULL;
    for (size_t i = 0; i < x->n_sheets; i++) {
        struct sheet *s = &x->sheets[i];
        unz_file_info64 info;
        if (s->hidden || !s->path.n ||
            unzLocateFile(x->zip, str_cstr(&x->arena, s->path), 2) != UNZ_OK ||
            unzGetCurrentFileInfo64(x->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
            continue;
        s->bytes = info.uncompressed_size;
        if (!best || s->bytes > best->bytes)
            best = s;
    }
    return best;
}

/* ---- shared strings ---- */

static void XMLCALL strings_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    (void)attributes;
    name = local(name);
    if (strcmp(name, "si") == 0)
        buf_clear(&x->text);
    x->in_phonetic |= strcmp(name, "rPh") == 0;
    x->in_text |= strcmp(name, "t") == 0;
}

static void XMLCALL strings_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    name = local(name);
    if (strcmp(name, "t") == 0)
        x->in_text = false;
    if (strcmp(name, "rPh") == 0)
        x->in_phonetic = false;
    if (strcmp(name, "si") != 0)
        return;
    x->strings = arena_grow(&x->arena, x->strings, sizeof *x->strings, &x->cap_strings,
                            x->n_strings + 1);
    x->strings[x->n_strings++] = str_dup(&x->arena, buf_str(&x->text));
}

/* ---- styles ---- */

static bool is_date_code(str code)
{
    bool time = false;
    for (size_t i = 0; i < code.n; i++) {
        char c = (char)(code.p[i] | 32);
        if (code.p[i] == '"' || code.p[i] == '[') {
            size_t end = str_find_char(code, code.p[i] == '"' ? '"' : ']', i + 1);
            if (end == SIZE_MAX)
                return false;
            i = end;
        } else if (code.p[i] == '\\' || code.p[i] == '_' || code.p[i] == '*') {
            i++;
        } else if (c == 'y' || c == 'd') {
            return true;
        } else if (c == 'h' || c == 's') {
            time = true;
        }
    }
    return time;
}

static bool is_date_format(const struct xlsx *x, int64_t id)
{
    for (size_t i = 0; i < x->n_formats; i++)
        if (x->formats[i].id == id)
            return x->formats[i].is_date;
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static void XMLCALL styles_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    int64_t id;
    name = local(name);
    x->in_cell_formats |= strcmp(name, "cellXfs") == 0;
    if (strcmp(name, "numFmt") == 0 && str_to_i64(attribute(attributes, "numFmtId"), &id) &&
        x->n_formats < STYLES_MOST) {
        x->formats = arena_grow(&x->arena, x->formats, sizeof *x->formats, &x->cap_formats,
                                x->n_formats + 1);
        x->formats[x->n_formats++] =
            (struct date_format){id, is_date_code(attribute(attributes, "formatCode"))};
    }
    if (strcmp(name, "xf") == 0 && x->in_cell_formats && x->n_styles < STYLES_MOST) {
        if (!str_to_i64(attribute(attributes, "numFmtId"), &id))
            id = 0;
        x->is_date = arena_grow(&x->arena, x->is_date, sizeof *x->is_date, &x->cap_styles,
                                x->n_styles + 1);
        x->is_date[x->n_styles++] = is_date_format(x, id);
    }
}

static void XMLCALL styles_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    if (strcmp(local(name), "cellXfs") == 0)
        x->in_cell_formats = false;
}

/* ---- cells ---- */

static void write_quoted(struct buf *out, str s)
{
    bool plain = true;
    for (size_t i = 0; i < s.n && plain; i++)
        plain = s.p[i] != ',' && s.p[i] != '"' && s.p[i] != '\n' && s.p[i] != '\r';
    if (plain) {
        buf_add(out, s);
        return;
    }
    buf_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_addc(out, '"');
        buf_addc(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
    }
    buf_addc(out, '"');
}

/* digits * 10^power, without an exponent where that is not absurd. */
static void write_digits(struct buf *out, bool minus, str digits, int64_t power)
{
    if (minus)
        buf_addc(out, '-');
    int64_t point = (int64_t)digits.n + power;
    if (power >= 0 && point <= 40) {
        buf_add(out, digits);
        buf_fill(out, '0', (size_t)power);
    } else if (power < 0 && point > 0) {
        buf_add(out, str_sub(digits, 0, (size_t)point));
        buf_addc(out, '.');
        buf_add(out, str_sub(digits, (size_t)point, digits.n));
    } else {
        buf_fmt(out, "%.*se%lld", FMT(digits), (long long)power);
    }
}

/* A number of at most 15 significant digits; more are what binary fractions leave behind: 12.3 is
 * stored as 12.300000000000001. False: not written like a number, left as it is. */
static bool write_number(struct buf *out, str s)
{
    char digits[400];
    size_t n = 0, at = 0, point = SIZE_MAX;
    bool minus = s.n && s.p[0] == '-';
    int64_t power = 0;
    for (at = minus; at < s.n && (s.p[at] | 32) != 'e'; at++) {
        if (s.p[at] == '.' && point == SIZE_MAX)
            point = n;
        else if (s.p[at] >= '0' && s.p[at] <= '9' && n < sizeof digits)
            digits[n++] = s.p[at];
        else
            return false;
    }
    str exponent = str_sub(s, at + 1, s.n);
    if (exponent.n && exponent.p[0] == '+')
        exponent = str_sub(exponent, 1, exponent.n);
    if (!n || (at < s.n && !str_to_i64(exponent, &power)) || power > 400 || power < -400)
        return false;
    if (point == SIZE_MAX)
        point = n;
    size_t first = 0;
    while (first < n && digits[first] == '0')
        first++;
    if (n - first <= 15) {
        buf_add(out, s);
        return true;
    }
    size_t last = first + 15;
    bool up = digits[last] >= '5';
    for (size_t i = last; up && i-- > first;) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
    power += (int64_t)point - (int64_t)last; /* of the last digit kept */
    if (up) { /* 9.99... became 10 */
        digits[first] = '1';
        power++;
    }
    for (; last > first + 1 && digits[last - 1] == '0'; power++)
        last--;
    write_digits(out, minus, (str){digits + first, last - first}, power);
    return true;
}

static void write_date(const struct xlsx *x, struct buf *out, str s)
{
    double serial;
    if (!str_to_double(s, &serial) || serial < 0 || serial > 2958466) {
        write_quoted(out, s);
        return;
    }
    int64_t seconds = (int64_t)(serial * 86400 + 0.5);
    if (serial < 1) { /* a time of day */
        buf_fmt(out, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                (int)(seconds % 60));
        return;
    }
    int64_t base = x->since_1904 ? DAYS_1904 : DAYS_1900;
    if (!x->since_1904 && serial < 60)
        seconds += 86400; /* Excel's 1900 has a 29 February */
    char date[DATE_TEXT];
    day d = (day)(seconds / 86400 - base);
    buf_add(out, date_format(d, date));
    int clock = (int)(seconds % 86400);
    if (clock)
        buf_fmt(out, " %02d:%02d:%02d", clock / 3600, clock / 60 % 60, clock % 60);
}

/* ---- the sheet ---- */

/* "BC12": column 54 (from 0), row 12. */
static bool parse_place(str s, size_t *ret_column, uint64_t *ret_row)
{
    size_t column = 0, i = 0;
    for (; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z' && i < 4; i++)
        column = column * 26 + (size_t)(s.p[i] - 'A') + 1;
    if (!i || !str_to_u64(str_sub(s, i, s.n), ret_row))
        return false;
    *ret_column = column - 1;
    return true;
}

static void end_row(struct xlsx *x)
{
    if (x->written) {
        x->width = MAX(x->width, x->written);
        for (size_t i = x->written; i < x->width; i++)
            buf_addc(&x->out, ',');
    }
    buf_addc(&x->out, '\n');
    x->written = 0;
}

static void begin_row(struct xlsx *x, const char **attributes)
{
    str r = attribute(attributes, "r");
    uint64_t row = x->row + 1;
    if (r.n && (!str_to_u64(r, &row) || row <= x->row || row > ROWS_MOST)) {
        fault(x, "is a damaged workbook: its rows are not in order");
        return;
    }
    for (; x->row + 1 < row; x->row++)
        buf_addc(&x->out, '\n');
    x->row = row;
    x->column = SIZE_MAX;
}

static void begin_cell(struct xlsx *x, const char **attributes)
{
    str place = attribute(attributes, "r"), type = attribute(attributes, "t");
    uint64_t row, style = 0;
    size_t column = x->column + 1; /* SIZE_MAX + 1 is 0 */
    if (place.n && (!parse_place(place, &column, &row) ||
                    (x->column != SIZE_MAX && column <= x->column))) {
        fault(x, "is a damaged workbook: its cells are not in order");
        return;
    }
    if (column >= LIMIT_COLUMNS) {
        fault(x, "has a sheet with too many columns");
        return;
    }
    x->column = column;
    x->type = str_eq(type, S("s"))           ? CELL_SHARED
              : str_eq(type, S("inlineStr")) ? CELL_INLINE
              : str_eq(type, S("b"))         ? CELL_BOOL
              : !type.n || str_eq(type, S("n")) ? CELL_NUMBER
                                                : CELL_TEXT; /* str, e, d */
    if (attribute(attributes, "s").n && !str_to_u64(attribute(attributes, "s"), &style))
        style = 0;
    x->style = style;
    buf_clear(&x->text);
}

static void write_cell(struct xlsx *x)
{
    str s = buf_str(&x->text);
    uint64_t index;
    if (x->type == CELL_SHARED) {
        if (!s.n)
            return;
        if (!str_to_u64(s, &index) || index >= x->n_strings) {
            fault(x, "is a damaged workbook: a cell has a text that is not there");
            return;
        }
        s = x->strings[index];
    }
    if (!s.n)
        return;
    for (; x->written <= x->column; x->written++)
        if (x->written)
            buf_addc(&x->out, ',');
    if (x->type == CELL_BOOL)
        buf_add(&x->out, str_eq(s, S("1")) ? S("TRUE") : S("FALSE"));
    else if (x->type != CELL_NUMBER)
        write_quoted(&x->out, s);
    else if (x->style < x->n_styles && x->is_date[x->style])
        write_date(x, &x->out, s);
    else if (!write_number(&x->out, s))
        write_quoted(&x->out, s);
}

static void XMLCALL sheet_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    name = local(name);
    if (x->failed)
        return;
    if (strcmp(name, "row") == 0)
        begin_row(x, attributes);
    else if (strcmp(name, "c") == 0)
        begin_cell(x, attributes);
    else if (strcmp(name, "rPh") == 0)
        x->in_phonetic = true;
    else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && x->type == CELL_INLINE))
        x->in_text = true;
}

static void XMLCALL sheet_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    name = local(name);
    if (x->failed)
        return;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        x->in_text = false;
    else if (strcmp(name, "rPh") == 0)
        x->in_phonetic = false;
    else if (strcmp(name, "c") == 0 && x->row)
        write_cell(x);
    else if (strcmp(name, "row") == 0)
        end_row(x);
}

/* ---- doors ---- */

static bool open_workbook(struct xlsx *x)
{
    bool found;
    if (!parse_part(x, S("xl/workbook.xml"), SMALL_PART, workbook_start, no_end) ||
        !parse_part(x, S("xl/_rels/workbook.xml.rels"), SMALL_PART, relation_start, no_end) ||
        !parse_part(x, S("xl/styles.xml"), SMALL_PART, styles_start, styles_end) ||
        !parse_part(x, S("xl/sharedStrings.xml"), STRINGS_MOST, strings_start, strings_end))
        return false;
    const struct sheet *s = choose_sheet(x);
    if (!s)
        return fault(x, "is a workbook without a visible sheet");
    x->sheet_name = str_cstr(&x->arena, s->name);
    if (!open_part(x, s->path, SHEET_MOST, &found))
        return false;
    return found && start_xml(x, sheet_start, sheet_end);
}

bool xlsx_open(const char *path, struct xlsx **ret, struct err *e)
{
    *ret = NULL;
    unzFile zip = unzOpen64(path);
    if (!zip || unzLocateFile(zip, "xl/workbook.xml", 2) != UNZ_OK) {
        if (zip)
            unzClose(zip);
        return true; /* some other archive: whoever reads it says so */
    }
    struct xlsx *x = calloc(1, sizeof *x);
    if (!x || !(x->path = strdup(path)))
        out_of_memory(sizeof *x);
    x->zip = zip;
    x->e = e;
    buf_init(&x->text, LIMIT_FIELD_BYTES);
    buf_init(&x->out, SIZE_MAX);
    if (!open_workbook(x)) {
        xlsx_close(x);
        return false;
    }
    *ret = x;
    return true;
}

bool xlsx_read(struct xlsx *x, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    size_t n = 0;
    x->e = e;
    while (n < cap) {
        size_t had = MIN(cap - n, x->out.n - x->out_at);
        if (had)
            memcpy(to + n, x->out.p + x->out_at, had);
        n += had;
        x->out_at += had;
        if (n == cap || x->ended)
            break;
        buf_clear(&x->out);
        x->out_at = 0;
        if (!feed(x, &x->ended))
            return false;
    }
    *ret_n = n;
    return true;
}

const char *xlsx_sheet(const struct xlsx *x, size_t *ret_sheets)
{
    *ret_sheets = x->n_sheets;
    return x->sheet_name;
}

void xlsx_close(struct xlsx *x)
{
    if (!x)
        return;
    stop_xml(x);
    unzClose(x->zip);
    buf_release(&x->text);
    buf_release(&x->out);
    arena_release(&x->arena);
    free(x->path);
    free(x);
}
