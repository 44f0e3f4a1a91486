/* The tables that say which models of other simulators ours are name models, receptors and fields that exist. */
#include <string.h>

#include "close.h"
#include "io/pynn_cells.h"
#include "io/sonata/sonata_in_models.h"
#include "model/registry.h"

static void check_field(const rw_model *model, const char *field, const char *of) {
    if (rw_model_field(model, field) == RW_NO_FIELD)
        fail_msg("%s: our %s has no field %s", of, model->name, field);
}

static void check_cell(const rw_pynn_cell *cell, const rw_model *neuron) {
    assert_true(cell->n_parameters > 0);
    for (size_t k = 0; k < cell->n_parameters; k++) {
        const rw_pynn_parameter *parameter = &cell->parameters[k];
        const rw_model *model =
            parameter->receptor != NULL ? rw_registry_find(RW_RECEPTOR, parameter->receptor) : neuron;
        if (model == NULL)
            fail_msg("%s: there is no receptor %s", cell->name, parameter->receptor);
        check_field(model, parameter->field, cell->name);
        if (parameter->over != NULL)
            check_field(model, parameter->over, cell->name);
    }
}

/* A cell of the table whose model does not exist would be found for no model. */
static void cells_of_pynn_are_models_that_exist(void **state) {
    static const char *const names[] = {"IF_curr_exp", "IF_curr_alpha", "IF_cond_exp"};
    size_t found[RW_COUNT(names)] = {0};
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        const rw_pynn_cell *cell = rw_pynn_cell_find(&(rw_population_spec){.model = model});
        if (model->kind != RW_NEURON || cell == NULL)
            continue;
        check_cell(cell, model);
        for (size_t k = 0; k < RW_COUNT(names); k++)
            found[k] += strcmp(cell->name, names[k]) == 0;
    }
    for (size_t k = 0; k < RW_COUNT(names); k++)
        if (found[k] != 1)
            fail_msg("%s is the standard cell of %zu models", names[k], found[k]);
}

static const rw_model *owner_of(const rw_sonata_nest *nest, const rw_sonata_parameter *parameter) {
    if (parameter->owner == RW_SONATA_OF_CELL)
        return rw_registry_find(RW_NEURON, nest->model);
    return rw_registry_find(RW_RECEPTOR, parameter->owner == RW_SONATA_OF_EXC ? nest->exc : nest->inh);
}

static void models_of_nest_and_neuron_are_models_that_exist(void **state) {
    static const char *const names[] = {"nest:iaf_psc_alpha", "nest:iaf_psc_exp",   "nest:iaf_psc_delta",
                                        "nest:iaf_cond_exp",  "nest:aeif_cond_exp", "nest:glif_psc",
                                        "nrn:IntFire1"};
    (void)state;
    for (size_t n = 0; n < RW_COUNT(names); n++) {
        const rw_sonata_nest *nest = rw_sonata_nest_find(names[n]);
        if (nest == NULL || rw_registry_find(RW_NEURON, nest->model) == NULL)
            fail_msg("%s is no model of ours", names[n]);
        for (size_t k = 0; k < nest->n_parameters; k++) {
            const rw_sonata_parameter *parameter = &nest->parameters[k];
            if (parameter->is_switch || parameter->hidden) /* of NEST's own */
                continue;
            const rw_model *owner = owner_of(nest, parameter);
            if (owner == NULL)
                fail_msg("%s: there is no receptor for %s", names[n], parameter->name);
            check_field(owner, parameter->field, names[n]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_pynn_are_models_that_exist),
        cmocka_unit_test(models_of_nest_and_neuron_are_models_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
