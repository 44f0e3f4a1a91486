#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "cli/usage.h"

enum { MAX_OPTIONS = 16, MAX_COUNT = 4096 };

/* The forms of `--help`. */
static const struct {
    const char *word;
    void (*print)(const rw_usage *usage);
} forms[] = {
    {"--help", rw_usage_print_help},
    {"-h", rw_usage_print_help},
    {"--help=man", rw_usage_print_man},
    {"--help=words", rw_usage_print_words},
};

/* Prints the help that the words ask for; true if they ask. */
static bool print_help(const rw_usage *usage, int argc, char **argv) {
    for (int i = 0; i < argc; i++)
        for (size_t k = 0; k < RW_COUNT(forms); k++)
            if (strcmp(argv[i], forms[k].word) == 0) {
                forms[k].print(usage);
                return true;
            }
    return false;
}

/* The option that `word` names; *argument is the text after '=' or NULL. */
static const rw_option *find(const rw_usage *usage, const char *word, const char **argument) {
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    *argument = equals != NULL ? equals + 1 : NULL;
    for (size_t i = 0; i < usage->n_options; i++) {
        const rw_option *option = &usage->options[i];
        if (strlen(option->name) == length && strncmp(option->name, word, length) == 0)
            return option;
        if (option->shorthand != NULL && strcmp(option->shorthand, word) == 0)
            return option;
    }
    return NULL;
}

static rw_err unknown(const rw_usage *usage, const char *word) {
    const char *names[MAX_OPTIONS + 1] = {"--help"};
    RW_ASSERT(usage->n_options <= MAX_OPTIONS);
    for (size_t i = 0; i < usage->n_options; i++)
        names[i + 1] = usage->options[i].name;
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    const char *nearest = rw_nearest(name, names, usage->n_options + 1);
    if (nearest != NULL)
        return rw_fail(RW_ERR_INPUT, "rewire %s has no option %s; did you mean %s?", usage->name, name, nearest);
    return rw_fail(RW_ERR_INPUT, "rewire %s has no option %s; `rewire %s --help` lists what it has", usage->name, name,
                   usage->name);
}

static rw_err store_count(const rw_option *option, const char *argument) {
    char *end = NULL;
    errno = 0;
    long count = strtol(argument, &end, 10);
    RW_CHECK(errno == 0 && end != argument && *end == '\0' && count >= 1 && count <= MAX_COUNT, RW_ERR_INPUT,
             "%s %s: give a whole number from 1 to %d", option->name, argument, MAX_COUNT);
    *(int *)option->value = (int)count;
    return RW_OK;
}

static rw_err store(const rw_option *option, const char *argument) {
    switch (option->kind) {
    case RW_OPTION_FLAG:
        RW_CHECK(argument == NULL, RW_ERR_INPUT, "%s takes no value; leave out \"=%s\"", option->name, argument);
        *(bool *)option->value = true;
        return RW_OK;
    case RW_OPTION_TEXT:
        *(const char **)option->value = argument;
        return RW_OK;
    case RW_OPTION_COUNT:
        return store_count(option, argument);
    case RW_OPTION_LIST: {
        rw_text_list *list = option->value;
        RW_TRY(RW_GROW(list->items, list->count, list->count + 1, "command line"));
        list->items[list->count++] = argument;
        return RW_OK;
    }
    }
    return RW_OK;
}

static rw_err read_option(const rw_usage *usage, int argc, char **argv, int *at) {
    const char *word = argv[*at], *argument = NULL;
    const rw_option *option = find(usage, word, &argument);
    if (option == NULL)
        return unknown(usage, word);
    if (option->kind != RW_OPTION_FLAG && argument == NULL) {
        RW_CHECK(*at + 1 < argc, RW_ERR_INPUT, "%s needs a value: %s %s", word, word, option->argument);
        argument = argv[++*at];
    }
    return store(option, argument);
}

rw_err rw_options_parse(const rw_usage *usage, int argc, char **argv, const char **positional, bool *help) {
    size_t n_positional = 0;
    bool options_end = false;
    *help = print_help(usage, argc, argv);
    if (*help)
        return RW_OK;
    for (int i = 0; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1] != '\0') {
            RW_TRY(read_option(usage, argc, argv, &i));
        } else {
            RW_CHECK(n_positional < usage->max_positional, RW_ERR_INPUT, "\"%s\" is one word too many: rewire %s %s",
                     argv[i], usage->name, usage->positional);
            positional[n_positional++] = argv[i];
        }
    }
    RW_CHECK(n_positional >= usage->min_positional, RW_ERR_INPUT, "something is missing: rewire %s %s", usage->name,
             usage->positional);
    return RW_OK;
}
