/* rewire: the program. Finds the command, runs it, and prints errors. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/count.h"
#include "base/nearest.h"
#include "base/version.h"
#include "cli/cmd_branch.h"
#include "cli/cmd_check.h"
#include "cli/cmd_compare.h"
#include "cli/cmd_diff.h"
#include "cli/cmd_models.h"
#include "cli/cmd_profile.h"
#include "cli/cmd_reference.h"
#include "cli/cmd_report.h"
#include "cli/cmd_run.h"
#include "cli/cmd_sweep.h"
#include "cli/cmd_version.h"
#include "cli/cmd_watch.h"
#include "cli/ranks.h"
#include "cli/usage.h"
#include "io/start.h"

typedef struct {
    const char *name;
    rw_err (*run)(int argc, char **argv);
    const char *words;
    const char *doc;
} command;

static const command commands[] = {
    {"run", rw_command_run, "SCENARIO [-o DIR]", "simulate; leaves a result directory"},
    {"branch", rw_command_branch, "DIR --at TIME", "a new run from a state that another has saved"},
    {"check", rw_command_check, "SCENARIO", "the scenario with every default, and what it will cost"},
    {"models", rw_command_models, "[NAME]", "what a scenario can name: equations, parameters, references"},
    {"reference", rw_command_reference, "[KEY]", "what may stand in a scenario: keys, units, ranges, defaults"},
    {"schema", rw_command_schema, "", "the same as a JSON Schema, for editors"},
    {"sweep", rw_command_sweep, "WORD ...", "many runs: plan, run, slurm, status, retry, collect"},
    {"compare", rw_command_compare, "SWEEP | DIR...", "statistics between scenarios, paired by seed"},
    {"report", rw_command_report, "DIR|SWEEP", "one page with figures; every figure as SVG and CSV"},
    {"watch", rw_command_watch, "DIR", "follows a run in progress"},
    {"diff", rw_command_diff, "DIR DIR2", "the first difference between two results"},
    {"profile", rw_command_profile, "SCENARIO", "where the time goes, and how far that is from the machine's limits"},
    {"version", rw_command_version, "", "which program this is and how it was built"},
};

enum { N_COMMANDS = RW_COUNT(commands) };

static void print_help(void) {
    (void)printf("rewire %s: spiking networks that rewire while NMDA receptors are blocked\n\n", rw_version().version);
    for (size_t i = 0; i < N_COMMANDS; i++)
        (void)printf("  rewire %-10s%-19s%s\n", commands[i].name, commands[i].words, commands[i].doc);
    (void)printf("\n`rewire COMMAND --help` lists a command's options.\n"
                 "Exit codes: 0 done, 1 diff found a difference, 2 the input is wrong, 3 a file or the system failed,\n"
                 "4 the simulation diverged, 5 stopped early and resumable, 70 a bug in rewire.\n");
}

static void print_man(void) {
    char text[2048] = "Simulates spiking networks that rewire while NMDA receptors are blocked. Each command has a "
                      "page of its own.\n\n";
    for (size_t i = 0; i < N_COMMANDS; i++) {
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "rewire-%s(1): %s\n\n", commands[i].name, commands[i].doc);
    }
    rw_man_print("rewire", "spiking networks that rewire while NMDA receptors are blocked", "COMMAND ...", text, NULL,
                 0);
}

static void print_words(void) {
    for (size_t i = 0; i < N_COMMANDS; i++)
        (void)printf("%s\t%s\n", commands[i].name, commands[i].doc);
    (void)printf("help\twhat a command takes\n");
}

static const command *find(const char *name) {
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static rw_err unknown(const char *name) {
    const char *names[N_COMMANDS + 1] = {"help"};
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i + 1] = commands[i].name;
    const char *nearest = rw_nearest(name, names, N_COMMANDS + 1);
    if (nearest != NULL)
        return rw_fail(RW_ERR_INPUT, "there is no command \"%s\"; did you mean `rewire %s`?", name, nearest);
    return rw_fail(RW_ERR_INPUT, "there is no command \"%s\"; `rewire help` lists the commands there are", name);
}

static rw_err help(int argc, char **argv) {
    if (argc == 0) {
        print_help();
        return RW_OK;
    }
    const command *about = find(argv[0]);
    char *ask[] = {(char[]){"--help"}, NULL};
    return about != NULL ? about->run(1, ask) : unknown(argv[0]);
}

/* Commands that work together with other ranks; under mpirun every rank runs the others by itself. */
static bool joins_ranks(const char *name) {
    return strcmp(name, "run") == 0 || strcmp(name, "profile") == 0 || strcmp(name, "branch") == 0;
}

static rw_err dispatch(int argc, char **argv) {
    if (argc < 2) {
        print_help();
        return rw_fail(RW_ERR_INPUT, "say which command; for example `rewire run SCENARIO.yaml`");
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(name, "--help=man") == 0 || strcmp(name, "--help=words") == 0) {
        (strcmp(name, "--help=man") == 0 ? print_man : print_words)();
        return RW_OK;
    }
    if (strcmp(name, "--version") == 0)
        name = "version";
    const command *found = find(name);
    if (found == NULL)
        return unknown(name);
    if (joins_ranks(name))
        RW_TRY(rw_ranks_join(&argc, &argv));
    return found->run(argc - 2, argv + 2);
}

static bool is_ending; /* set by main, before it returns */

/* Some libraries end the program when the system refuses them something: that of OpenMP when it can start no thread. */
static void tell_of_library(void) {
    if (is_ending)
        return;
    (void)fprintf(stderr,
                  "rewire: error: a library could not go on; what it says stands above. Use fewer --threads, or "
                  "raise the limits on processes and memory (ulimit -u, ulimit -v)\n");
    _exit(RW_ERR_SYSTEM);
}

int main(int argc, char **argv) {
    /* A file over the size limit then causes a failed write with a message instead of the end of the program. */
    (void)signal(SIGXFSZ, SIG_IGN);
    rw_io_start();
    (void)atexit(tell_of_library); /* without it, their exit code would be seen */
    rw_err err = dispatch(argc, argv);
    bool written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (err != RW_OK && err != RW_DIFFERENT) {
        if (rw_comm_speaks(rw_ranks(), err))
            (void)fprintf(stderr, "rewire: error: %s\n", rw_error_message());
    } else if (!written) {
        err = RW_ERR_SYSTEM;
        (void)fprintf(stderr, "rewire: error: standard output could not be written; is the disk full?\n");
    }
    is_ending = true;
    rw_ranks_leave(err);
    return (int)err;
}
