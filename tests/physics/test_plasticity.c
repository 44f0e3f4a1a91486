/* Plasticity: rules against Brian2, spike by spike; short-term plasticity against NEST's published trace and its steady
 * state; the calcium rule and scaling against closed forms. */
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "network_builder.h"
#include "run.h"
#include "sim/advance.h"
#include "sim/plasticity/plastic.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/profile.h"
#include "table.h"

enum { PRE, POST, START, FIRST_RULE, N_PRE = 8, N_POST = 5, N_SYNAPSES = N_PRE * N_POST, MOST_SPIKES = 1024 };

static const double tiny = 1e-6;       /* mV: weights that drive no cell */
static const uint32_t drive_steps = 5; /* from what drives a cell to its spike */

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
            p->step[side][p->n[side]++] = (uint64_t)value[2] - (side == POST ? drive_steps : 0);
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
    rw_model_spec plasticity;
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
    driving->delay_ms = builder_constant(0.1 * drive_steps);
    size_t port = rw_model_field(builder->populations[post].model, "delta");
    builder_share(builder, plastic, false, port, 1.0);
    builder_share(builder, driving, false, port, 1.0);
    b->plasticity =
        (rw_model_spec){.model = rw_registry_find(RW_SYNAPSE, model), .settings = b->settings, .n_settings = n};
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

/* The weights in the order of the reference after all spikes; delivered every `every` steps on the way. */
static void run_protocol(const bench *b, uint64_t every, double *weights) {
    rw_network *network = NULL;
    rw_simulation *sim = NULL;
    rw_edge *edges = NULL;
    assert_ok(rw_network_create(&network, &b->builder.scenario, 1));
    assert_ok(rw_simulation_create(&sim, network));
    for (uint64_t step = every; step < 20000; step += every) {
        assert_ok(rw_simulation_advance(sim, step, NULL));
        assert_ok(rw_simulation_update_weights(sim));
    }
    assert_ok(rw_simulation_advance(sim, 20000, NULL));
    assert_ok(rw_simulation_update_weights(sim));
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (size_t e = 0; e < N_SYNAPSES; e++)
        weights[edges[e].source * N_POST + edges[e].target] = edges[e].weight / tiny;
    assert_int_equal(rw_simulation_profile(sim).spikes, b->spikes.n[POST]); /* of cells; the others are replayed */
    rw_free(edges);
    rw_simulation_destroy(&sim);
    rw_network_destroy(&network);
}

