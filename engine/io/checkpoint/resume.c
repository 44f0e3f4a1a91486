/* Saving the state of a run beside its results, and going on from it. */
#include "io/checkpoint/resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "io/checkpoint/checkpoint_inputs.h"
#include "io/checkpoint/checkpoints.h"
#include "io/links.h"
#include "io/result_state.h"
#include "sim/run_state/run_state.h"

static double clock_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static rw_err archive_recorders(const rw_result *result, const rw_archive *archive) {
    for (size_t i = 0; i < result->n_recorders; i++)
        RW_TRY(rw_comm_agree(result->comm, result->recorders[i].archive(result->recorders[i].observer.self, archive)));
    return RW_OK;
}

/* Writes a state; with the recorders' if it is one to resume from. */
static rw_err write_state(rw_result *result, rw_simulation *sim, const char *name, bool recorders) {
    double start_s = clock_s();
    rw_checkpoint_file *file;
    RW_TRY(rw_comm_agree(result->comm, rw_directory_make(&result->directory, "checkpoint")));
    RW_TRY(rw_checkpoint_create(&file, result->comm, &result->directory, name, rw_simulation_time(sim),
                                (double)rw_simulation_time(sim) * result->scenario->step_ms));
    rw_archive archive = rw_checkpoint_archive(file);
    rw_err err = rw_checkpoint_inputs_save(&archive, &result->scenario->inputs_read);
    if (err == RW_OK)
        err = rw_simulation_archive(sim, &archive);
    if (err == RW_OK && recorders)
        err = archive_recorders(result, &archive);
    if (err == RW_OK)
        err = rw_checkpoint_commit(&file);
    rw_checkpoint_close(&file);
    result->n_checkpoints++;
    result->checkpoint_s += clock_s() - start_s;
    return err;
}

rw_err rw_result_checkpoint(rw_result *result, rw_simulation *sim) {
    RW_ASSERT(result->directory.journals != RW_JOURNALS_NONE);
    RW_TRY(write_state(result, sim, rw_path_of("checkpoint/%c.h5", result->next_slot).text, true));
    result->next_slot = result->next_slot == 'A' ? 'B' : 'A';
    return RW_OK;
}

rw_err rw_result_keep_state(rw_result *result, rw_simulation *sim) {
    return write_state(result, sim, rw_checkpoints_kept_name(rw_simulation_time(sim)).text, false);
}

/* Restores a state whose file was checked. */
static rw_err read_state(rw_result *result, rw_simulation *sim, const char *path, bool branching) {
    rw_checkpoint_file *file;
    RW_TRY(rw_checkpoint_open(&file, result->comm, path));
    rw_archive archive = rw_checkpoint_archive(file);
    archive.branching = branching;
    rw_err err = rw_simulation_archive(sim, &archive);
    if (err == RW_OK && !branching)
        err = archive_recorders(result, &archive);
    rw_checkpoint_close(&file);
    return err == RW_OK ? RW_OK : rw_fail_context(err, "%s", path);
}

/* The whole file as text, or NULL text if it is not there. */
static rw_err load_text(const rw_result *result, const char *name, char **text) {
    rw_path path = rw_path_of("%s/%s", result->directory.path, name);
    FILE *file = fopen(path.text, "r");
    size_t size = 0;
    *text = NULL;
    if (file == NULL)
        return RW_OK;
    bool whole = getdelim(text, &size, '\0', file) >= 0 || feof(file);
    (void)fclose(file); /* was only read */
    RW_CHECK(whole, RW_ERR_SYSTEM, "%s: cannot read this file; check the disk", path.text);
    return RW_OK;
}

/* Compares line by line, but for that of `checkpoint:`, which changes no result. */
static rw_err compare_scenarios(const rw_result *result, const char *old, const char *new) {
    static const char free_line[] = "checkpoint:";
    unsigned line = 1;
    for (; *old != '\0' || *new != '\0'; line++) {
        size_t old_length = strcspn(old, "\n"), new_length = strcspn(new, "\n");
        bool free_here =
            strncmp(old, free_line, strlen(free_line)) == 0 && strncmp(new, free_line, strlen(free_line)) == 0;
        RW_CHECK(
            free_here || (old_length == new_length && strncmp(old, new, new_length) == 0), RW_ERR_INPUT,
            "%s holds a run of another scenario, which cannot be resumed with this one: line %u of its scenario.yaml "
            "is\n  %.*s\nand would be\n  %.*s\nResume it as it was started; to continue with something changed, use "
            "`rewire branch`",
            result->directory.path, line, (int)old_length, old, (int)new_length, new);
        old += old_length + (old[old_length] == '\n');
        new += new_length + (new[new_length] == '\n');
    }
    return RW_OK;
}

