/* importer.h - what a format is: one self-describing table entry per file, and what they share.
 *
 * A format is found by content: every importer bids 0-100 on the head of a file by what it verified
 * there, the best bid wins, a tie or a best bid under 20 is an error that lists the bids. `--as
 * NAME` skips the bidding. To add a format: one file with one `const struct importer`, one line in
 * importers.c, one sample under tests/samples/NAME/. */
#ifndef INGEST_IMPORTER_H
#define INGEST_IMPORTER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "store/spend.h"

enum file_shape {
    SHAPE_TABLE, /* delimited text */
    SHAPE_PARQUET,
    SHAPE_JSON,
    SHAPE_JSON_LINES,
    SHAPE_UNKNOWN,
};

/* What a bid may look at. */
struct probe {
    str path;
    enum file_shape shape;
    str head;          /* first 64 KiB, unpacked; empty for Parquet */
    /* SHAPE_TABLE, SHAPE_PARQUET: header cells; JSON: dotted keys of the first record */
    const str *names;
    size_t n_names;
    const str *sample; /* SHAPE_TABLE: cells of the record behind the header; NULL: none */
    size_t n_sample;
    size_t skip_lines; /* SHAPE_TABLE: title lines above that header */
    const struct err *fault; /* SHAPE_TABLE: why the first line is no header; NULL: it is one */
    struct arena *arena;     /* all of the above lives there */
    const struct json *first; /* JSON: the document, or the first of the lines; NULL when cut off */
};
bool probe_has(const struct probe *p, const char *name); /* a header cell, case-insensitive */
/* Whether a column has a name but for case, blanks, '/', '_', '-' and '.', also when the name
 * stands in parentheses behind that of another language: "Kosten (Cost)". */
bool names_alike(str column, str name);
/* The same by names_alike. */
bool probe_has_loose(const struct probe *p, const char *name);
/* How many of a NULL-terminated list of names the header has, loosely. */
int probe_count(const struct probe *p, const char *const *names);

/* Whether a format's count of input tokens already contains cached ones. */
enum token_convention {
    TOKENS_NOT_GIVEN,
    INPUT_EXCLUDES_CACHE,          /* Anthropic: input + reads + writes = all input */
    INPUT_INCLUDES_READS,          /* input - reads = uncached */
    INPUT_INCLUDES_READS_WRITES,   /* OpenAI: input - reads - writes = uncached */
};

/* Where a column of a table goes. F_TEXT + SPEND_x for text columns; F_RAW + k for cells that only
 * the importer's row hook reads. */
enum field {
    F_DAY, F_PERIOD, F_BILLED, F_EFFECTIVE, F_LIST, F_QUANTITY, F_CURRENCY,
    F_TOKENS, /* + token_bucket */
    F_REQUESTS = F_TOKENS + TOKEN_BUCKETS,
    F_BATCH,
    F_TAG,    /* the column becomes a tag named like the column */
    F_TEXT,   /* + spend_text */
    F_RAW = F_TEXT + SPEND_TEXTS,
    F_RAW_MAX = F_RAW + 48,
};

enum column_flags {
    COL_REQUIRED = 1, /* the header must have it */
    COL_LOOSE = 2,    /* amounts may be written "$10,100.00 " */
    COL_NOT_EMPTY = 4, /* every row must have a value */
    COL_UNIX = 8,     /* a moment may be a Unix time in seconds, ms, us or ns, told apart by size */
};

struct import_column {
    int field;              /* enum field, plus offsets */
    unsigned flags;
    /* Aliases, compared without case; the first present one wins. A text field may have several
     * entries: a later one fills what an earlier one left empty. F_TAG names may end in '*'. */
    const char *names[8];
};

struct table_plan; /* columns of one file, see table.h */
struct table_row; /* the raw cells of one record, see table.h */

