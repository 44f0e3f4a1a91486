/* What a command takes, in the forms that people and programs ask for. All come from the command's table of options. */
#ifndef RW_CLI_USAGE_H
#define RW_CLI_USAGE_H

#include "cli/options.h"

/* Prints `--help`: how the command is called, what it does, a line for each option. */
void rw_usage_print_help(const rw_usage *usage);

/* Prints `--help=man`: the same as a page of the manual, in roff (man(7)). */
void rw_usage_print_man(const rw_usage *usage);

/* Prints `--help=words`: a line for each option, its name and what it does with a tabulator between, for completion in
 * shells. */
void rw_usage_print_words(const rw_usage *usage);

/* Prints a page of the manual that has the title, e.g. "rewire run", one sentence, how it is called, and paragraphs of
 * text; options [n_options] may be NULL. */
void rw_man_print(const char *title, const char *sentence, const char *call, const char *text, const rw_option *options,
                  size_t n_options);

#endif