static void assert_reference(const char *model, int number, const given *parameters, size_t n, double tolerance) {
    static bench b;
    double weights[2][N_SYNAPSES], moved = 0.0;
    prepare(&b, model, parameters, n);
    run_protocol(&b, 20000, weights[0]);
    run_protocol(&b, 777, weights[1]);
    assert_memory_equal(weights[0], weights[1], sizeof weights[0]);
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

/* NEST's test_tsodyks_synapse: 20 Hz, first spike stamped 98.1 ms, 250 pA, 1 ms late. */
static void depression_gives_nests_published_trace(void **state) {
    (void)state;
    static const struct {
        double ms, V_m;
    } published[] = {{100, 2.40135}, {125, 5.30244}, {150, 4.10833}, {175, 4.32217}, {200, 3.05339}, {900, 0.726654}};
    uint64_t steps[20], ids[20] = {0};
    for (uint64_t k = 0; k < 20; k++)
        steps[k] = 981 + 500 * k;
    test_run run = test_run_read(
        "rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\npopulations:\n  pre: {model: spikes, count: 1}\n"
        "  post: {model: lif_psc_exp, count: 1, set: {tau_m: 40 ms, C_m: 40 pF, tau_syn_ex: 3 ms, E_L: 0 mV, V_th: 15 "
        "mV}}\n"
        "projections:\n  - {from: pre, to: post, connect: {rule: all_to_all}, weight: 250 pA, delay: 1 ms, "
        "receptors: {exc: 1}, plasticity: {stp: {U: 0.5, tau_rec: 800 ms, tau_fac: 0 ms, tau_psc: 3 ms}}}\n");
    run.scenario->populations[0].spikes = (rw_spike_table){20, steps, ids};
    test_run_start(&run, 1);
    for (size_t k = 0; k < RW_COUNT(published); k++) {
        assert_ok(rw_simulation_advance(run.sim, (uint64_t)(10.0 * published[k].ms), NULL));
        assert_close(test_run_value(&run, 1, "V_m", 0), published[k].V_m, 2e-6, 1e-6);
    }
    test_run_end(&run);
}

/* The steady state of a regular train (Tsodyks, Pawelzik & Markram 1998). */
static void short_term_plasticity_reaches_its_steady_state(void **state) {
    (void)state;
    const double U = 0.03, tau_rec = 130.0, tau_fac = 530.0;
    const rw_model *model = rw_registry_find(RW_SYNAPSE, "stp");
    for (double rate_hz = 1.0; rate_hz < 200.0; rate_hz *= 3.0) {
        const double p[] = {U, tau_rec, tau_fac, 0.0};
        double states[] = {0.0, 1.0, 0.0}, released = model->synapse.release(p, states, INFINITY);
        assert_close(released, U, 1e-15, 0);
        for (int k = 0; k < 5000; k++)
            released = model->synapse.release(p, states, 1000.0 / rate_hz);
        double rec = exp(-1000.0 / (rate_hz * tau_rec)), fac = exp(-1000.0 / (rate_hz * tau_fac));
        double u = U / (1.0 - (1.0 - U) * fac), x = (1.0 - rec) / (1.0 - (1.0 - u) * rec);
        assert_close(released, u * x, 1e-12, 0);
    }
}

/* A silent cell: its average rate falls from the target's, its factor grows by what is missing, tick by tick. */
static void scaling_of_a_silent_cell_grows_as_it_should(void **state) {
    (void)state;
    const uint64_t steps[] = {999, 9999}, ids[] = {0, 0};
    test_run run = test_run_read(
        "rewire: 1\ntime: {step: 0.1 ms, until: 2 s}\npopulations:\n  pre: {model: spikes, count: 1}\n"
        "  post: {model: lif_psc_delta, count: 3, set: {tau_m: 1e5 ms, V_th: 1000 mV, E_L: 0 mV}}\n"
        "projections:\n  - {from: pre, to: post, connect: {rule: all_to_all}, weight: 2 mV, delay: 0.1 ms, "
        "receptors: {delta: 1}, plasticity: {scaling: {target_rate: 4 Hz, tau: 2 s, tau_rate: 0.3 s, every: 20 "
        "ms}}}\n");
    run.scenario->populations[0].spikes = (rw_spike_table){2, steps, ids};
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    double V_m = 0.0, logarithm = 0.0;
    for (int tick = 1; tick <= 49; tick++) { /* those before the second spike, at 999.9 ms; 4 before the first */
        logarithm += 0.01 * (1.0 - exp(-tick / 15.0));
        if (tick == 4 || tick == 49)
            V_m += 2.0 * exp(logarithm) * exp(-(tick == 4 ? 1900.0 : 1000.0) / 1e5);
    }
    assert_close(test_run_value(&run, 1, "V_m", 2), V_m, 1e-6, 0);
    assert_true(V_m > 4.5);
    test_run_end(&run);
}

/* A cell that fires 5 times in a second where 4 Hz are asked for, against the equations, tick by tick; its neighbour
 * is silent. */
static void scaling_follows_the_spikes_of_each_cell(void **state) {
    (void)state;
    const uint64_t probe_steps[] = {9999}, ids[] = {0}, drive_steps_of[] = {1050, 3050, 5050, 7050, 9050};
    const uint64_t driven[] = {1, 1, 1, 1, 1};
    test_run run = test_run_read(
        "rewire: 1\ntime: {step: 0.1 ms, until: 2 s}\npopulations:\n  pre: {model: spikes, count: 1}\n"
        "  drive: {model: spikes, count: 2}\n"
        "  post: {model: lif_psc_delta, count: 2, set: {tau_m: 1e5 ms, V_th: 1000 mV, E_L: 0 mV, V_reset: 0 mV}}\n"
        "projections:\n  - {from: pre, to: post, connect: {rule: all_to_all}, weight: 2 mV, delay: 0.1 ms, "
        "receptors: {delta: 1}, plasticity: {scaling: {target_rate: 4 Hz, tau: 2 s, tau_rate: 0.3 s, every: 20 ms}}}\n"
        "  - {from: drive, to: post, connect: {rule: one_to_one}, weight: 2000 mV, delay: 0.1 ms, receptors: {delta: "
        "1}}\n");
    run.scenario->populations[0].spikes = (rw_spike_table){1, probe_steps, ids};
    run.scenario->populations[1].spikes = (rw_spike_table){5, drive_steps_of, driven};
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    for (uint64_t cell = 0; cell < 2; cell++) {
        double rate = 4.0, logarithm = 0.0;
        for (int tick = 1; tick <= 49; tick++) { /* those before the probe */
            bool fired = cell == 1 && tick % 10 == 6;
            rate += (1.0 - exp(-0.02 / 0.3)) * ((fired ? 1.0 / 0.02 : 0.0) - rate);
            logarithm += 0.02 / 2.0 * (1.0 - rate / 4.0);
        }
        assert_close(test_run_value(&run, 2, "V_m", cell), 2.0 * exp(logarithm - 1000.0 / 1e5), 1e-6, 0);
    }
    assert_true(test_run_value(&run, 2, "V_m", 1) < 0.9 * test_run_value(&run, 2, "V_m", 0));
    test_run_end(&run);
}

/* Additive changes of weights when a factor is left of the NMDA receptors. */
static double change_under(const char *factor, const char *nmda) {
    static uint64_t steps[200], ids[200];
    char yaml[2048];
    for (uint64_t k = 0; k < 200; k++) {
        steps[k] = 50 * k + 1;
        ids[k] = k % 2;
    }
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\npopulations:\n  pre: {model: spikes, count: 2}\n"
                   "  post: {model: lif_cond, count: 4, set: {I_e: 700 pA}}\n"
                   "projections:\n  - {from: pre, to: post, connect: {rule: all_to_all}, weight: 1e-6 nS, delay: 1 ms, "
                   "receptors: {ampa: 1, nmda: 0.5}, plasticity: {stdp: {A_plus: 0.001, A_minus: 0.0005, nmda: %s}}}\n"
                   "blockade: [{receptor: nmda, factor: %s}]\n",
                   nmda, factor);
    test_run run = test_run_read(yaml);
    run.scenario->populations[0].spikes = (rw_spike_table){200, steps, ids};
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 10000, NULL));
    assert_ok(rw_simulation_update_weights(run.sim));
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    double change = edges[0].weight * 1e6 - 1.0;
    rw_free(edges);
    test_run_end(&run);
    return change;
}

