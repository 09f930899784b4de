#!/usr/bin/env python3
"""Runs the commands of a page of documentation and compares what they print with the page.

    tools/example/tutorial.py [--bless] PAGE.md [BOOK-FOLDER]

Blocks fenced as ```console hold commands behind "$ " and the output that follows. They run in one
shell session after another, from the top folder of the project, with the page's own book folder
(mybook) replaced by BOOK-FOLDER. --bless rewrites the page with what was printed.
"""
import difflib
import os
import re
import subprocess
import sys

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BLOCK = re.compile(r"```console\n(.*?)```\n", re.S)


def run(commands, book):
    """Output of each command, standard error with it; an exported variable lasts."""
    marks = "".join("%s\nprintf '\\036'\n" % c.replace("mybook", book) for c in commands)
    done = subprocess.run(["sh"], input=marks, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=TOP, text=True, check=False)
    return [x.replace(book, "mybook") for x in done.stdout.split("\036")[:len(commands)]]


def rendered(text, book):
    blocks = [re.findall(r"^\$ (.*)$", b, re.M) for b in BLOCK.findall(text)]
    outputs = run([c for b in blocks for c in b], book)
    commands = iter([c for b in blocks for c in b])
    results = iter(outputs)

    def block(match):
        out = "```console\n"
        for _ in re.findall(r"^\$ ", match.group(1), re.M):
            lines = next(results, "(nothing: an earlier command ended the shell)\n")
            lines = re.sub(r"[ \t]+$", "", lines, flags=re.M)
            out += "$ %s\n%s" % (next(commands), lines)
            if not out.endswith("\n"):
                out += "\n"
        return out + "```\n"
    return BLOCK.sub(block, text)


def main():
    args = [a for a in sys.argv[1:] if a != "--bless"]
    if not 1 <= len(args) <= 2:
        sys.exit(__doc__)
    book = os.path.abspath(args[1] if len(args) == 2 else "mybook")
    with open(args[0], encoding="utf-8") as f:
        text = f.read()
    new = rendered(text, book)
    if "--bless" in sys.argv:
        with open(args[0], "w", encoding="utf-8") as f:
            f.write(new)
        return 0
    diff = list(difflib.unified_diff(text.splitlines(), new.splitlines(), "page", "run",
                                     lineterm=""))
    print("\n".join(diff) if diff else "the page is true")
    return 1 if diff else 0


if __name__ == "__main__":
    sys.exit(main())
