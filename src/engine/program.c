/* program.c - building a program: one node for each value, constants folded, dead nodes left out.
 */
#include <math.h>

#include "base/hash.h"
#include "core/mathfn.h"
#include "engine/program_int.h"

struct program *program_new(struct arena *a)
{
    struct program *p = arena_new(a, struct program, 1);
    p->a = a;
    p->n_buckets = 1024;
    p->buckets = arena_new(a, uint32_t, p->n_buckets);
    return p;
}

uint64_t stream_of(str path)
{
    char hex[SHA256_HEX];
    uint64_t h = 0;
    sha256_of(path, hex);
    for (int i = 0; i < 16; i++)
        h = h << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    return h;
}

/* --- nodes --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t hash_node(const struct program_node *n)
{
    uint64_t h = mix(mix(mix((uint64_t)n->code, n->a), n->b), n->stream), k;
    for (size_t i = 0; i < ARRAY_LEN(n->k); i++) {
        memcpy(&k, &n->k[i], sizeof k);
        h = mix(h, k);
    }
    return h;
}

static bool same_node(const struct program_node *x, const struct program_node *y)
{
    return x->code == y->code && x->a == y->a && x->b == y->b && x->stream == y->stream &&
           memcmp(x->k, y->k, sizeof x->k) == 0;
}

static void rehash(struct program *p)
{
    p->n_buckets *= 2;
    p->buckets = arena_new(p->a, uint32_t, p->n_buckets);
    for (uint32_t i = 0; i < p->n_nodes; i++) {
        uint32_t *b = &p->buckets[hash_node(&p->nodes[i]) & (p->n_buckets - 1)];
        p->nodes[i].next = *b;
        *b = i + 1;
    }
}

static node intern(struct program *p, struct program_node n)
{
    uint64_t h = hash_node(&n);
    for (uint32_t i = p->buckets[h & (p->n_buckets - 1)]; i; i = p->nodes[i - 1].next)
        if (same_node(&p->nodes[i - 1], &n))
            return i - 1;
    if (p->n_nodes >= p->n_buckets) {
        rehash(p);
    }
    p->nodes = arena_grow(p->a, p->nodes, sizeof *p->nodes, &p->cap_nodes, p->n_nodes + 1);
    uint32_t *b = &p->buckets[h & (p->n_buckets - 1)];
    n.next = *b;
    p->nodes[p->n_nodes] = n;
    *b = p->n_nodes + 1;
    return p->n_nodes++;
}

node node_const(struct program *p, double v)
{
    return intern(p, (struct program_node){.code = NODE_CONST, .k = {v}});
}

bool node_is_const(const struct program *p, node n, double *ret)
{
    if (p->nodes[n].code != NODE_CONST)
        return false;
    *ret = p->nodes[n].k[0];
    return true;
}

static node draw_node(struct program *p, int code, uint64_t stream)
{
    uint32_t before = p->n_nodes;
    node n = intern(p, (struct program_node){.code = code, .stream = stream});
    if (n == before) {
        p->inputs = arena_grow(p->a, p->inputs, sizeof *p->inputs, &p->cap_inputs, p->n_inputs + 1);
        p->inputs[p->n_inputs] = n;
        p->nodes[n].b = NODE_NONE;
        p->n_inputs++;
    }
    return n;
}

node node_normal(struct program *p, uint64_t stream)
{
    return draw_node(p, STEP_NORMAL, stream);
}

node node_uniform(struct program *p, uint64_t stream)
{
    return draw_node(p, STEP_UNIFORM, stream);
}

static double between(double a, double b, double t)
{
    return a > 0 && b > 0 ? a * math_pow(b / a, t) : a + (b - a) * t;
}

static double fold(enum step_code code, double x, double y)
{
    return code == STEP_ADD   ? x + y
           : code == STEP_SUB ? x - y
           : code == STEP_MUL ? x * y
           : code == STEP_DIV ? x / y
           : code == STEP_MAX ? (x > y ? x : y)
                              : (x < y ? 1 : 0);
}

/* The forms with a constant on the right and on the left; NODE_CONST: there is none. */
static const struct {
    int right, left;
} WITH_CONSTANT[] = {
    [STEP_ADD] = {STEP_ADD_C, STEP_ADD_C}, [STEP_SUB] = {STEP_ADD_C, STEP_C_SUB},
    [STEP_MUL] = {STEP_MUL_C, STEP_MUL_C}, [STEP_DIV] = {STEP_DIV_C, STEP_C_DIV},
    [STEP_MAX] = {STEP_MAX_C, STEP_MAX_C}, [STEP_LESS] = {STEP_LESS_C, STEP_C_LESS},
};

static node pair(struct program *p, enum step_code code, node a, node b)
{
    double x, y;
    bool left = node_is_const(p, a, &x), right = node_is_const(p, b, &y);
    if (left && right)
        return node_const(p, fold(code, x, y));
    if (right) {
        bool same = (y == 0 && (code == STEP_ADD || code == STEP_SUB)) ||
                    (y == 1 && (code == STEP_MUL || code == STEP_DIV));
        if (same)
            return a;
        if (y == 0 && code == STEP_MUL)
            return b;
        double k = code == STEP_SUB ? -y : y;
        return intern(p, (struct program_node){
                             .code = WITH_CONSTANT[code].right, .a = a, .b = NODE_NONE, .k = {k}});
    }
    if (left) {
        if ((x == 0 && code == STEP_ADD) || (x == 1 && code == STEP_MUL))
            return b;
        if (x == 0 && code == STEP_MUL)
            return a;
        return intern(p, (struct program_node){
                             .code = WITH_CONSTANT[code].left, .a = b, .b = NODE_NONE, .k = {x}});
    }
    return intern(p, (struct program_node){.code = (int)code, .a = a, .b = b});
}

