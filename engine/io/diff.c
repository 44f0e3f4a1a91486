#include "io/diff.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/count.h"
#include "base/memory.h"
#include "io/diff_h5.h"
#include "io/directory.h"
#include "io/links.h"

enum { REPORT_SIZE = 8192 };

/* Names of files relative to a directory. */
typedef struct {
    char **names;
    size_t count, size;
} name_list;

static void free_names(name_list *list) {
    for (size_t i = 0; i < list->count; i++)
        rw_free(list->names[i]);
    rw_free(list->names);
}

static rw_err add_name(name_list *list, const char *name) {
    if (list->count == list->size) {
        size_t size = list->size == 0 ? 16 : 2 * list->size;
        RW_TRY(RW_GROW(list->names, list->size, size, "names of result files"));
        list->size = size;
    }
    char **added = &list->names[list->count];
    RW_TRY(RW_NEW(*added, strlen(name) + 1, "names of result files"));
    memcpy(*added, name, strlen(name));
    list->count++;
    return RW_OK;
}

static rw_err fail_path(const char *path) {
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot read this: %s; check the path", path, strerror(errno));
}

/* What differs between equal runs (times, machines, and what is needed to resume), and what is made of results. */
static bool is_left_out(const char *name) {
    size_t length = strlen(name);
    return strcmp(name, "report") == 0 || strcmp(name, "compare") == 0 || strcmp(name, "measures.csv") == 0 ||
           strncmp(name, "run.json", strlen("run.json")) == 0 || strcmp(name, "checkpoint/A.h5") == 0 ||
           strcmp(name, "checkpoint/B.h5") == 0 || (length > 5 && strcmp(name + length - 5, ".rows") == 0);
}

static rw_err list_files(name_list *list, const char *root, const char *inside);

static rw_err list_entry(name_list *list, const char *root, const char *name) {
    struct stat info;
    rw_path path = rw_path_of("%s/%s", root, name);
    if (stat(path.text, &info) != 0)
        return fail_path(path.text);
    if (is_left_out(name))
        return RW_OK;
    return S_ISDIR(info.st_mode) ? list_files(list, root, name) : add_name(list, name);
}