/* Receives the rows of a document. False stops reading. */
struct row_sink {
    void *ctx;
    bool (*emit)(void *ctx, struct spend_row *row, struct err *e);
    struct arena *scratch; /* for text of the row being emitted; reset by the sink now and then */
    /* What the user should know about the file apart from errors; put behind "FILE: ", so it starts
     * in lower case and ends with a full stop. NULL: nobody listens. The text lives for the call.
     */
    void (*note)(void *ctx, str text);
    /* Whether the record with this identity is the first of the whole import: session logs repeat
     * what earlier files hold. NULL: only the file itself is looked at. */
    bool (*claim)(void *ctx, str identity);
    /* Memory of the whole import under an identity: `size` bytes, zeroed when *ret_new. Only for
     * importers with `in_order`. NULL: as for claim. */
    void *(*remember)(void *ctx, str identity, size_t size, bool *ret_new);
};

struct document {
    str path;
    enum file_shape shape;
    str text; /* SHAPE_JSON: all of it; SHAPE_JSON_LINES: NULL, use document_line */
    void *lines;
    const char *read_as; /* SHAPE_JSON: as bytes_read_as says; NULL: lines, or from memory */
};
/* The next line of a JSON-lines file (blank ones skipped), parsed into `a`; *ret NULL at the end.
 * */
MUST_CHECK bool document_line(struct document *d, struct arena *a, const struct json **ret,
                              uint64_t *ret_line, struct err *e);

/* What the user says about the files of an import beyond their content. Empty: nothing. */
struct import_options {
    str as;       /* importer by name: no bidding */
    str map_path; /* mapping file: mapped_csv.h */
    str model, provider, account; /* of rows that do not say */
    day start;    /* day at which relative times start; DAY_NONE */
    currency currency; /* the book's: of files that state none */
    const struct unit_rate *rates; /* of usage in units of a vendor's own: unit_rate.h */
    size_t n_rates;
};

struct importer {
    const char *name;     /* "focus": for --as */
    const char *title;    /* "FOCUS 1.0-1.4 (and 1.5 draft AI keys)" */
    const char *summary;  /* one sentence for help */
    const char *provider; /* put on rows that do not say; may be NULL */
    unsigned shapes;      /* bits 1 << enum file_shape */
    enum token_convention tokens;
    int money_exponent;   /* amounts are in 10^this of the currency: 0 dollars, -2 cents */
    enum date_order dates;
    /* Of formats that state none; NULL: the file must say, or the book's is used with a note. */
    const char *currency;
    const char *tag_prefix; /* removed from the keys of tags ("user" of "user:team"); may be NULL */
    int (*bid)(const struct probe *p);

    /* Tables, and JSON without a `read`: every record is a row of the table whose columns are the
     * dotted keys ("usage.input"); nested values are JSON text. */
    const struct import_column *columns;
    size_t n_columns;
    bool loose_names; /* columns are found blind to case, blanks, '/', '_', '-' and '.' */
    /* Records depend on what stands above them, may be shorter or longer than the header, and the
     * header may have titles above it: one worker reads them in order, see table_state. */
    bool ordered;
    /* of files without a header, NULL-terminated; they are ordered */
    const char *const *fixed_names;
    /* Called once the header is read: what the file lacks and options do not give. NULL: nothing.
     * */
    bool (*check)(const struct table_plan *t, struct err *e);
    /* Called on each row after its columns were read; may change it. *ret_skip drops the row (an
     * empty day, a total line). NULL: nothing to add. */
    bool (*row)(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e);

    /* documents */
    /* Files are read one at a time in the order given; JSON lines always are. */
    bool in_order;
    /* Name of a format that counts the same usage: files of both in one import are refused. NULL:
     * none. */
    const char *repeats;
    bool (*read)(struct document *d, const struct row_sink *sink, struct err *e);
};

extern const struct importer *const importers[]; /* NULL-terminated */
const struct importer *importer_by_name(str name);

/* The best bidder. Of a table whose first line nobody knows the first line that someone does
 * becomes the header. */
MUST_CHECK bool importer_find(struct probe *p, const struct importer **ret, struct err *e);


#endif
