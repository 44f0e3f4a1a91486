#include "study/sweep/slurm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/remedy.h"

/* Slurm accepts 1001 tasks in an array by default; longer arrays are submitted in parts. */
enum { TASKS_BY_DEFAULT = 100, TASKS_AT_ONCE = 1000 };

static rw_err check_plain(const char *path) {
    RW_CHECK(strpbrk(path, "'\"\\$`\n") == NULL, RW_ERR_INPUT,
             "%s: quotes, dollars and line breaks in this path would not survive the job script; rename it", path);
    return RW_OK;
}

static void print_limits(FILE *out, const rw_slurm_options *options, int cores) {
    (void)fprintf(out, "limits=(--cpus-per-task=%d --nodes=1 --ntasks=1", cores);
    if (options->time != NULL)
        (void)fprintf(out, " --time=%s", options->time);
    if (options->memory != NULL)
        (void)fprintf(out, " --mem=%s", options->memory);
    (void)fprintf(out, ") # add your --partition and --account here\n");
}

rw_err rw_slurm_print(FILE *out, const rw_sweep *sweep, const char *program, const rw_slurm_options *options) {
    char directory[PATH_MAX];
    const size_t n = sweep->points.n_points;
    size_t each = options->per_task > 0 ? (size_t)options->per_task : (n + TASKS_BY_DEFAULT - 1) / TASKS_BY_DEFAULT;
    int jobs = options->jobs > 0 ? options->jobs : 1;
    int threads = options->threads > 0 ? options->threads : sweep->plan->threads > 0 ? sweep->plan->threads : 1;
    RW_CHECK(realpath(sweep->path, directory) != NULL, RW_ERR_SYSTEM, "%s: its whole path cannot be found: %s; %s",
             sweep->path, strerror(errno), rw_reading_remedy(errno));
    RW_TRY(check_plain(directory));
    RW_TRY(check_plain(program));
    const size_t tasks = (n + each - 1) / each;
    (void)fprintf(out,
                  "#!/bin/bash\n"
                  "# Submits %zu points of %s: %zu tasks with up to %zu points, then a job that collects.\n"
                  "# A task that is requeued, or this script run again, continues with the points that are missing.\n"
                  "set -euo pipefail\n"
                  "sweep='%s'\n"
                  "rewire='%s'\n",
                  n, sweep->path, tasks, each, directory, program);
    print_limits(out, options, jobs * threads);
    (void)fprintf(out,
                  "mkdir -p \"$sweep/slurm\"\n"
                  "jobs=\"\"\n"
                  "for ((start = 0; start < %zu; start += %d)); do\n"
                  "    end=$((start + %d < %zu ? start + %d : %zu))\n"
                  "    job=$(sbatch --parsable \"${limits[@]}\" --job-name=rewire --requeue --open-mode=append \\\n"
                  "        --array=\"0-$((end - start - 1))%s\" --output=\"$sweep/slurm/%%A_%%a.log\" \\\n"
                  "        --export=ALL,start=\"$start\",sweep=\"$sweep\",rewire=\"$rewire\" <<'TASK'\n"
                  "#!/bin/bash\n"
                  "first=$(((start + SLURM_ARRAY_TASK_ID) * %zu))\n"
                  "last=$((first + %zu - 1 < %zu ? first + %zu - 1 : %zu))\n"
                  "exec \"$rewire\" sweep run \"$sweep\" --points \"$first-$last\" --jobs %d --threads %d\n"
                  "TASK\n"
                  "    )\n"
                  "    jobs+=\":${job%%%%;*}\"\n"
                  "done\n",
                  tasks, TASKS_AT_ONCE, TASKS_AT_ONCE, tasks, TASKS_AT_ONCE, tasks,
                  options->max_parallel > 0 ? rw_path_of("%%%d", options->max_parallel).text : "", each, each, n, each,
                  n - 1, jobs, threads);
    (void)fprintf(out,
                  "sbatch --parsable --job-name=rewire-collect --nodes=1 --ntasks=1 --dependency=\"afterany$jobs\" \\\n"
                  "    --output=\"$sweep/slurm/collect.log\" --wrap=\"'$rewire' sweep collect '$sweep'\"\n");
    return RW_OK;
}
