#include "cli/cmd_run.h"

#include "base/count.h"
#include "cli/ranks.h"
#include "cli/session.h"

rw_err rw_command_run(int argc, char **argv) {
    rw_session session = {.command = "run"};
    bool help = false;
    const rw_option table[] = {
        {"--output", "-o", RW_OPTION_TEXT, &session.directory, "DIR",
         "where the results go (default: out/NAME of the scenario)"},
        {"--at", NULL, RW_OPTION_TEXT, &session.request.at, "TIME",
         "of a result instead of a scenario: begin with the synapses of this snapshot (default: the newest)"},
        {"--resume", NULL, RW_OPTION_FLAG, &session.resume, NULL,
         "continue the run in DIR from its newest checkpoint; start it if there is none"},
        {"--threads", NULL, RW_OPTION_COUNT, &session.request.threads, "N",
         "default: OMP_NUM_THREADS, SLURM_CPUS_PER_TASK, or the cores there are; the results do not depend on it"},
        {"--set", NULL, RW_OPTION_LIST, &session.request.set, "KEY=VALUE",
         "another value for a key, e.g. populations.pyr.count=800"},
        RW_REQUEST_ALLOW_READ(session.request),
        {"--time-limit", NULL, RW_OPTION_TEXT, &session.time_limit, "TIME",
         "stop after this wall time, save the state and exit with 5; 3:55:00 or \"90 min\""},
        {"--checkpoint-every", NULL, RW_OPTION_TEXT, &session.checkpoint_every, "TIME",
         "wall time between checkpoints (default: checkpoint.wall of the scenario, 15 min)"},
        {"--pretend-ranks", NULL, RW_OPTION_COUNT, &session.pretend_ranks, "N",
         "play one rank of N that do not exist, with random spikes from them: measures memory and time, writes "
         "nothing"},
        {"--quiet", NULL, RW_OPTION_FLAG, &session.quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &session.as_json, NULL,
         "one JSON object on standard output instead of the summary"},
        {"--profile", NULL, RW_OPTION_FLAG, &session.profile, NULL,
         "say also where the time went; `rewire profile` does so without recording"},
    };
    const rw_usage usage = {
        .name = "run",
        .positional = "SCENARIO",
        .min_positional = 1,
        .max_positional = 1,
        .options = table,
        .n_options = RW_COUNT(table),
        .doc = "Simulates a scenario (YAML), a SONATA circuit given by its config.json, or a result again with the\n"
               "synapses of one of its snapshots, and leaves a result directory. SIGINT, SIGTERM and SIGUSR1 end it in "
               "order: it saves its state and exits with\n"
               "5; the same command with --resume continues from there, to the same result."};
    rw_err err = rw_comm_agree(rw_ranks(), rw_options_parse(&usage, argc, argv, &session.request.path, &help));
    if (err == RW_OK && !help)
        err = rw_session_run(&session, argc, argv);
    rw_free(session.request.set.items);
    rw_free(session.request.allow_read.items);
    return err;
}
