#include "config/reference.h"

#include <string.h>

#include "config/describe.h"
#include "config/scenario_table.h"

enum { PATH_SIZE = 160, WIDTH = 100 };

/* How values are written that return everywhere. */
static const struct {
    const char *name, *form;
} forms[] = {
    {"a quantity",
     "A number and a unit: `40 min`, `0.5 nS`, `1e-4 /ms`, `1500 um`. Every unit that UDUNITS-2 knows is accepted if "
     "its dimension is right; only pure numbers have no unit. The decimal separator is a point."},
    {"a distribution", "`{uniform: [a, b]}`, `{normal: [mean, std]}` or `{lognormal: [mean, std]}`, optionally with "
                       "`min` and `max` beside it: draws outside are repeated. One draw for each cell, synapse "
                       "or person."},
    {"a course",
     "`{steps: [[0 s, 5 Hz], [10 s, 8 Hz]]}` keeps each value until the next time; `{table: [[0 s, 5 Hz], [10 s, "
     "8 Hz]]}` interpolates linearly. Times are ascending; the first is 0, so that nothing acts before it is said to. "
     "After the last point its value stays."},
    {"a selection of cells", "`all`, `{first: 100}`, `{fraction: 0.1}` at random, or `{ids: [0, 5, 7]}`."},
    {"a name", "A letter or `_`, then letters, digits, `_` and `-`; at most 64."},
    {"a model", "`rewire models` lists all; `rewire models NAME` shows its equations, parameters, units, defaults and "
                "ranges."},
};

/* A table and where it stands. */
typedef void visit(FILE *out, const rw_key_table *table, const char *path);

static void join(char path[PATH_SIZE], const char *parent, const char *name) {
    (void)snprintf(path, PATH_SIZE, "%s%s%s", parent, parent[0] != '\0' ? "." : "", name);
}

/* Visits the tables of the maps inside one, each after what it stands in. */
static void visit_inner(FILE *out, const rw_key_table *table, const char *path, visit *each) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        char inner[PATH_SIZE];
        bool is_map = entry->kind == RW_KIND_MAP || entry->kind == RW_KIND_LIST || entry->kind == RW_KIND_NAMED ||
                      (entry->kind == RW_KIND_SELECTION && entry->table != NULL);
        if (!is_map || entry->name == NULL)
            continue;
        join(inner, path, entry->name);
        each(out, entry->table, inner);
        visit_inner(out, entry->table, inner, each);
    }
}

/* ---- Markdown ---- */

static void write_row(FILE *out, const rw_key_table *table, const rw_entry *entry) {
    char value[RW_DESCRIPTION_SIZE], otherwise[RW_DESCRIPTION_SIZE], only[RW_DESCRIPTION_SIZE];
    if (entry->name == NULL) {
        (void)fprintf(out,
                      entry->kind == RW_KIND_INLINE ? "| those of `%s` | | | One may stand here. |\n"
                                                    : "| parameters | | the model's%s | Parameters and initial "
                                                      "states of the model. |\n",
                      entry->kind == RW_KIND_INLINE ? entry->table->name : "");
        return;
    }
    const char *choices = rw_describe_choices(table, entry, only);
    (void)fprintf(out, "| `%s` | %s | %s | %s%s%s%s |\n", entry->name, rw_describe_value(entry, value),
                  rw_describe_default(entry, otherwise), entry->help, choices != NULL ? " Only with: " : "",
                  choices != NULL ? choices : "", choices != NULL ? "." : "");
}

static void write_table(FILE *out, const rw_key_table *table, const char *path) {
    bool is_section = strchr(path, '.') == NULL;
    (void)fprintf(out, "\n%s `%s`\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
                  is_section ? "##" : "###", path, table->help);
    for (size_t k = 0; k < table->n_entries; k++)
        write_row(out, table, &table->entries[k]);
}

void rw_reference_write_markdown(FILE *out) {
    const rw_key_table *table = &rw_scenario_table;
    (void)fprintf(
        out,
        "# Reference of the scenario language\n\nWritten by `rewire reference --markdown` from the tables that "
        "read scenarios. `rewire reference KEY` shows a part of it in the terminal, `rewire schema` is the "
        "same for editors.\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
        table->help);
    for (size_t k = 0; k < table->n_entries; k++)
        write_row(out, table, &table->entries[k]);
    (void)fputs("\n## How values are written\n\n| value | how |\n|---|---|\n", out);
    for (size_t k = 0; k < RW_COUNT(forms); k++)
        (void)fprintf(out, "| %s | %s |\n", forms[k].name, forms[k].form);
    visit_inner(out, table, "", write_table);
}