/* Refuses files that changed since the run read them. */
static rw_err compare_inputs(rw_result *result) {
    static const char remedy[] = "Put back the file that the run began with, or start the run again, in another "
                                 "directory";
    const rw_input_files *now = &result->scenario->inputs_read;
    rw_saved_state *state = &result->resumed_from;
    const rw_path since = rw_path_of("the run in %s read it", result->directory.path);
    bool recorded = false;
    RW_TRY(rw_checkpoint_inputs_compare(
        state->path.text, now, &(rw_input_comparison){.since = since.text, .remedy = remedy, .all = true}, &recorded));
    if (!recorded && now->n > 0 && state->notice[0] == '\0')
        (void)snprintf(
            state->notice, sizeof state->notice,
            "%.400s does not say what the run read (an earlier rewire wrote it), so %.500s%s cannot be checked",
            state->path.text, now->files[0].path, now->n > 1 ? " and other files" : "");
    return RW_OK;
}

/* Continues from the newest checkpoint, if there is one. */
static rw_err find_checkpoint(rw_result *result) {
    RW_TRY(rw_checkpoints_newest(result->directory.path, &result->resumed_from, &result->resumption.found));
    if (!result->resumption.found)
        return RW_OK;
    RW_CHECK(!result->scenario->checkpoint.none, RW_ERR_INPUT,
             "%s: the run is to be resumed without checkpoints; leave `checkpoint: none` out", result->directory.path);
    RW_TRY(compare_inputs(result));
    result->directory.journals = RW_JOURNALS_REPLAYED;
    result->resumption.step = result->resumed_from.step;
    return RW_OK;
}

rw_err rw_result_inspect(rw_result *result, const char *scenario_text) {
    char *run = NULL, *scenario = NULL;
    rw_err err = load_text(result, "run.json", &run);
    if (err == RW_OK)
        err = load_text(result, "scenario.yaml", &scenario);
    if (err == RW_OK && scenario != NULL)
        err = compare_scenarios(result, scenario, scenario_text);
    result->resumption.done = err == RW_OK && run != NULL && strstr(run, "\"status\": \"done\"") != NULL;
    if (result->resumption.done)
        rw_checkpoints_clear(result->directory.path); /* a kill may have left some */
    else if (err == RW_OK)
        err = find_checkpoint(result);
    free(scenario); /* of getdelim */
    free(run);
    return err;
}

rw_err rw_result_resume(rw_result *result, rw_simulation *sim) {
    rw_saved_state *state = &result->resumed_from; /* rank 0 found it */
    if (result->directory.journals != RW_JOURNALS_REPLAYED)
        return RW_OK;
    RW_TRY(rw_comm_broadcast(result->comm, state, sizeof *state));
    RW_TRY(read_state(result, sim, state->path.text, false));
    /* A damaged file is written over first, the one that is in use last. */
    result->next_slot = state->slot == 'A' ? 'B' : 'A';
    return RW_OK;
}

/* Finds the state to branch from. A file of the run in `directory` that the branch reads too must be unchanged; the
 * branch may read another instead. */
static rw_err find_state(const rw_result *result, const char *directory, double time_ms, rw_saved_state *state) {
    const rw_path since = rw_path_of("the run in %s read it", directory);
    bool recorded = false;
    RW_TRY(rw_links_check(directory));
    RW_TRY(rw_checkpoints_at(directory, time_ms, state));
    return rw_checkpoint_inputs_compare(
        state->path.text, &result->scenario->inputs_read,
        &(rw_input_comparison){.since = since.text,
                               .remedy = "Put back the file that the run began with; to branch with other input, give "
                                         "the other file a name of its own, and the branch that name"},
        &recorded);
}

rw_err rw_result_branch(rw_result *result, rw_simulation *sim, const char *directory, double time_ms) {
    rw_saved_state state;
    bool reads = rw_comm_rank(result->comm) == 0;
    RW_TRY(rw_comm_agree(result->comm, reads ? find_state(result, directory, time_ms, &state) : RW_OK));
    RW_TRY(rw_comm_broadcast(result->comm, &state, sizeof state));
    RW_TRY(RW_NEW(result->branched_from, strlen(state.path.text) + 1, "path"));
    memcpy(result->branched_from, state.path.text, strlen(state.path.text));
    RW_TRY(read_state(result, sim, state.path.text, true));
    /* From here on the branch depends on no other directory. */
    return result->directory.journals != RW_JOURNALS_NONE ? rw_result_checkpoint(result, sim) : RW_OK;
}