static rw_err list_files(name_list *list, const char *root, const char *inside) {
    rw_path path = rw_path_of("%s/%s", root, inside);
    DIR *directory = opendir(path.text);
    if (directory == NULL)
        return fail_path(path.text);
    rw_err err = RW_OK;
    const struct dirent *entry;
    while (err == RW_OK && (entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        err = list_entry(list, root, rw_path_of("%s%s%s", inside, inside[0] != '\0' ? "/" : "", entry->d_name).text);
    }
    (void)closedir(directory); /* was only read */
    return err;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static rw_err list_result(name_list *list, const char *root) {
    rw_path run = rw_path_of("%s/run.json", root);
    struct stat info;
    RW_CHECK(stat(run.text, &info) == 0, RW_ERR_INPUT,
             "%s: this is not the result of a run: there is no run.json in it", root);
    RW_TRY(list_files(list, root, ""));
    if (list->count > 0)
        qsort(list->names, list->count, sizeof *list->names, by_name);
    return RW_OK;
}

/* Lines that are not compared: checksums, which repeat what differs in other files, and in the scenario what changes no
 * result. */
static bool is_passed_over(const char *line) {
    static const char *const keys[] = {"checkpoint:", "title:"};
    for (size_t k = 0; k < RW_COUNT(keys); k++)
        if (strncmp(line, keys[k], strlen(keys[k])) == 0)
            return true;
    return strstr(line, "\"sha256\": ") != NULL;
}

/* The next line that is compared, without its end; NULL after the last. */
static char *next_line(char **line, size_t *size, FILE *file, unsigned long *number) {
    do {
        if (getline(line, size, file) < 0)
            return NULL;
        (*number)++;
        (*line)[strcspn(*line, "\n")] = '\0';
    } while (is_passed_over(*line));
    return *line;
}

static rw_err compare_lines(FILE *a, FILE *b, const char *name, char *report) {
    char *line_a = NULL, *line_b = NULL;
    size_t size_a = 0, size_b = 0;
    unsigned long number_a = 0, number_b = 0;
    rw_err err = RW_OK;
    for (bool more = true; more && err == RW_OK;) {
        const char *text_a = next_line(&line_a, &size_a, a, &number_a);
        const char *text_b = next_line(&line_b, &size_b, b, &number_b);
        more = text_a != NULL || text_b != NULL;
        if (more && (text_a == NULL || text_b == NULL || strcmp(text_a, text_b) != 0)) {
            (void)snprintf(report, REPORT_SIZE, "%s: line %lu: %.200s against %.200s", name, number_a,
                           text_a != NULL ? text_a : "(end of file)", text_b != NULL ? text_b : "(end of file)");
            err = RW_DIFFERENT;
        }
    }
    free(line_a); /* of getline */
    free(line_b);
    return err;
}

static rw_err compare_text(const char *path_a, const char *path_b, const char *name, char *report) {
    FILE *a = fopen(path_a, "r"), *b = fopen(path_b, "r");
    rw_err err = a == NULL ? fail_path(path_a) : b == NULL ? fail_path(path_b) : compare_lines(a, b, name, report);
    if (err == RW_OK && (ferror(a) || ferror(b)))
        err = rw_fail(RW_ERR_SYSTEM, "%s: reading failed in %s or %s; check the disk", name, path_a, path_b);
    if (a != NULL)
        (void)fclose(a); /* these were only read */
    if (b != NULL)
        (void)fclose(b);
    return err;
}

static rw_err compare_file(const char *path_a, const char *path_b, const char *name, char *report) {
    bool is_h5 = strstr(name, ".h5") != NULL;
    return is_h5 ? rw_h5_diff(path_a, path_b, name, report, REPORT_SIZE) : compare_text(path_a, path_b, name, report);
}

/* Goes through both sorted lists at once, up to the first difference. */
static rw_err compare_lists(const char *a, const name_list *in_a, const char *b, const name_list *in_b, char *report) {
    for (size_t i = 0, j = 0; i < in_a->count || j < in_b->count; i++, j++) {
        const char *name_a = i < in_a->count ? in_a->names[i] : NULL, *name_b = j < in_b->count ? in_b->names[j] : NULL;
        int order = name_a == NULL ? 1 : name_b == NULL ? -1 : strcmp(name_a, name_b);
        if (order != 0) {
            (void)snprintf(report, REPORT_SIZE, "%s: only in %s", order < 0 ? name_a : name_b, order < 0 ? a : b);
            return RW_DIFFERENT;
        }
        RW_TRY(compare_file(rw_path_of("%s/%s", a, name_a).text, rw_path_of("%s/%s", b, name_a).text, name_a, report));
    }
    return RW_OK;
}

/* Different scenarios explain every other difference, so they are reported too. */
static void add_scenarios(const char *a, const char *b, char *report) {
    char second[REPORT_SIZE];
    rw_path scenario_a = rw_path_of("%s/scenario.yaml", a), scenario_b = rw_path_of("%s/scenario.yaml", b);
    size_t used = strlen(report);
    if (strncmp(report, "scenario.yaml", strlen("scenario.yaml")) != 0 &&
        compare_text(scenario_a.text, scenario_b.text, "scenario.yaml", second) == RW_DIFFERENT)
        (void)snprintf(report + used, REPORT_SIZE - used, "\nThe scenarios differ, too: %s", second);
}

static rw_err compare_directories(const char *a, const char *b, char *report) {
    name_list in_a = {0}, in_b = {0};
    rw_err err = list_result(&in_a, a);
    if (err == RW_OK)
        err = list_result(&in_b, b);
    if (err == RW_OK)
        err = compare_lists(a, &in_a, b, &in_b, report);
    free_names(&in_a);
    free_names(&in_b);
    if (err == RW_DIFFERENT)
        add_scenarios(a, b, report);
    return err;
}

rw_err rw_result_diff(const char *a, const char *b, char **report) {
    struct stat info_a, info_b;
    *report = NULL;
    if (stat(a, &info_a) != 0)
        return fail_path(a);
    if (stat(b, &info_b) != 0)
        return fail_path(b);
    RW_CHECK(S_ISDIR(info_a.st_mode) == S_ISDIR(info_b.st_mode), RW_ERR_INPUT,
             "%s and %s: give two result directories, or two files of results", a, b);
    if (S_ISDIR(info_a.st_mode)) {
        RW_TRY(rw_links_check(a));
        RW_TRY(rw_links_check(b));
    }
    RW_TRY(RW_NEW(*report, REPORT_SIZE, "report of a difference"));
    rw_err err = S_ISDIR(info_a.st_mode) ? compare_directories(a, b, *report) : compare_file(a, b, a, *report);
    if (err != RW_DIFFERENT) {
        rw_free(*report);
        *report = NULL;
    }
    return err;
}
