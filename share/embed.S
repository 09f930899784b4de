/* embed.S - the bytes of the files named in share_files.h. */
#define EMBED(symbol, file) \
    .global share_##symbol; \
    .global share_##symbol##_end; \
    share_##symbol: .incbin file; \
    share_##symbol##_end: .byte 0;

    .section .rodata
EMBED(example_plan, "example/plan.yaml")
EMBED(readme, "README.md")
    .section .note.GNU-stack, "", @progbits
