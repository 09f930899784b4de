/* program_run.c - the blocks of a program on all processors; the answer knows nothing of them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/os.h"
#include "engine/program_int.h"
#include "engine/sobol.h"

static const struct simd {
    const char *name;
    kernel_run *run;
} SIMD[] = {{"sse2", kernels_sse2_run}, {"avx2", kernels_avx2_run}, {"avx512", kernels_avx512_run}};

static size_t widest(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return 2;
    return __builtin_cpu_supports("avx2") ? 1 : 0;
}

static const struct simd *simd(void)
{
    size_t best = widest();
    const char *asked = getenv("OUTLAY_SIMD");
    for (size_t i = 0; asked && i < best; i++)
        if (strcmp(asked, SIMD[i].name) == 0)
            best = i;
    return &SIMD[best];
}

const char *program_simd(void)
{
    return simd()->name;
}

struct team {
    const struct program *p;
    const struct program_run *r;
    const struct kernel_step *steps;
    size_t n_steps;
    const struct draw_source *sources;
    const double *const *fixed;
    kernel_run *run;
    uint64_t n_blocks;
    atomic_uint_fast64_t next, done;
    atomic_int workers;
    atomic_bool stop;
};

static void keep(const struct team *t, const struct frame *f, uint64_t first, uint32_t n)
{
    for (uint32_t o = 0; o < t->p->n_outputs; o++)
        if (t->r->kept && t->r->kept[o] && t->p->outputs[o].varies)
            memcpy(t->r->kept[o] + first, f->outputs + (size_t)o * BLOCK_ROOM, n * sizeof(double));
}

static void start_outputs(const struct program *p, struct frame *f, bool all)
{
    for (uint32_t o = 0; o < p->n_outputs; o++)
        for (size_t k = 0; (all || p->outputs[o].varies) && k < BLOCK; k++)
            f->outputs[(size_t)o * BLOCK_ROOM + k] = p->outputs[o].base;
}

static double *aligned_doubles(size_t n)
{
    void *p = NULL;
    BUG_IF(posix_memalign(&p, 64, (n + 8) * sizeof(double)) != 0);
    return p;
}

static void *work(void *ctx)
{
    struct team *t = ctx;
    int worker = atomic_fetch_add(&t->workers, 1);
    struct frame f = {.registers = aligned_doubles((size_t)t->p->n_registers * BLOCK_ROOM),
                      .outputs = aligned_doubles((size_t)t->p->n_outputs * BLOCK_ROOM),
                      .sources = t->sources,
                      .fixed = t->fixed,
                      .seed = t->r->seed};
    start_outputs(t->p, &f, true);
    while (!atomic_load(&t->stop)) {
        f.block = atomic_fetch_add(&t->next, 1);
        if (f.block >= t->n_blocks)
            break;
        start_outputs(t->p, &f, false);
        t->run(t->steps, t->n_steps, &f);
        uint64_t first = f.block * BLOCK;
        uint32_t n = (uint32_t)MIN((uint64_t)BLOCK, t->r->trials - first);
        keep(t, &f, first, n);
        if (t->r->visit)
            t->r->visit(t->r->visit_ctx, &(struct run_block){first, n, worker, f.outputs});
        uint64_t done = atomic_fetch_add(&t->done, 1) + 1;
        if (t->r->interrupted && *t->r->interrupted)
            atomic_store(&t->stop, true);
        if (worker == 0 && t->r->progress && done % 64 == 0)
            t->r->progress(t->r->progress_ctx, (double)done / (double)t->n_blocks);
    }
    free(f.registers);
    free(f.outputs);
    return NULL;
}

/* Steps with the fixed nodes in place of their computations. */
static const struct kernel_step *with_fixed(struct arena *a, const struct program *p,
                                            const struct program_run *r,
                                            const double *const **ret_fixed)
{
    const double **values = arena_new(a, const double *, r->n_fixed + 1);
    *ret_fixed = values;
    if (!r->n_fixed)
        return p->steps;
    struct kernel_step *steps = arena_new(a, struct kernel_step, p->n_steps);
    memcpy(steps, p->steps, p->n_steps * sizeof *steps);
    for (size_t i = 0; i < r->n_fixed; i++) {
        BUG_IF(r->fixed[i].n >= p->n_nodes);
        uint32_t at = p->step_of[r->fixed[i].n];
        values[i] = r->fixed[i].values;
        if (at)
            steps[at - 1] = (struct kernel_step){
                .code = STEP_FIXED, .dst = steps[at - 1].dst, .input = (uint32_t)i};
    }
    return steps;
}

static const struct draw_source *draw_sources(struct arena *a, const struct program *p,
                                              const struct program_run *r)
{
    struct draw_source *s = arena_new(a, struct draw_source, p->n_inputs + 1);
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        uint32_t set = r->sets ? r->sets[i] : 0;
        s[i] = (struct draw_source){.stream = program_input_stream(p, i), .set = set};
        uint32_t dimension = r->dimensions ? r->dimensions[i] : i;
        dimension += set * p->n_inputs;
        if (r->sobol && dimension < SOBOL_DIMENSIONS) {
            uint32_t *v = arena_new(a, uint32_t, SOBOL_BITS);
            sobol_directions(dimension, v);
            s[i].directions = v;
            s[i].scramble = sobol_scramble(r->seed, s[i].stream + set);
        }
    }
    return s;
}

int program_threads(int asked, uint64_t trials)
{
    uint64_t blocks = (trials + BLOCK - 1) / BLOCK;
    int n = asked > 0 ? asked : os_cpus();
    return (int)MAX((uint64_t)1, MIN((uint64_t)MIN(n, 256), blocks));
}

bool program_run(const struct program *p, const struct program_run *r, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct team t = {.p = p, .r = r, .run = simd()->run};
    pthread_t threads[256];
    int n = program_threads(r->threads, r->trials), started = 1;
    t.n_blocks = (r->trials + BLOCK - 1) / BLOCK;
    t.n_steps = p->n_steps;
    t.steps = with_fixed(&a, p, r, &t.fixed);
    if (r->kept_only || r->moved_only)
        t.steps = program_slice(&a, p, t.steps, r->kept, r->moved_only, &t.n_steps);
    t.sources = draw_sources(&a, p, r);
    for (; started < n; started++)
        if (pthread_create(&threads[started], NULL, work, &t) != 0)
            break; /* fewer threads give the same answer */
    work(&t);
    for (int i = 1; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    arena_release(&a);
    if (atomic_load(&t.stop))
        return err_set(e, ERR_INTERRUPTED, "interrupted");
    return true;
}
