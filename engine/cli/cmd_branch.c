#include "cli/cmd_branch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "cli/ranks.h"
#include "cli/session.h"

/* A result of a SONATA circuit cannot be branched: its scenario.yaml does not contain the circuit's own files. */
static rw_err refuse_circuit(const char *directory) {
    char path[4096], *text = NULL;
    size_t size = 0;
    (void)snprintf(path, sizeof path, "%s/run.json", directory);
    FILE *file = fopen(path, "r");
    RW_CHECK(file != NULL, RW_ERR_INPUT, "%s: this is not the result of a run: there is no run.json in it", directory);
    bool read = getdelim(&text, &size, '\0', file) >= 0;
    (void)fclose(file); /* was only read */
    const char *config = read ? strstr(text, "\"config_file\": \"") : NULL;
    size_t length = config != NULL ? strcspn(config, "\n") : 0;
    bool circuit = length > 7 && strncmp(config + length - 7, ".json\",", 7) == 0;
    free(text); /* of getdelim */
    RW_CHECK(!circuit, RW_ERR_INPUT, "%s is the result of a SONATA circuit; name its config.json with --scenario",
             directory);
    return RW_OK;
}

static rw_err run_branch(const rw_session *session, const char *scenario, int argc, char **argv) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/scenario.yaml", session->branch_of);
    RW_CHECK(session->branch_at != NULL, RW_ERR_INPUT,
             "say with --at which saved state the branch begins with, for example --at '1 h'");
    RW_CHECK(session->directory != NULL, RW_ERR_INPUT, "say with -o where the results of the branch go");
    if (scenario == NULL)
        RW_TRY(refuse_circuit(session->branch_of));
    rw_session branch = *session; /* it names `path`, which ends with this function */
    branch.request.path = scenario != NULL ? scenario : path;
    return rw_session_run(&branch, argc, argv);
}

rw_err rw_command_branch(int argc, char **argv) {
    rw_session session = {.command = "branch"};
    const char *scenario = NULL;
    bool help = false;
    const rw_option table[] = {
        {"--at", NULL, RW_OPTION_TEXT, &session.branch_at, "TIME", "time of the saved state in DIR to begin with"},
        {"--set", NULL, RW_OPTION_LIST, &session.request.set, "KEY=VALUE",
         "what differs from DIR's scenario, e.g. blockade.0.factor=0.3"},
        RW_REQUEST_ALLOW_READ(session.request),
        {"--output", "-o", RW_OPTION_TEXT, &session.directory, "DIR2", "where the results go"},
        {"--scenario", NULL, RW_OPTION_TEXT, &scenario, "FILE", "another scenario (default: DIR/scenario.yaml)"},
        {"--resume", NULL, RW_OPTION_FLAG, &session.resume, NULL,
         "continue the branch in DIR2 from its newest checkpoint; start it if there is none"},
        {"--threads", NULL, RW_OPTION_COUNT, &session.request.threads, "N", "as for `rewire run`"},
        {"--time-limit", NULL, RW_OPTION_TEXT, &session.time_limit, "TIME", "as for `rewire run`"},
        {"--checkpoint-every", NULL, RW_OPTION_TEXT, &session.checkpoint_every, "TIME", "as for `rewire run`"},
        {"--quiet", NULL, RW_OPTION_FLAG, &session.quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &session.as_json, NULL,
         "one JSON object on standard output instead of the summary"},
    };
    const rw_usage usage = {
        .name = "branch",
        .positional = "DIR",
        .min_positional = 1,
        .max_positional = 1,
        .options = table,
        .n_options = RW_COUNT(table),
        .doc = "Begins a run with the state that the run in DIR has saved: several branches of one run differ in\n"
               "nothing but what they set. A run keeps the states of the times in `checkpoint: {at: [1 h]}`.\n"
               "A branch may change what is not part of the saved state: blockades, inputs, parameters,\n"
               "growth, what is recorded, time.until. Cells, their places and models, receptors, projections,\n"
               "delays, time.step and, since static synapses come from it, the seed must stay; what\n"
               "differs there is refused by name, and so is what could act no longer: initial values, and\n"
               "lesions, stress, pulses and courses behind --at."};
    rw_err err = rw_comm_agree(rw_ranks(), rw_options_parse(&usage, argc, argv, &session.branch_of, &help));
    if (err == RW_OK && !help)
        err = run_branch(&session, scenario, argc, argv);
    rw_free(session.request.set.items);
    rw_free(session.request.allow_read.items);
    return err;
}
