/* limits.h - the stated limit of every input, so that nothing a user supplies can exhaust memory.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_YAML_BYTES (4u << 20)      /* one plan, rules or map file */
#define LIMIT_YAML_NODES 400000u         /* nodes of one file */
#define LIMIT_YAML_DEPTH 64u             /* nesting */
#define LIMIT_JSON_DEPTH 64u             /* nesting of one JSON document */
#define LIMIT_JSON_BYTES (256u << 20)    /* one JSON document (a page of an API) */
#define LIMIT_JSON_VALUES 20000000u      /* values of one JSON document */
#define LIMIT_LINE_BYTES (64u << 20)     /* one record of a CSV or JSON-lines file */
#define LIMIT_COLUMNS 4096u              /* columns of a table */
#define LIMIT_FIELD_BYTES (16u << 20)    /* one field of a record */
#define LIMIT_FILES 100000u              /* files named in one import */
#define LIMIT_RULES 20000u               /* classification rules, built-in and own */
#define LIMIT_DIAGS 100u                 /* faults reported of one file */
#define LIMIT_PRICES 200000u             /* rows of one price file */
#define LIMIT_RATES 2000000u             /* rows of one exchange rate file */
#define LIMIT_SMALL_FILE (64u << 20)     /* rates, prices, rules: files read whole */
#define LIMIT_SERIES_FILE (512u << 20)   /* one file of series to forecast, read whole */
#define LIMIT_SERIES_ROWS 20000000u      /* rows of it */

#endif
