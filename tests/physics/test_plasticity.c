/* Plasticity: rules against Brian2, spike by spike; short-term plasticity against NEST's published trace and its steady
 * state; the calcium rule and scaling against closed forms. */
#include "network_builder.h"
#include "run.h"
#include "table.h"

enum { PRE, POST, START, FIRST_RULE, N_PRE = 8, N_POST = 5, N_SYNAPSES = N_PRE * N_POST, MOST_SPIKES = 1024 };

static const double tiny = 1e-6; /* mV: weights that drive no cell */

/* Spike trains and synapses of the reference. */
typedef struct {
    uint64_t step[2][MOST_SPIKES], id[2][MOST_SPIKES], n[2];
    uint64_t source[N_SYNAPSES], target[N_SYNAPSES];
    float weight[N_SYNAPSES];
    uint32_t delay[N_SYNAPSES];
} protocol;

static table reference;

static void read_protocol(protocol *p) {
    table_read(&reference, "plasticity.txt");
    size_t n = 0;
    *p = (protocol){.n = {0, 0}};
    for (size_t row = 0; row < reference.rows; row++) {
        const double *value = reference.value[row];
        if (value[0] == PRE || value[0] == POST) {
            int side = (int)value[0];
            p->id[side][p->n[side]] = (uint64_t)value[1];
            /* a cell fires one step after what drives it */
            p->step[side][p->n[side]++] = (uint64_t)value[2] - (side == POST);
        } else if (value[0] == START) {
            p->source[n] = (uint64_t)value[1];
            p->target[n] = (uint64_t)value[2];
            p->delay[n] = (uint32_t)value[3];
            p->weight[n++] = (float)(value[4] * tiny);
        }
    }
    assert_int_equal(n, N_SYNAPSES);
}

/* A parameter of a rule. */
typedef struct {
    const char *name;
    double value;
} given;

typedef struct {
    network_builder builder;
    rw_setting settings[BUILDER_MAX];
    rw_plasticity_spec plasticity;
    protocol spikes;
} bench;

/* Cells that fire as the protocol says, connected by plastic synapses of a model. */
static void prepare(bench *b, const char *model, const given *parameters, size_t n) {
    network_builder *builder = &b->builder;
    builder_start(builder);
    read_protocol(&b->spikes);
    uint32_t pre = builder_population(builder, NULL, N_PRE), drive = builder_population(builder, NULL, N_POST);
    uint32_t post = builder_population(builder, "lif_psc_delta", N_POST);
    builder->populations[pre].spikes = (rw_spike_table){b->spikes.n[PRE], b->spikes.step[PRE], b->spikes.id[PRE]};
    builder->populations[drive].spikes = (rw_spike_table){b->spikes.n[POST], b->spikes.step[POST], b->spikes.id[POST]};
    rw_projection_spec *plastic = builder_projection(builder, pre, post, RW_CONNECT_TABLE);
    plastic->table = (rw_edge_table){N_SYNAPSES, b->spikes.source, b->spikes.target, b->spikes.weight, b->spikes.delay};
    rw_projection_spec *driving = builder_projection(builder, drive, post, RW_CONNECT_ONE_TO_ONE);
    driving->weight = builder_constant(1000.0);
    driving->delay_ms = builder_constant(0.1);
    size_t port = rw_model_field(builder->populations[post].model, "delta");
    builder_share(builder, plastic, false, port, 1.0);
    builder_share(builder, driving, false, port, 1.0);
    b->plasticity = (rw_plasticity_spec){rw_registry_find(RW_SYNAPSE, model), b->settings, n};
    assert_non_null(b->plasticity.model);
    for (size_t k = 0; k < n; k++) {
        b->settings[k] = (rw_setting){rw_model_field(b->plasticity.model, parameters[k].name),
                                      builder_constant(parameters[k].value)};
        assert_true(b->settings[k].field != RW_NO_FIELD);
    }
    plastic->plasticity = &b->plasticity;
    plastic->n_plasticity = 1;
    builder->scenario.n_steps = 20000;
}

