/* Every table of the scenario language says all that reading, writing, reference and schema need. */
#include <stdio.h>
#include <string.h>

#include "close.h"
#include "config/describe.h"
#include "config/scenario_table.h"

static int n_wrong, n_entries;

/* Counts and prints what an entry lacks. */
static void expect(bool right, const rw_key_table *table, const rw_entry *entry, const char *what) {
    if (right)
        return;
    n_wrong++;
    print_error("%s.%s: %s\n", table->name, entry->name != NULL ? entry->name : "(inline)", what);
}

static void check_value(rw_units *units, const rw_key_table *table, const rw_entry *entry) {
    char text[RW_DESCRIPTION_SIZE];
    bool has_unit = entry->unit != NULL, drawn = entry->quantity != NULL;
    expect(!has_unit || rw_units_knows(units, entry->unit), table, entry, "its unit is none");
    expect(!has_unit || entry->min <= entry->max, table, entry, "its range is empty");
    expect(has_unit || drawn || (entry->kind != RW_KIND_QUANTITY && entry->kind != RW_KIND_COURSE), table, entry,
           "a number needs a unit, or a function that knows it");
    expect(entry->kind != RW_KIND_INTEGER || entry->least <= entry->most, table, entry, "its range is empty");
    expect(entry->kind != RW_KIND_CHOICE || entry->n_words > 1, table, entry, "a choice needs words");
    expect(entry->kind != RW_KIND_OTHER ||
               (entry->read != NULL && entry->write != NULL && entry->form != NULL && entry->schema != NULL),
           table, entry, "no kind says what it is, so it needs read, write, form and schema");
    expect(strlen(rw_describe_value(entry, text)) > 0, table, entry, "the reference does not say what may stand there");
}

static void check_entry(rw_units *units, const rw_key_table *table, const rw_entry *entry) {
    size_t length = entry->help != NULL ? strlen(entry->help) : 0;
    if (entry->name == NULL) {
        expect(entry->kind == RW_KIND_SETTINGS || entry->kind == RW_KIND_INLINE, table, entry, "it needs a name");
        return;
    }
    n_entries++;
    check_value(units, table, entry);
    expect(length > 0 && entry->help[length - 1] == '.', table, entry, "its help is no sentence");
    expect(entry->required + (entry->default_text != NULL) + (entry->default_words != NULL) == 1, table, entry,
           "it is either required, or has a standard, or says what holds otherwise");
    expect(rw_key_table_find(table, entry->name) == entry, table, entry, "another entry has its name");
    const rw_entry *by = rw_key_table_find(table, table->by);
    expect(entry->only == 0 || (by != NULL && entry->only < RW_ONLY(by->n_words)), table, entry,
           "it exists for choices that the table does not have");
}

static void check_table(rw_units *units, const rw_key_table *table) {
    assert_non_null(table->help);
    assert_true(table->by == NULL || rw_key_table_find(table, table->by)->kind == RW_KIND_CHOICE);
    assert_true(table->shorthand == NULL || rw_key_table_find(table, table->shorthand) != NULL);
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        bool is_map = entry->kind == RW_KIND_MAP || entry->kind == RW_KIND_LIST || entry->kind == RW_KIND_NAMED;
        check_entry(units, table, entry);
        expect(!is_map || entry->table != NULL, table, entry, "it needs the table of its map");
        expect(entry->kind == RW_KIND_MAP || !is_map || entry->table->item_size > 0, table, entry,
               "its items need a struct");
        expect(!table->flow || !is_map || entry->table->flow, table, entry, "a map on one line holds one that is not");
        if (is_map)
            check_table(units, entry->table);
    }
}

static void every_entry_is_complete(void **state) {
    (void)state;
    rw_units *units = NULL;
    assert_ok(rw_units_create(&units));
    check_table(units, &rw_scenario_table);
    rw_units_destroy(&units);
    assert_true(n_entries > 100);
    assert_int_equal(n_wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
