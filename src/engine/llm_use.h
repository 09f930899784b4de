/* llm_use.h - LLM lines taken apart: requests, tokens and money by line, model and month.
 *
 * Tokens stand in six disjoint buckets, one for each price of a model: what is neither cached nor
 * batched pays `in` and `out`, the batch share of it `batch_in` and `batch_out`, cached input
 * `cache_read` and `cache_write` (in a batch too). Cost is the sum of bucket x price, times what
 * savings on the whole line leave. Levers that reprice move their share of requests to their model.
 */
#ifndef ENGINE_LLM_USE_H
#define ENGINE_LLM_USE_H

#include "engine/world.h"

/* How the calls of a row of usage ended; a failed one is taken as sent again. */
enum call_end { CALL_UNTOLD, CALL_ANSWERED, CALL_FAILED };

struct llm_use { /* of one line on one model in one month */
    uint32_t line, model;
    int32_t month;
    double share;                    /* of the line's requests */
    double users, sessions;          /* of that share: users, and sessions of all of them */
    double requests, batch_requests; /* retries among them */
    double tokens[PRICE_PARTS];
    double price[PRICE_PARTS]; /* per million tokens, in force */
    double leaves;             /* what savings on the line leave of its cost */
    double cost;
    double batch_saves, cache_saves; /* against the same tokens at plain prices, levers applied */
};

/* Every line that runs, by line, month, then model in plan order. */
void llm_uses(struct arena *a, const struct world *w, struct llm_use **ret, size_t *ret_n);

/* The money of those tokens at other prices, savings on the line applied alike. */
double llm_use_at(const struct llm_use *u, const double price[PRICE_PARTS]);

#endif