/* The weights in the order of the reference after all spikes; settled every `every` steps on the way. */
static void run_protocol(const bench *b, int n_threads, uint64_t every, double *weights) {
    rw_network *network = NULL;
    rw_simulation *sim = NULL;
    rw_edge *edges = NULL;
    assert_ok(rw_network_create(&network, &b->builder.scenario, n_threads));
    assert_ok(rw_simulation_create(&sim, network));
    for (uint64_t step = every; step < 20000; step += every) {
        assert_ok(rw_simulation_advance(sim, step, NULL));
        assert_ok(rw_simulation_settle(sim));
    }
    assert_ok(rw_simulation_advance(sim, 20000, NULL));
    assert_ok(rw_simulation_settle(sim));
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (size_t e = 0; e < N_SYNAPSES; e++)
        weights[edges[e].source * N_POST + edges[e].target] = edges[e].weight / tiny;
    assert_int_equal(rw_simulation_profile(sim).spikes, b->spikes.n[PRE] + 2 * b->spikes.n[POST]);
    rw_free(edges);
    rw_simulation_destroy(&sim);
    rw_network_destroy(&network);
}

static void assert_reference(const char *model, int number, const given *parameters, size_t n, double tolerance) {
    static bench b;
    double weights[3][N_SYNAPSES], moved = 0.0;
    prepare(&b, model, parameters, n);
    run_protocol(&b, 1, 20000, weights[0]);
    run_protocol(&b, 3, 20000, weights[1]);
    run_protocol(&b, 2, 777, weights[2]);
    assert_memory_equal(weights[0], weights[1], sizeof weights[0]);
    assert_memory_equal(weights[0], weights[2], sizeof weights[0]);
    size_t compared = 0;
    for (size_t row = 0; row < reference.rows; row++) {
        const double *value = reference.value[row];
        if (value[0] != number)
            continue;
        size_t synapse = (size_t)(value[1] * N_POST + value[2]);
        assert_close(weights[0][synapse], value[4], 0, tolerance);
        moved += fabs(weights[0][synapse] - b.spikes.weight[synapse] / tiny);
        compared++;
    }
    assert_int_equal(compared, N_SYNAPSES);
    assert_true(moved / N_SYNAPSES > 0.1);
}

static void additive_pair_rule_is_brians(void **state) {
    (void)state;
    const given p[] = {{"tau_plus", 17}, {"tau_minus", 34}, {"A_plus", 0.06}, {"A_minus", 0.05}, {"w_max", 1.6}};
    assert_reference("stdp", 3, p, RW_COUNT(p), 3e-6);
}

static void nearest_pairs_between_additive_and_multiplicative_are_brians(void **state) {
    (void)state;
    const given p[] = {{"A_plus", 0.1}, {"A_minus", 0.1}, {"mu_plus", 0.5}, {"mu_minus", 1}, {"nearest", 1}};
    assert_reference("stdp", 4, p, RW_COUNT(p), 3e-6);
}

static void power_law_is_brians(void **state) {
    (void)state;
    const given p[] = {{"tau_minus", 30}, {"lambda", 0.05}, {"alpha", 0.9}};
    assert_reference("stdp_power", 5, p, RW_COUNT(p), 3e-6);
}

static void triplet_rule_is_brians(void **state) {
    (void)state;
    const given p[] = {{"A2_plus", 0.05}, {"A3_plus", 0.062}, {"A2_minus", 0.07}, {"A3_minus", 0.023}, {"nearest", 1}};
    assert_reference("triplet", 6, p, RW_COUNT(p) - 1, 3e-6);
    assert_reference("triplet", 7, p, RW_COUNT(p), 3e-6);
}

static void inhibitory_rule_is_brians(void **state) {
    (void)state;
    const given p[] = {{"eta", 0.05}, {"target_rate", 8}, {"w_max", 3}};
    assert_reference("stdp_inhibitory", 8, p, RW_COUNT(p), 3e-6);
}

static void calcium_rule_without_noise_is_brians(void **state) {
    (void)state;
    const given p[] = {{"sigma", 0}, {"tau", 5}, {"rho", 0.4}};
    assert_reference("calcium", 9, p, RW_COUNT(p), 5e-3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(additive_pair_rule_is_brians),
        cmocka_unit_test(nearest_pairs_between_additive_and_multiplicative_are_brians),
        cmocka_unit_test(power_law_is_brians),
        cmocka_unit_test(triplet_rule_is_brians),
        cmocka_unit_test(inhibitory_rule_is_brians),
        cmocka_unit_test(calcium_rule_without_noise_is_brians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
