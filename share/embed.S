/* embed.S - the bytes of the files named in share_files.h. */
#include "share_stamp.h"
#define EMBED(symbol, file) \
    .global share_##symbol; \
    .global share_##symbol##_end; \
    share_##symbol: .incbin file; \
    share_##symbol##_end: .byte 0;

    .section .rodata
EMBED(book_001, "001_book.sql")
EMBED(book_002, "002_baseline.sql")
EMBED(book_003, "003_tracking.sql")
EMBED(book_004, "004_reconcile.sql")
EMBED(book_005, "005_value.sql")
EMBED(book_006, "006_private.sql")
EMBED(book_007, "007_alerts.sql")
EMBED(plain_words, "plain_words.txt")
EMBED(book_plan, "book/plan.yaml")
EMBED(book_rules, "book/rules.yaml")
EMBED(prices, "prices.csv")
EMBED(ai_services, "ai_services.csv")
EMBED(example_plan, "example/plan.yaml")
EMBED(example_rules, "example/rules.yaml")
EMBED(readme, "README.md")
    .section .note.GNU-stack, "", @progbits
