/* share_files.h - what is embedded: SHARED(symbol, file). Read by base/share.c; share/embed.S has a
 * line for each. */
SHARED(book_001, "001_book.sql")
SHARED(book_002, "002_baseline.sql")
SHARED(book_003, "003_tracking.sql")
SHARED(book_004, "004_reconcile.sql")
SHARED(book_005, "005_value.sql")
SHARED(book_plan, "book/plan.yaml")
SHARED(book_rules, "book/rules.yaml")
SHARED(prices, "prices.csv")
SHARED(example_plan, "example/plan.yaml")
SHARED(example_rules, "example/rules.yaml")
SHARED(readme, "README.md")
SHARED(ai_services, "ai_services.csv")