/* ---- terminal ---- */

/* Prints text without the marks of code, broken into lines behind `indent` spaces. */
static void print_text(FILE *out, int indent, const char *text) {
    int column = 0;
    while (*text != '\0') {
        int length = (int)strcspn(text, " "), shown = 0;
        for (int k = 0; k < length; k++)
            shown += text[k] != '`';
        if (column > 0 && column + 1 + shown > WIDTH - indent) {
            (void)fputc('\n', out);
            column = 0;
        }
        (void)fprintf(out, "%*s", column == 0 ? indent : 1, "");
        column += shown + (column > 0);
        for (int k = 0; k < length; k++)
            if (text[k] != '`')
                (void)fputc(text[k], out);
        text += length + (text[length] == ' ');
    }
    (void)fputc('\n', out);
}

static void print_entry(FILE *out, const rw_key_table *table, const rw_entry *entry) {
    char value[RW_DESCRIPTION_SIZE], otherwise[RW_DESCRIPTION_SIZE], only[RW_DESCRIPTION_SIZE];
    char line[3 * RW_DESCRIPTION_SIZE];
    if (entry->name == NULL) {
        print_text(out, 2,
                   entry->kind == RW_KIND_INLINE ? "and the keys of one dose"
                                                 : "and parameters and initial states of the model");
        return;
    }
    const char *choices = rw_describe_choices(table, entry, only);
    (void)rw_describe_default(entry, otherwise);
    (void)snprintf(line, sizeof line, "%s: %s%s%s%s%s", entry->name, rw_describe_value(entry, value),
                   entry->required        ? "; required"
                   : otherwise[0] != '\0' ? "; default: "
                                          : "",
                   entry->required ? "" : otherwise, choices != NULL ? "; only with " : "",
                   choices != NULL ? choices : "");
    print_text(out, 2, line);
    print_text(out, 6, entry->help);
}

static void print_table(FILE *out, const rw_key_table *table, const char *path) {
    (void)fprintf(out, "%s\n", path);
    print_text(out, 0, table->help);
    (void)fputc('\n', out);
    for (size_t k = 0; k < table->n_entries; k++)
        print_entry(out, table, &table->entries[k]);
}

static void print_inner_table(FILE *out, const rw_key_table *table, const char *path) {
    (void)fputc('\n', out);
    print_table(out, table, path);
}

/* The key of a path that is `length` long, or NULL and an error that says which there are. */
static rw_err find_key(const rw_key_table *table, const char *name, size_t length, const rw_entry **found) {
    char word[PATH_SIZE], text[320];
    (void)snprintf(word, sizeof word, "%.*s", (int)length, name);
    *found = rw_key_table_find(table, word);
    rw_suggestion suggestion = {.word = word};
    for (size_t k = 0; k < table->n_entries; k++)
        if (table->entries[k].name != NULL)
            rw_suggestion_offer(&suggestion, table->entries[k].name);
    RW_CHECK(*found != NULL, RW_ERR_INPUT, "%s has no key \"%s\"; %s", table->name, word,
             rw_suggestion_text(&suggestion, text, sizeof text));
    return RW_OK;
}

rw_err rw_reference_print(FILE *out, const char *path) {
    const rw_key_table *table = &rw_scenario_table, *inside = table;
    const rw_entry *entry = NULL;
    for (const char *at = path; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ".");
        RW_CHECK(inside != NULL, RW_ERR_INPUT, "%s has no keys inside", entry->name);
        table = inside;
        RW_TRY(find_key(table, at, length, &entry));
        inside = entry->kind == RW_KIND_INLINE || entry->kind == RW_KIND_SETTINGS ? NULL : entry->table;
        at += length + (at[length] == '.');
    }
    if (entry == NULL) {
        print_table(out, table, "The sections of a scenario");
        (void)fputs("\n`rewire reference SECTION` shows one with its keys, `rewire reference SECTION.KEY` a key.\n",
                    out);
    } else if (inside == NULL) {
        print_entry(out, table, entry);
    } else {
        print_table(out, inside, path);
        visit_inner(out, inside, path, print_inner_table);
    }
    return RW_OK;
}