node node_add(struct program *p, node a, node b)
{
    return pair(p, STEP_ADD, a, b);
}

node node_sub(struct program *p, node a, node b)
{
    return pair(p, STEP_SUB, a, b);
}

node node_mul(struct program *p, node a, node b)
{
    return pair(p, STEP_MUL, a, b);
}

node node_div(struct program *p, node a, node b)
{
    return pair(p, STEP_DIV, a, b);
}

node node_max(struct program *p, node a, node b)
{
    return pair(p, STEP_MAX, a, b);
}

node node_less(struct program *p, node a, node b)
{
    return pair(p, STEP_LESS, a, b);
}

static node single(struct program *p, enum step_code code, node a)
{
    return intern(p, (struct program_node){.code = (int)code, .a = a, .b = NODE_NONE});
}

node node_exp(struct program *p, node a)
{
    double x;
    return node_is_const(p, a, &x) ? node_const(p, math_exp(x)) : single(p, STEP_EXP, a);
}

node node_round(struct program *p, node a)
{
    double x;
    return node_is_const(p, a, &x) ? node_const(p, floor(x + 0.5)) : single(p, STEP_ROUND, a);
}

node node_logistic(struct program *p, node a)
{
    double x;
    return node_is_const(p, a, &x) ? node_const(p, 1 / (1 + math_exp(-x)))
                                   : single(p, STEP_LOGISTIC, a);
}

node node_slopes(struct program *p, node z, double base, double below, double above)
{
    double x;
    if (node_is_const(p, z, &x))
        return node_const(p, base + x * (x < 0 ? below : above));
    return intern(p, (struct program_node){
                         .code = STEP_SLOPES, .a = z, .b = NODE_NONE, .k = {base, below, above}});
}

node node_triangle(struct program *p, node u, double low, double mode, double high)
{
    return intern(p, (struct program_node){
                         .code = STEP_TRIANGLE, .a = u, .b = NODE_NONE, .k = {low, mode, high}});
}

/* The logarithm where it is at hand: of a positive constant, or of an exponential. */
static bool log_of(struct program *p, node n, node *ret)
{
    double x;
    const struct program_node *at = &p->nodes[n];
    if (node_is_const(p, n, &x) && x > 0)
        *ret = node_const(p, math_log(x));
    else if (at->code == STEP_EXP)
        *ret = at->a;
    else
        return false;
    return true;
}

node node_between(struct program *p, node a, node b, double t)
{
    double x, y;
    node la, lb;
    if (node_is_const(p, a, &x) && node_is_const(p, b, &y))
        return node_const(p, between(x, y, t));
    if (t == 0)
        return a;
    if (log_of(p, a, &la) && log_of(p, b, &lb))
        return node_exp(p, node_add(p, node_mul(p, la, node_const(p, 1 - t)),
                                    node_mul(p, lb, node_const(p, t))));
    return intern(p, (struct program_node){.code = STEP_BETWEEN, .a = a, .b = b, .k = {t}});
}

/* --- outputs --- */

uint32_t program_output(struct program *p)
{
    p->outputs =
        arena_grow(p->a, p->outputs, sizeof *p->outputs, &p->cap_outputs, p->n_outputs + 1);
    p->outputs[p->n_outputs] = (struct program_output){.keep = true};
    return p->n_outputs++;
}

void program_keep(struct program *p, uint32_t output, bool keep)
{
    p->outputs[output].keep = keep;
}

static void add_sum(struct program *p, struct program_sum s)
{
    p->sums = arena_grow(p->a, p->sums, sizeof *p->sums, &p->cap_sums, p->n_sums + 1);
    p->sums[p->n_sums++] = s;
    p->outputs[s.output].varies = true;
}

void program_sum(struct program *p, uint32_t output, node n)
{
    double x;
    if (node_is_const(p, n, &x))
        p->outputs[output].base += x;
    else
        add_sum(p, (struct program_sum){output, n, NODE_NONE});
}

void program_sum_output(struct program *p, uint32_t output, uint32_t from)
{
    if (p->outputs[from].varies)
        add_sum(p, (struct program_sum){output, NODE_NONE, from});
    else
        p->outputs[output].base += p->outputs[from].base;
}

/* --- what a program has --- */

uint32_t program_n_outputs(const struct program *p)
{
    return p->n_outputs;
}

bool program_output_is_const(const struct program *p, uint32_t output, double *ret)
{
    *ret = p->outputs[output].base;
    return !p->outputs[output].varies;
}

uint32_t program_n_inputs(const struct program *p)
{
    return p->n_inputs;
}

uint64_t program_input_stream(const struct program *p, uint32_t input)
{
    return p->nodes[p->inputs[input]].stream;
}

bool program_uses(const struct program *p, node n)
{
    return p->step_of[n] != 0;
}

bool program_uses_input(const struct program *p, uint32_t input)
{
    return program_uses(p, p->inputs[input]);
}