static void changes_follow_the_blockade(void **state) {
    (void)state;
    double free_change = change_under("1", "1");
    assert_true(fabs(free_change) > 0.01);
    assert_close(change_under("0", "1"), 0.0, 0, 1e-8);
    assert_close(change_under("0.25", "1"), 0.25 * free_change, 1e-3, 1e-6);
    assert_close(change_under("0", "0.4"), 0.6 * free_change, 1e-3, 1e-6);
    assert_close(change_under("0", "0"), free_change, 0, 0);
}

/* Calcium rule: 60 pairs at 1 Hz, presynaptic spike first by `lead` ms. What Graupner & Brunel 2012 give for it: share
 * of time above the thresholds, and from it the chances of the transitions. */
typedef struct {
    double C_pre, C_post, theta_d, theta_p, gamma_d, gamma_p, sigma, delay_pre;
} calcium_case;

static double above(double c, double threshold, double until_ms) {
    return c > threshold ? fmin(until_ms, 20.0 * log(c / threshold)) : 0.0;
}

static double share_above(const calcium_case *g, double lead, double threshold) {
    double gap = lead - g->delay_pre; /* from the calcium of the presynaptic spike to that of the postsynaptic one */
    double first = gap > 0.0 ? g->C_pre : g->C_post, second = gap > 0.0 ? g->C_post : g->C_pre;
    double both = second + first * exp(-fabs(gap) / 20.0);
    return (above(first, threshold, fabs(gap)) + above(both, threshold, INFINITY)) / 1000.0;
}

