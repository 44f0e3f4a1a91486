/* The arguments of `rewire sweep`, and the sweep and points that they name. */
#ifndef RW_CLI_SWEEP_ARGUMENTS_H
#define RW_CLI_SWEEP_ARGUMENTS_H

#include "cli/options.h"
#include "study/sweep/sweep.h"

/* The options of all subcommands; each accepts some of them. */
typedef struct {
    const char *words[2];
    const char *directory, *points, *into, *worker, *time, *memory;
    rw_text_list allow_read;
    int jobs, threads, per_task, max_parallel;
    bool quiet, as_json, any_version, mpi, failed, baseline;
} rw_sweep_arguments;

/* Whether the first word is a sweep's file rather than its directory. */
bool rw_sweep_arguments_name_file(const rw_sweep_arguments *arguments);

/* The sweep's directory: out/NAME of NAME.yaml unless -o says where, or the word itself. */
rw_path rw_sweep_arguments_directory(const rw_sweep_arguments *arguments);

/* Opens the sweep that the first word names, after freezing it if that is a file. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_sweep_arguments_open(const rw_sweep_arguments *arguments, rw_sweep **sweep);

/* The path of this program. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_arguments_program(rw_path *program);

/* first-last, or one point, as [first, last); NULL: all. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sweep_arguments_range(const char *text, size_t n_points, size_t *first, size_t *last);

#endif
