/* Cells get the numbers the scenario says; projections and inputs that act in the same way share ports and receptors.
 */
#include "network_builder.h"

static rw_network *network_of(const network_builder *builder) {
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder->scenario, 2));
    return network;
}

static size_t field_of(const network_builder *builder, uint32_t population, const char *name) {
    size_t field = rw_model_field(builder->populations[population].model, name);
    assert_true(field != RW_NO_FIELD);
    return field;
}

static void settings_fill_columns(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 500), b = builder_population(&builder, "lif_psc_exp", 500);
    static double table[500];
    for (int i = 0; i < 500; i++)
        table[i] = 100.0 + i;
    rw_value resting = builder_value(RW_NORMAL, -65.0, 2.0);
    rw_setting settings[] = {{field_of(&builder, a, "tau_m"), builder_constant(20.0)},
                             {field_of(&builder, a, "E_L"), resting},
                             {field_of(&builder, a, "C_m"), {.kind = RW_TABLE, .table = table}}};
    for (uint32_t p = a; p <= b; p++) {
        builder.populations[p].settings = settings;
        builder.populations[p].n_settings = 3;
    }
    rw_network *network = network_of(&builder);
    const rw_block *block = &network->populations[a].neuron, *other = &network->populations[b].neuron;
    size_t V_m = field_of(&builder, a, "V_m");
    assert_true(block->columns[settings[0].field].shared);
    double sum = 0, square = 0, same = 0;
    for (size_t i = 0; i < 500; i++) {
        double E_L = rw_block_value(block, settings[1].field, i);
        assert_close(rw_block_value(block, settings[0].field, i), 20.0, 0, 0);
        assert_close(rw_block_value(block, settings[2].field, i), table[i], 0, 0);
        assert_close(rw_block_value(block, V_m, i), E_L, 0, 0); /* states start at the parameter they are like */
        sum += E_L;
        square += (E_L + 65.0) * (E_L + 65.0);
        same += E_L == rw_block_value(other, settings[1].field, i);
    }
    assert_close(sum / 500, -65.0, 0, 5 * 2.0 / sqrt(500));
    assert_close(sqrt(square / 500), 2.0, 0.2, 0);
    assert_close(same, 0, 0, 0); /* populations draw their own */
    rw_network_destroy(&network);
}

static void an_initial_state_is_kept(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 40);
    rw_setting setting = {field_of(&builder, a, "V_m"), builder_value(RW_UNIFORM, -69.0, -56.0)};
    builder.populations[a].settings = &setting;
    builder.populations[a].n_settings = 1;
    rw_network *network = network_of(&builder);
    for (size_t i = 0; i < 40; i++) {
        double V_m = rw_block_value(&network->populations[a].neuron, setting.field, i);
        assert_true(V_m > -69.0 && V_m < -56.0);
    }
    rw_network_destroy(&network);
}

static void invalid_cells_are_refused_with_their_place(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 40);
    rw_setting setting = {field_of(&builder, a, "V_reset"), builder_constant(-50.0)};
    builder.populations[a].settings = &setting;
    builder.populations[a].n_settings = 1;
    builder.populations[a].mark = (rw_mark){"net.yaml", 4, 3};
    rw_network *network = NULL;
    assert_int_equal(rw_network_create(&network, &builder.scenario, 2), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "net.yaml:4:3: population 'population A': "));
    assert_non_null(strstr(rw_error_message(), "V_reset must lie below V_th"));
}

static void virtual_cells_have_neither_neurons_nor_ports(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_population(&builder, NULL, 40);
    rw_network *network = network_of(&builder);
    assert_null(network->populations[0].neuron.model);
    assert_int_equal(network->populations[0].n_receptors, 0);
    assert_int_equal(network->populations[0].n_ports, 0);
    rw_network_destroy(&network);
}

/* A population of lif_cond with ampa and nmda. */
static uint32_t receptor_network(network_builder *builder) {
    builder_start(builder);
    uint32_t a = builder_population(builder, "lif_cond", 20);
    assert_int_equal(builder_receptor(builder, a, "ampa"), 0);
    assert_int_equal(builder_receptor(builder, a, "nmda"), 1);
    return a;
}

static rw_projection_spec *to_both(network_builder *builder, uint32_t a, double ampa, double nmda) {
    rw_projection_spec *spec = builder_projection(builder, a, a, RW_CONNECT_ONE_TO_ONE);
    spec->autapses = true;
    builder_share(builder, spec, true, 0, ampa);
    builder_share(builder, spec, true, 1, nmda);
    return spec;
}

static void equal_lists_of_shares_are_one_port(void **state) {
    (void)state;
    network_builder builder;
    uint32_t a = receptor_network(&builder);
    to_both(&builder, a, 1.0, 0.4);
    to_both(&builder, a, 1.0, 0.4);
    to_both(&builder, a, 1.0, 0.5);
    rw_projection_spec *turned = builder_projection(&builder, a, a, RW_CONNECT_NONE);
    builder_share(&builder, turned, true, 1, 0.4);
    builder_share(&builder, turned, true, 0, 1.0);
    to_both(&builder, a, 1.0, 0.0); /* acts on ampa alone */
    rw_input_spec *input = builder_poisson(&builder, a);
    builder_input_share(&builder, input, true, 0, 1.0);
    builder_poisson(&builder, a)->kind = RW_INPUT_CURRENT;
    rw_network *network = network_of(&builder);
    const rw_population *population = &network->populations[a];
    assert_int_equal(population->n_receptors, 2);
    assert_int_equal(population->n_ports, 3);
    assert_int_equal(network->projections[0].port, 0);
    assert_int_equal(network->projections[1].port, 0);
    assert_int_equal(network->projections[2].port, 1);
    assert_int_equal(network->projections[3].port, 0);
    assert_int_equal(network->projections[4].port, 2);
    assert_int_equal(network->input_ports[0], 2);
    assert_int_equal(network->input_ports[1], RW_NO_PORT);
    assert_int_equal(population->ports[0].n_sinks, 2);
    assert_int_equal(population->ports[0].sinks[1].index, 1);
    assert_close(population->ports[0].sinks[1].share, 0.4, 0, 0);
    assert_int_equal(population->ports[2].n_sinks, 1);
    for (int p = 0; p < 5; p++)
        assert_int_equal(network->projections[p].graded_port, RW_NO_PORT);
    rw_network_destroy(&network);
}

