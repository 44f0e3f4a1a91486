#include "io/node_types.h"

#include <inttypes.h>
#include <string.h>

#include "io/edges/edges.h"
#include "io/pynn_cells.h"

/* ---- ids ---- */

static size_t n_types(const rw_population_spec *spec) {
    return spec->origin != NULL ? spec->origin->n_types : 1;
}

static uint64_t wanted_id(const rw_scenario *scenario, size_t population, size_t type) {
    const rw_node_origin *origin = scenario->populations[population].origin;
    return origin != NULL ? origin->type_id[type] : population;
}

/* Whether a population before this one wants an id too. */
static bool is_taken(const rw_scenario *scenario, size_t population, uint64_t id) {
    for (size_t p = 0; p < population; p++)
        for (size_t t = 0; t < n_types(&scenario->populations[p]); t++)
            if (wanted_id(scenario, p, t) == id)
                return true;
    return false;
}

/* Where ids collide, those of the later population are moved behind all others, by as much as the largest. */
int64_t rw_node_type_id(const rw_scenario *scenario, size_t population, size_t type) {
    uint64_t id = wanted_id(scenario, population, type), largest = 0;
    bool moved = false;
    for (size_t t = 0; t < n_types(&scenario->populations[population]); t++)
        moved = moved || is_taken(scenario, population, wanted_id(scenario, population, t));
    for (size_t p = 0; moved && p < scenario->n_populations; p++)
        for (size_t t = 0; t < n_types(&scenario->populations[p]); t++)
            largest = wanted_id(scenario, p, t) > largest ? wanted_id(scenario, p, t) : largest;
    return (int64_t)(moved ? population * (largest + 1) + id : id);
}

/* ---- columns ---- */

/* Our columns; a circuit's of these names would say nothing new. */
static bool is_ours(const char *column) {
    return strcmp(column, "population") == 0 || strcmp(column, "model_type") == 0 || strcmp(column, "model") == 0;
}

/* Columns whose values mean the circuit's own files and ids. */
static bool means_source(const char *column) {
    return strcmp(column, "node_type_id") == 0 || strcmp(column, "model_template") == 0 ||
           strcmp(column, "dynamics_params") == 0;
}

const char *rw_node_types_source(const char *column) {
    static const char prefix[] = "source_";
    const char *behind = column + sizeof prefix - 1;
    if (strncmp(column, prefix, sizeof prefix - 1) == 0 && means_source(behind))
        return behind;
    return is_ours(column) || means_source(column) ? NULL : column;
}

static size_t column_of(const rw_node_origin *origin, const char *name) {
    for (size_t c = 0; c < origin->n_columns; c++)
        if (strcmp(origin->columns[c], name) == 0)
            return c;
    return SIZE_MAX;
}

/* Whether a column is the first of its name over all populations. */
static bool is_first(const rw_scenario *scenario, size_t population, const char *name) {
    for (size_t p = 0; p < population; p++)
        if (scenario->populations[p].origin != NULL && column_of(scenario->populations[p].origin, name) != SIZE_MAX)
            return false;
    return !is_ours(name);
}

/* Calls `visit` for each column of the circuits' tables, once for each name. */
static void each_column(FILE *file, const rw_scenario *scenario, const rw_node_origin *of, size_t type,
                        void (*visit)(FILE *file, const char *name, const rw_node_origin *of, size_t type)) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_node_origin *origin = scenario->populations[p].origin;
        for (size_t c = 0; origin != NULL && c < origin->n_columns; c++)
            if (is_first(scenario, p, origin->columns[c]))
                visit(file, origin->columns[c], of, type);
    }
}

static void write_name(FILE *file, const char *name, const rw_node_origin *of, size_t type) {
    (void)of;
    (void)type;
    (void)fprintf(file, " %s%s", means_source(name) ? "source_" : "", name);
}

static void write_cell(FILE *file, const char *name, const rw_node_origin *of, size_t type) {
    size_t column = of != NULL ? column_of(of, name) : SIZE_MAX;
    (void)fputc(' ', file);
    rw_csv_field(file, column != SIZE_MAX ? of->cells[type * of->n_columns + column] : "");
}

/* ---- the table ---- */

/* Readers need a cell type that they know: a standard cell of PyNN, if one does the same. Otherwise our own model,
 * which they refuse rather than simulate another. */
static void write_template(FILE *file, const rw_population_spec *spec) {
    const rw_pynn_cell *cell = rw_pynn_cell_find(spec);
    if (spec->model == NULL)
        (void)fputs("pyNN:SpikeSourceArray", file);
    else
        (void)fprintf(file, "%s:%s", cell != NULL ? "pyNN" : "rewire", cell != NULL ? cell->name : spec->model->name);
}

static void write_line(FILE *file, const rw_scenario *scenario, size_t population, size_t type) {
    const rw_population_spec *spec = &scenario->populations[population];
    (void)fprintf(file, "%" PRId64 " ", rw_node_type_id(scenario, population, type));
    rw_csv_field(file, spec->name);
    (void)fprintf(file, " %s ", spec->model == NULL ? "virtual" : "point_neuron");
    write_template(file, spec);
    (void)fputc(' ', file);
    rw_csv_field(file, spec->model == NULL ? "" : spec->model->name);
    each_column(file, scenario, spec->origin, type, write_cell);
    (void)fputc('\n', file);
}

rw_err rw_node_types_write(rw_directory *directory, const rw_scenario *scenario) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "node_types.csv", &file));
    (void)fputs("node_type_id population model_type model_template model", file);
    each_column(file, scenario, NULL, 0, write_name);
    (void)fputc('\n', file);
    for (size_t p = 0; p < scenario->n_populations; p++)
        for (size_t t = 0; t < n_types(&scenario->populations[p]); t++)
            write_line(file, scenario, p, t);
    return rw_directory_commit_text(directory, "node_types.csv", file);
}
