/* table_int.h - a compiled plan, as table_plan.c makes it and table.c applies it. */
#ifndef INGEST_TABLE_INT_H
#define INGEST_TABLE_INT_H

#include "ingest/table.h"

enum op { OP_DAY, OP_PERIOD, OP_MONEY, OP_QUANTITY, OP_CURRENCY, OP_COUNT, OP_BATCH, OP_TEXT,
          OP_TEXT_MORE, OP_TAGS };

struct step {
    uint8_t op, flags;
    uint16_t to; /* field, bucket or spend_text */
    uint32_t cell;
};

struct tag_column {
    str key;
    uint32_t cell;
};

struct filter {
    uint32_t cell;
    str pattern;
    bool unless;
};

struct table_plan {
    struct arena *arena;
    struct table_spec spec;
    const str *names;
    size_t n_names;
    uint32_t *columns; /* header index by cell */
    size_t n_columns, cap_columns;
    struct step *steps;
    size_t n_steps, cap_steps;
    struct tag_column *tags;
    size_t n_tags, cap_tags;
    struct filter *filters;
    uint32_t field_cell[F_RAW_MAX]; /* TABLE_NO_CELL: absent */
    struct spend_row blank; /* constants in place */
    str personal;
};

#endif
