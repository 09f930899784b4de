/* share_files.h - what is embedded: SHARED(symbol, file). Read by base/share.c; share/embed.S has a
 * line for each. */
SHARED(example_plan, "example/plan.yaml")
SHARED(readme, "README.md")
