"""Evaluations of the support assistant: 2,400 replies of last spring, written by both models and read
by people at the support desk, who accepted them or did not. What share each class has, how hard its
questions are and how long, is made up."""
import hashlib

from common import SEED

CLASSES = [  # name, share, strong accepted, weak accepted, in, out tokens
    ("where is it", 0.24, 0.965, 0.955, 3600, 210),
    ("opening hours", 0.07, 0.980, 0.980, 2900, 120),
    ("change delivery", 0.14, 0.940, 0.915, 4700, 320),
    ("invoice copy", 0.09, 0.960, 0.950, 3900, 180),
    ("invoice dispute", 0.07, 0.840, 0.660, 6900, 640),
    ("damage claim", 0.10, 0.860, 0.730, 6200, 590),
    ("customs papers", 0.08, 0.850, 0.700, 7400, 720),
    ("book a pickup", 0.11, 0.950, 0.945, 4300, 330),
    ("password", 0.06, 0.970, 0.985, 2700, 140),
    ("complaint", 0.04, 0.800, 0.690, 5600, 560),
]
ROWS = 2400
QUALITY = ("claude-sonnet-5", "claude-haiku-4-5")


def picked(u):
    for row in CLASSES:
        if u < row[1]:
            return row
        u -= row[1]
    return CLASSES[0]


def noise(i, what):
    """Between 0 and 1, always the same."""
    h = hashlib.sha256(("%s/evals/%d/%s" % (SEED, i, what)).encode()).digest()
    return int.from_bytes(h[:6], "big") / 2 ** 48


def build():
    lines = ["prompt_id,class,difficulty,%s,in_tok,out_tok" % ",".join("quality_" + m for m in QUALITY)]
    for i in range(ROWS):
        def u(what):
            return noise(i, what)
        name, _, strong, weak, tokens_in, tokens_out = picked(u("class"))
        hard = u("hard")
        # the harder a question, the more the smaller model falls behind
        chances = (strong + 0.5 * (1 - strong) * (0.5 - hard), weak + 1.2 * (1 - weak) * (0.5 - hard))
        accepted = [int(u(m) < p) for m, p in zip(QUALITY, chances)]
        row = ["reply-%04d" % (i + 1), name, "%.2f" % hard, *map(str, accepted),
               str(round(tokens_in * (0.6 + 0.8 * u("in")))), str(round(tokens_out * (0.5 + u("out"))))]
        lines.append(",".join(row))
    return ("\n".join(lines) + "\n").encode()