static double predicted_change(const calcium_case *g, double lead) {
    double a_p = share_above(g, lead, g->theta_p), a_d = share_above(g, lead, g->theta_d);
    double G = g->gamma_p * a_p + g->gamma_d * a_d, rest = g->gamma_p * a_p / G;
    double spread = g->sigma * g->sigma * (a_p + a_d) / G, left = exp(-60.0 * G / 150.0);
    double width = sqrt(spread * (1.0 - left * left));
    double up = 0.5 * (1.0 - erf((0.5 - rest + rest * left) / width));
    double down = 0.5 * (1.0 + erf((0.5 - rest + (rest - 1.0) * left) / width));
    double b = 5.0, beta = 0.5;
    return (beta * (1.0 - up) + (1.0 - beta) * down + b * (beta * up + (1.0 - beta) * (1.0 - down))) /
           (beta + (1.0 - beta) * b);
}

enum { CA_SYNAPSES = 4000 };

/* Share of the synapses that end potentiated when all begin with efficacy rho. */
static double potentiated(const calcium_case *g, double lead, double rho) {
    network_builder builder;
    builder_start(&builder);
    uint32_t pre = builder_population(&builder, NULL, 1),
             post = builder_population(&builder, "lif_psc_delta", CA_SYNAPSES);
    rw_projection_spec *spec = builder_projection(&builder, pre, post, RW_CONNECT_ALL_TO_ALL);
    const rw_model *model = rw_registry_find(RW_SYNAPSE, "calcium");
    const given p[] = {{"C_pre", g->C_pre},     {"C_post", g->C_post},       {"theta_d", g->theta_d},
                       {"theta_p", g->theta_p}, {"gamma_d", g->gamma_d},     {"gamma_p", g->gamma_p},
                       {"sigma", g->sigma},     {"delay_pre", g->delay_pre}, {"rho", rho}};
    rw_setting settings[RW_COUNT(p)];
    for (size_t k = 0; k < RW_COUNT(p); k++)
        settings[k] = (rw_setting){rw_model_field(model, p[k].name), builder_constant(p[k].value)};
    rw_model_spec plasticity = {.model = model, .settings = settings, .n_settings = RW_COUNT(p)};
    spec->plasticity = &plasticity;
    spec->n_plasticity = 1;
    spec->delay_ms = builder_constant(0.1);
    rw_network *network = NULL;
    rw_plastic plastic;
    static uint32_t ids[CA_SYNAPSES];
    for (uint32_t k = 0; k < CA_SYNAPSES; k++)
        ids[k] = k;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    assert_ok(rw_plastic_create(&plastic, network, 0, 0));
    for (uint64_t pair = 0; pair < 60; pair++) {
        uint64_t at = 10000 * pair + 5000, post_at = (uint64_t)((double)at + 10.0 * lead) - 1; /* dendritic delay */
        if (lead < 0.0)
            assert_ok(rw_plastic_post(&plastic, ids, CA_SYNAPSES, post_at, 0, 1.0));
        assert_ok(rw_plastic_pre(&plastic, 0, 1, at, 1.0));
        if (lead >= 0.0)
            assert_ok(rw_plastic_post(&plastic, ids, CA_SYNAPSES, post_at, at, 1.0));
    }
    rw_plastic_update_rows(&plastic, 604000);
    double up = 0.0;
    for (uint64_t k = 0; k < CA_SYNAPSES; k++)
        up += network->projections[0].adjacency[0].states[k * network->projections[0].adjacency[0].n_states] > 0.5f;
    rw_plastic_destroy(&plastic);
    rw_network_destroy(&network);
    return up / CA_SYNAPSES;
}

static double simulated_change(const calcium_case *g, double lead) {
    double up = potentiated(g, lead, 0.0), stay = potentiated(g, lead, 1.0);
    return (1.0 - 0.5 * (up + stay) + 5.0 * 0.5 * (up + stay)) / 3.0;
}

