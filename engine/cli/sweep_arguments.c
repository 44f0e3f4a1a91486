#include "cli/sweep_arguments.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/sweep/freeze.h"

bool rw_sweep_arguments_name_file(const rw_sweep_arguments *arguments) {
    const char *word = arguments->words[0];
    size_t length = strlen(word);
    return (length > 5 && strcmp(word + length - 5, ".yaml") == 0) ||
           (length > 4 && strcmp(word + length - 4, ".yml") == 0);
}

/* out/NAME of NAME.yaml, unless -o says where; a word that is no YAML file is the directory itself. */
rw_path rw_sweep_arguments_directory(const rw_sweep_arguments *arguments) {
    const char *word = arguments->words[0], *slash = strrchr(word, '/'), *name = slash != NULL ? slash + 1 : word;
    if (!rw_sweep_arguments_name_file(arguments))
        return rw_path_of("%s", word);
    if (arguments->directory != NULL)
        return rw_path_of("%s", arguments->directory);
    return rw_path_of("out/%.*s", (int)(strrchr(name, '.') - name), name);
}

/* Opens the sweep that the first word names, after freezing it if that is a file. */
rw_err rw_sweep_arguments_open(const rw_sweep_arguments *arguments, rw_sweep **sweep) {
    rw_path directory = rw_sweep_arguments_directory(arguments);
    *sweep = NULL;
    RW_CHECK(rw_sweep_arguments_name_file(arguments) || arguments->directory == NULL, RW_ERR_INPUT,
             "-o is for a sweep's file; %s is a directory", arguments->words[0]);
    if (rw_sweep_arguments_name_file(arguments))
        RW_TRY(rw_sweep_freeze(arguments->words[0], directory.text));
    return rw_sweep_open(sweep, directory.text, arguments->any_version);
}

rw_err rw_sweep_arguments_program(rw_path *program) {
    ssize_t length = readlink("/proc/self/exe", program->text, sizeof program->text - 1);
    RW_CHECK(length > 0, RW_ERR_SYSTEM,
             "/proc/self/exe cannot be read, so the program cannot be started again; mount /proc");
    program->text[length] = '\0';
    return RW_OK;
}

rw_err rw_sweep_arguments_range(const char *text, size_t n_points, size_t *first, size_t *last) {
    char *end = NULL;
    *first = 0;
    *last = n_points;
    if (text == NULL)
        return RW_OK;
    *first = strtoul(text, &end, 10);
    bool right = end != text;
    *last = *first;
    if (right && *end == '-') {
        const char *second = end + 1;
        *last = strtoul(second, &end, 10);
        right = end != second;
    }
    RW_CHECK(right && *end == '\0' && *first <= *last && *last < n_points, RW_ERR_INPUT,
             "--points %s: write first-last, from 0 to %zu", text, n_points - 1);
    ++*last;
    return RW_OK;
}
