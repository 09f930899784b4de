/* share_files.h - what is embedded: SHARED(symbol, file). Read by base/share.c; share/embed.S has a
 * line for each. */
SHARED(prices, "prices.csv")
SHARED(readme, "README.md")