static const calcium_case DP = {1.0, 2.0, 1.0, 1.3, 200.0, 321.808, 2.8284, 13.7};
static const calcium_case P = {2.0, 2.0, 1.0, 1.3, 160.0, 257.447, 2.8284, 0.0};
static const calcium_case D = {0.6, 0.6, 1.0, 1.3, 500.0, 550.0, 5.6568, 0.0};
static const calcium_case D_ = {1.0, 2.0, 1.0, 3.5, 60.0, 600.0, 2.8284, 0.0};

typedef struct {
    const calcium_case *g;
    double lead, change;
} calcium_point;

/* The closed form that the simulations are held against, itself against numbers computed elsewhere. */
static void the_closed_form_of_the_calcium_rule_is_that_of_its_authors(void **state) {
    (void)state;
    static const calcium_point computed[] = {{&DP, -60, .941}, {&DP, -40, .851}, {&DP, -20, .764}, {&DP, -10, .882},
                                             {&DP, 0, 1.008},  {&DP, 10, 1.221}, {&DP, 20, 1.172}, {&DP, 40, 1.085},
                                             {&P, -20, 1.098}, {&P, -10, 1.230}, {&P, 0, 1.238},   {&D, 0, .637},
                                             {&D_, -20, .735}, {&D_, -10, .719}};
    for (size_t k = 0; k < RW_COUNT(computed); k++)
        assert_close(predicted_change(computed[k].g, computed[k].lead), computed[k].change, 0, 2e-3);
}

/* The curve of case DP, as its authors simulated it, with its dip and its peak, and closed forms of all cases. */
static void calcium_rule_gives_the_published_curves(void **state) {
    (void)state;
    static const calcium_point published[] = {{&DP, -100, .981}, {&DP, -80, .963}, {&DP, -60, .935}, {&DP, -50, .891},
                                              {&DP, -40, .827},  {&DP, -30, .767}, {&DP, -20, .760}, {&DP, -10, .885},
                                              {&DP, 0, .994},    {&DP, 10, 1.227}, {&DP, 20, 1.188}, {&DP, 30, 1.127},
                                              {&DP, 40, 1.083},  {&DP, 60, 1.025}, {&DP, 100, .993}};
    static const calcium_point others[] = {{&P, -20, 0}, {&P, -10, 0}, {&D, 5, 0}, {&D_, -20, 0}, {&D_, -10, 0}};
    double change[RW_COUNT(published)];
    size_t lowest = 0, highest = 0;
    for (size_t k = 0; k < RW_COUNT(published); k++) {
        change[k] = simulated_change(&DP, published[k].lead);
        assert_close(change[k], published[k].change, 0, 0.03);
        assert_close(change[k], predicted_change(&DP, published[k].lead), 0, 0.03);
        lowest = change[k] < change[lowest] ? k : lowest;
        highest = change[k] > change[highest] ? k : highest;
    }
    assert_in_range((int)-published[lowest].lead, 20, 30);
    assert_int_equal(published[highest].lead, 10);
    for (size_t k = 0; k < RW_COUNT(others); k++)
        assert_close(simulated_change(others[k].g, others[k].lead), predicted_change(others[k].g, others[k].lead), 0,
                     0.03);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(additive_pair_rule_is_brians),
        cmocka_unit_test(nearest_pairs_between_additive_and_multiplicative_are_brians),
        cmocka_unit_test(power_law_is_brians),
        cmocka_unit_test(triplet_rule_is_brians),
        cmocka_unit_test(inhibitory_rule_is_brians),
        cmocka_unit_test(calcium_rule_without_noise_is_brians),
        cmocka_unit_test(depression_gives_nests_published_trace),
        cmocka_unit_test(short_term_plasticity_reaches_its_steady_state),
        cmocka_unit_test(scaling_of_a_silent_cell_grows_as_it_should),
        cmocka_unit_test(scaling_follows_the_spikes_of_each_cell),
        cmocka_unit_test(changes_follow_the_blockade),
        cmocka_unit_test(the_closed_form_of_the_calcium_rule_is_that_of_its_authors),
        cmocka_unit_test(calcium_rule_gives_the_published_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
