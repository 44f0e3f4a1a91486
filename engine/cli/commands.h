/* The commands: each reads the words after its own name and returns the program's exit code. */
#ifndef RW_CLI_COMMANDS_H
#define RW_CLI_COMMANDS_H

#include "base/error.h"

/* rewire run SCENARIO: simulates and leaves a result directory. */
RW_MUST_CHECK rw_err rw_command_run(int argc, char **argv);

/* rewire branch DIR: simulates from a saved state. */
RW_MUST_CHECK rw_err rw_command_branch(int argc, char **argv);

/* rewire check SCENARIO: says what a scenario means and what it will cost. */
RW_MUST_CHECK rw_err rw_command_check(int argc, char **argv);

/* rewire models [NAME]: what a scenario can name. */
RW_MUST_CHECK rw_err rw_command_models(int argc, char **argv);

/* rewire sweep WORD: many runs of one scenario. */
RW_MUST_CHECK rw_err rw_command_sweep(int argc, char **argv);

/* rewire compare SWEEP|DIR...: statistics between scenarios. */
RW_MUST_CHECK rw_err rw_command_compare(int argc, char **argv);

/* rewire report DIR...: one page of a run, a sweep or several results. */
RW_MUST_CHECK rw_err rw_command_report(int argc, char **argv);

/* rewire diff DIR DIR2: the first difference between two results. */
RW_MUST_CHECK rw_err rw_command_diff(int argc, char **argv);

/* rewire profile SCENARIO: where its time goes, and how far that is from the machine's limits. */
RW_MUST_CHECK rw_err rw_command_profile(int argc, char **argv);

/* rewire version: which program this is and how it was built. */
RW_MUST_CHECK rw_err rw_command_version(int argc, char **argv);

#endif