static void fields_of_the_neuron_are_ports_too(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 20);
    rw_projection_spec *spec = builder_projection(&builder, a, a, RW_CONNECT_NONE);
    builder_share(&builder, spec, false, field_of(&builder, a, "inh"), 1.0);
    rw_network *network = network_of(&builder);
    const rw_sink *sink = &network->populations[a].ports[0].sinks[0];
    assert_true(sink->is_field && !sink->graded);
    assert_int_equal(sink->index, field_of(&builder, a, "inh"));
    rw_network_destroy(&network);
}

static void projections_under_the_same_blockades_share_a_receptor(void **state) {
    (void)state;
    network_builder builder;
    uint32_t a = receptor_network(&builder);
    rw_setting setting = {rw_model_field(builder.receptors[a][1].model, "tau_decay"),
                          builder_value(RW_UNIFORM, 80.0, 120.0)};
    builder.receptors[a][1].settings = &setting;
    builder.receptors[a][1].n_settings = 1;
    for (int p = 0; p < 4; p++)
        to_both(&builder, a, 1.0, 0.4);
    size_t everywhere = builder_blockade(&builder, "nmda"), some = builder_blockade(&builder, "nmda");
    size_t elsewhere = builder_blockade(&builder, "ampa");
    builder.on_population[everywhere][a] = true;
    builder.on_projection[some][1] = builder.on_projection[some][2] = true;
    builder.on_projection[elsewhere][3] = true;
    rw_network *network = network_of(&builder);
    const rw_population *population = &network->populations[a];
    assert_int_equal(population->n_receptors, 4); /* ampa, nmda, nmda under `some`, ampa under `elsewhere` */
    static const struct {
        size_t spec;
        bool everywhere, some, elsewhere;
    } expected[] = {{0, false, false, false}, {1, true, false, false}, {1, true, true, false}, {0, false, false, true}};
    for (size_t r = 0; r < 4; r++) {
        const rw_receptor_instance *instance = &population->receptors[r];
        assert_int_equal(instance->spec, expected[r].spec);
        assert_int_equal(instance->factors[everywhere], expected[r].everywhere);
        assert_int_equal(instance->factors[some], expected[r].some);
        assert_int_equal(instance->factors[elsewhere], expected[r].elsewhere);
    }
    assert_int_equal(network->projections[1].port, network->projections[2].port);
    assert_true(network->projections[0].port != network->projections[1].port);
    assert_int_equal(population->ports[network->projections[1].port].sinks[1].index, 2);
    for (size_t i = 0; i < 20; i++) { /* both instances are the same receptor of the same cell */
        double tau = rw_block_value(&population->receptors[1].block, setting.field, i);
        assert_close(rw_block_value(&population->receptors[2].block, setting.field, i), tau, 0, 0);
    }
    rw_network_destroy(&network);
}

static void graded_receptors_get_a_port_of_their_own(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_cond", 20);
    builder_receptor(&builder, a, "nmda_saturating");
    builder_receptor(&builder, a, "ampa");
    to_both(&builder, a, 1.0, 0.5);
    rw_projection_spec *graded = builder_projection(&builder, a, a, RW_CONNECT_NONE);
    builder_share(&builder, graded, true, 0, 1.0);
    rw_network *network = network_of(&builder);
    const rw_population *population = &network->populations[a];
    const rw_projection *both = &network->projections[0];
    assert_int_equal(population->n_ports, 2);
    assert_false(population->ports[both->port].sinks[0].graded);
    assert_int_equal(population->ports[both->port].sinks[0].index, 1);
    assert_true(population->ports[both->graded_port].sinks[0].graded);
    assert_int_equal(network->projections[1].port, RW_NO_PORT);
    assert_int_equal(network->projections[1].graded_port, both->graded_port);
    rw_network_destroy(&network);
}

static void graded_receptors_need_one_source_each(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_cond", 20);
    builder_receptor(&builder, a, "nmda_saturating");
    builder_receptor(&builder, a, "nmda_saturating");
    to_both(&builder, a, 1.0, 0.5);
    rw_network *network = NULL;
    assert_int_equal(rw_network_create(&network, &builder.scenario, 1), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "give each its own projection"));
    builder.scenario.n_projections = 0;
    builder_input_share(&builder, builder_poisson(&builder, a), true, 0, 1.0);
    assert_int_equal(rw_network_create(&network, &builder.scenario, 1), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "a Poisson input has no source cell"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_fill_columns),
        cmocka_unit_test(an_initial_state_is_kept),
        cmocka_unit_test(invalid_cells_are_refused_with_their_place),
        cmocka_unit_test(virtual_cells_have_neither_neurons_nor_ports),
        cmocka_unit_test(equal_lists_of_shares_are_one_port),
        cmocka_unit_test(fields_of_the_neuron_are_ports_too),
        cmocka_unit_test(projections_under_the_same_blockades_share_a_receptor),
        cmocka_unit_test(graded_receptors_get_a_port_of_their_own),
        cmocka_unit_test(graded_receptors_need_one_source_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
