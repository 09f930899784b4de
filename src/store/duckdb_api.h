/* duckdb_api.h - the functions of libduckdb that are used, loaded when the ledger first needs them.
 *
 * The library is 65 MB and takes milliseconds to start, so commands that need no spend must not pay
 * for it: it is opened with dlopen and called through this table. It is looked for at
 * $OUTLAY_DUCKDB (a file), beside the binary, in ../lib/outlay of the binary, and where it was when
 * outlay was built. The only file that includes duckdb.h. */
#ifndef STORE_DUCKDB_API_H
#define STORE_DUCKDB_API_H

#include <duckdb.h>

#include "base/err.h"

/* clang-format off */
#define DUCKDB_FUNCTIONS(X) \
    X(bind_add_result_column) X(bind_get_extra_info) X(bind_varchar_length) \
    X(clear_bindings) X(close) X(column_count) X(column_name) X(column_logical_type) \
    X(config_count) X(connect) X(create_config) X(create_decimal_type) X(create_logical_type) \
    X(create_table_function) X(data_chunk_get_size) X(data_chunk_get_vector) \
    X(data_chunk_set_size) X(destroy_config) X(destroy_data_chunk) X(destroy_logical_type) \
    X(destroy_pending) X(destroy_prepare) X(destroy_result) X(destroy_table_function) \
    X(disconnect) X(execute_pending) X(execute_prepared) X(fetch_chunk) X(free) \
    X(function_get_extra_info) X(function_get_init_data) X(function_get_local_init_data) \
    X(function_set_error) X(get_type_id) X(init_get_extra_info) X(init_set_error) \
    X(init_set_init_data) X(init_set_max_threads) X(interrupt) X(library_version) X(open_ext) \
    X(pending_error) X(pending_execute_task) X(pending_prepared) X(pending_prepared_streaming) \
    X(prepare) X(prepare_error) X(query) X(register_table_function) X(result_error) X(set_config) \
    X(table_function_set_bind) X(table_function_set_extra_info) X(table_function_set_function) \
    X(table_function_set_init) X(table_function_set_local_init) X(table_function_set_name) \
    X(validity_set_row_invalid) X(vector_ensure_validity_writable) X(vector_get_data) \
    X(vector_get_validity) X(vector_size)
/* clang-format on */

struct duckdb_api {
#define X(name) __typeof__(&duckdb_##name) name;
    DUCKDB_FUNCTIONS(X)
#undef X
};

/* Loads the library unless that is done; it stays until the process ends. Any thread. */
MUST_CHECK bool duckdb_api_load(const struct duckdb_api **ret, struct err *e);
/* For DuckDB's callbacks, which get nothing but a handle: the table that is loaded by then. */
const struct duckdb_api *duckdb_api_loaded(void);

#endif
