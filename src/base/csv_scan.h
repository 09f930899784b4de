/* csv_scan.h - where the records of a block of delimited text end: shared by csv.c and its
 * scanners.
 *
 * A block starts where a record starts, so outside quotes. Every 64 bytes give one mask whose bits
 * are the delimiters and line ends outside quotes (low bit first). The bulk scanners rely on quotes
 * standing only where RFC 4180 puts them; where one does not, they say `odd` and the lenient
 * scanner, which follows a field's state byte by byte, decides. */
#ifndef BASE_CSV_SCAN_H
#define BASE_CSV_SCAN_H

#include "base/base.h"

struct csv_masks {
    uint64_t *separators; /* per 64 bytes, a mask */
    uint64_t *doubled;    /* per 64 bytes, a bit: a cell in there may need unquoting */
};

struct csv_scan {
    size_t end;          /* behind the last line end outside quotes; 0: there is none */
    uint64_t lines;      /* line ends of any kind before `end` */
    uint64_t line_masks; /* line ends outside quotes before `end` */
    size_t separators;   /* bits in all masks */
    bool line_in_quotes; /* some line end is inside quotes */
    bool odd;            /* a quote stands where only the lenient scanner knows what it means */
    bool inside;         /* the block ends inside quotes */
    bool high;           /* some byte is over 0x7f */
    bool nul;            /* some byte is 0 */
};

/* masks has room for n / 64 + 1 masks and as many bits. */
typedef void csv_scanner(const char *p, size_t n, char delimiter, struct csv_masks masks,
                         struct csv_scan *ret);

/* Byte by byte: the reference, and what decides about quotes in odd places. Never `odd`. */
void csv_scan_lenient(const char *p, size_t n, char delimiter, struct csv_masks masks,
                      struct csv_scan *ret);
/* The end of the first record, behind its line end, and how many fields it has; 0: no end. */
size_t csv_first_record(const char *p, size_t n, char delimiter, size_t *ret_fields);
/* AVX2 and PCLMULQDQ; only when csv_scan_avx2_usable(). */
void csv_scan_avx2(const char *p, size_t n, char delimiter, struct csv_masks masks,
                   struct csv_scan *ret);
bool csv_scan_avx2_usable(void);

/* Offsets of the bits of n masks; `to` has room for all and 64 more. Returns how many. */
typedef size_t csv_flattener(const uint64_t *masks, size_t n, uint32_t *to);
size_t csv_flatten(const uint64_t *masks, size_t n, uint32_t *to);
size_t csv_flatten_avx2(const uint64_t *masks, size_t n, uint32_t *to); /* when usable */

#endif
