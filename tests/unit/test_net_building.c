/* Every connection rule gives the same network for any team, and the network it says. */
#include "network_builder.h"

#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/value.h"

/* The edges of projection 0 for a team, without their slots; frees the network. */
static rw_edge *edges_of(const network_builder *builder, int n_threads, uint64_t *count) {
    rw_network *network = NULL;
    rw_edge *edges = NULL;
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    *count = rw_projection_count(&network->partition, &network->projections[0]);
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (uint64_t k = 0; k < *count; k++)
        edges[k].slot = 0;
    rw_network_destroy(&network);
    return edges;
}

static void assert_same_for_teams(const network_builder *builder, const char *what) {
    static const int teams[] = {2, 3, 7};
    uint64_t expected_count;
    rw_edge *expected = edges_of(builder, 1, &expected_count);
    assert_true(expected_count > 0);
    for (uint64_t k = 1; k < expected_count; k++)
        assert_true(expected[k - 1].target < expected[k].target ||
                    (expected[k - 1].target == expected[k].target && expected[k - 1].uid < expected[k].uid));
    for (size_t t = 0; t < RW_COUNT(teams); t++) {
        uint64_t count;
        rw_edge *edges = edges_of(builder, teams[t], &count);
        assert_int_equal(count, expected_count);
        for (uint64_t k = 0; k < count; k++)
            if (memcmp(&edges[k], &expected[k], sizeof *edges) != 0)
                fail_msg("%s, %d threads: edge %llu differs", what, teams[t], (unsigned long long)k);
        rw_free(edges);
    }
    rw_free(expected);
}

static const struct {
    rw_connect_rule rule;
    const char *name;
} drawn_rules[] = {
    {RW_CONNECT_ALL_TO_ALL, "all_to_all"},
    {RW_CONNECT_PAIRWISE_BERNOULLI, "pairwise_bernoulli"},
    {RW_CONNECT_FIXED_INDEGREE, "fixed_indegree"},
    {RW_CONNECT_FIXED_OUTDEGREE, "fixed_outdegree"},
    {RW_CONNECT_FIXED_TOTAL_NUMBER, "fixed_total_number"},
    {RW_CONNECT_DISTANCE, "distance"},
};

/* A projection from 200 to 150 cells, or within 150, by `rule`. */
static rw_projection_spec *small_network(network_builder *builder, rw_connect_rule rule, bool within) {
    builder_start(builder);
    builder_space(builder, 1000.0, 700.0, 0.0, true);
    uint32_t target = builder_population(builder, "lif_psc_exp", 150);
    uint32_t source = within ? target : builder_population(builder, NULL, 200);
    rw_projection_spec *spec = builder_projection(builder, source, target, rule);
    spec->p = 0.3;
    spec->n = rule == RW_CONNECT_FIXED_TOTAL_NUMBER ? 3000 : 40;
    spec->kernel.kind = RW_KERNEL_GAUSSIAN;
    spec->kernel.sigma_um = 200.0;
    return spec;
}

static void networks_are_the_same_for_any_team(void **state) {
    (void)state;
    network_builder builder;
    for (size_t rule = 0; rule < RW_COUNT(drawn_rules); rule++) {
        for (int variant = 0; variant < 32; variant++) {
            rw_projection_spec *spec = small_network(&builder, drawn_rules[rule].rule, variant & 1);
            spec->multapses = variant & 2;
            spec->structural = variant & 4;
            if (variant & 8)
                spec->weight = builder_value(RW_LOGNORMAL, 0.5, 0.3);
            if (variant & 16)
                spec->delay_ms = builder_value(RW_UNIFORM, 0.5, 3.0);
            assert_same_for_teams(&builder, drawn_rules[rule].name);
        }
    }
}

/* One thread's targets need more than 16 bits, two threads' targets do not: rows are wide, then compact. The sources
 * are drawn in several rounds, and weights show in which order a target got them. */
static void large_slices_give_the_same_network(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t source = builder_population(&builder, NULL, 30),
             target = builder_population(&builder, "lif_psc_exp", 70000);
    rw_projection_spec *spec = builder_projection(&builder, source, target, RW_CONNECT_FIXED_OUTDEGREE);
    spec->n = 9000;
    spec->multapses = true;
    assert_same_for_teams(&builder, "70000 targets");
    spec->weight = builder_value(RW_NORMAL, 1.0, 0.1);
    assert_same_for_teams(&builder, "70000 targets, drawn weights");
}

static void one_to_one_connects_equal_ids(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 100), b = builder_population(&builder, "lif_psc_exp", 100);
    rw_projection_spec *spec = builder_projection(&builder, a, b, RW_CONNECT_ONE_TO_ONE);
    spec->weight = builder_value(RW_NORMAL, 1.0, 0.1);
    assert_same_for_teams(&builder, "one_to_one");
    uint64_t count;
    rw_edge *edges = edges_of(&builder, 2, &count);
    assert_int_equal(count, 100);
    for (uint64_t k = 0; k < count; k++) {
        assert_int_equal(edges[k].source, k);
        assert_int_equal(edges[k].target, k);
        assert_int_equal(edges[k].uid, k << 32);
        assert_int_equal(edges[k].delay_steps, 10);
    }
    rw_free(edges);
}

/* How often each source and each target occurs, and each pair. */
typedef struct {
    uint64_t n_sources, n_targets, total;
    double *out, *in;
    uint32_t *pairs;
} tally;

static tally tally_of(const network_builder *builder) {
    const rw_projection_spec *spec = &builder->projections[0];
    tally t = {.n_sources = builder->populations[spec->source].count,
               .n_targets = builder->populations[spec->target].count};
    assert_ok(RW_NEW(t.out, t.n_sources, "tally"));
    assert_ok(RW_NEW(t.in, t.n_targets, "tally"));
    assert_ok(RW_NEW(t.pairs, t.n_sources * t.n_targets, "tally"));
    rw_edge *edges = edges_of(builder, 2, &t.total);
    for (uint64_t k = 0; k < t.total; k++) {
        t.out[edges[k].source]++;
        t.in[edges[k].target]++;
        t.pairs[edges[k].target * t.n_sources + edges[k].source]++;
    }
    rw_free(edges);
    return t;
}

static void tally_free(tally *t) {
    rw_free(t->out);
    rw_free(t->in);
    rw_free(t->pairs);
}

static void assert_flags_kept(const tally *t, bool within, bool autapses, bool multapses, const char *rule) {
    uint64_t on_diagonal = 0, repeated = 0;
    for (uint64_t target = 0; target < t->n_targets; target++) {
        on_diagonal += within ? t->pairs[target * t->n_sources + target] : 0;
        for (uint64_t source = 0; source < t->n_sources; source++)
            repeated += t->pairs[target * t->n_sources + source] > 1;
    }
    if ((on_diagonal > 0) != (within && autapses))
        fail_msg("%s: %llu autapses where they are %s", rule, (unsigned long long)on_diagonal,
                 autapses ? "due" : "not");
    if ((repeated > 0) != multapses)
        fail_msg("%s: %llu multapses where they are %s", rule, (unsigned long long)repeated, multapses ? "due" : "not");
}

static void autapses_and_multapses_occur_only_where_allowed(void **state) {
    (void)state;
    network_builder builder;
    for (size_t rule = 0; rule < RW_COUNT(drawn_rules); rule++) {
        for (int variant = 0; variant < 8; variant++) {
            rw_projection_spec *spec = small_network(&builder, drawn_rules[rule].rule, variant & 1);
            spec->autapses = variant & 2;
            spec->multapses = variant & 4;
            bool by_number = spec->rule == RW_CONNECT_FIXED_INDEGREE || spec->rule == RW_CONNECT_FIXED_OUTDEGREE ||
                             spec->rule == RW_CONNECT_FIXED_TOTAL_NUMBER;
            tally t = tally_of(&builder);
            assert_flags_kept(&t, variant & 1, spec->autapses, spec->multapses && by_number, drawn_rules[rule].name);
            tally_free(&t);
        }
    }
}

static void degrees_that_a_rule_fixes_are_exact(void **state) {
    (void)state;
    network_builder builder;
    for (int variant = 0; variant < 8; variant++) {
        bool within = variant & 1;
        for (size_t rule = 0; rule < RW_COUNT(drawn_rules); rule++) {
            rw_projection_spec *spec = small_network(&builder, drawn_rules[rule].rule, within);
            spec->autapses = variant & 2;
            spec->multapses = variant & 4;
            tally t = tally_of(&builder);
            uint64_t others = within && !spec->autapses ? t.n_sources - 1 : t.n_sources;
            for (uint64_t k = 0; k < t.n_targets && spec->rule == RW_CONNECT_FIXED_INDEGREE; k++)
                assert_int_equal((uint64_t)t.in[k], 40);
            for (uint64_t k = 0; k < t.n_sources && spec->rule == RW_CONNECT_FIXED_OUTDEGREE; k++)
                assert_int_equal((uint64_t)t.out[k], 40);
            if (spec->rule == RW_CONNECT_FIXED_TOTAL_NUMBER)
                assert_int_equal(t.total, 3000);
            if (spec->rule == RW_CONNECT_ALL_TO_ALL)
                assert_int_equal(t.total, others * t.n_targets);
            tally_free(&t);
        }
    }
}

/* Sum of squared deviations in units of the variance is chi-square distributed; 5 standard deviations are allowed. */
static void assert_spread(const double *degrees, uint64_t n, double mean, double variance, const char *what) {
    double chi_square = 0.0;
    for (uint64_t k = 0; k < n; k++)
        chi_square += (degrees[k] - mean) * (degrees[k] - mean) / variance;
    if (fabs(chi_square - (double)n) > 5.0 * sqrt(2.0 * (double)n))
        fail_msg("%s: chi-square %.1f for %llu degrees of freedom", what, chi_square, (unsigned long long)n);
}

/* A projection from 1500 to 2000 cells. */
static rw_projection_spec *large_network(network_builder *builder, rw_connect_rule rule) {
    builder_start(builder);
    uint32_t source = builder_population(builder, NULL, 1500),
             target = builder_population(builder, "lif_psc_exp", 2000);
    return builder_projection(builder, source, target, rule);
}

static void bernoulli_degrees_are_binomial(void **state) {
    (void)state;
    static const double ps[] = {0.002, 0.1, 0.7};
    for (size_t i = 0; i < RW_COUNT(ps); i++) {
        network_builder builder;
        large_network(&builder, RW_CONNECT_PAIRWISE_BERNOULLI)->p = ps[i];
        tally t = tally_of(&builder);
        assert_spread(t.in, 2000, 1500 * ps[i], 1500 * ps[i] * (1 - ps[i]), "in");
        assert_spread(t.out, 1500, 2000 * ps[i], 2000 * ps[i] * (1 - ps[i]), "out");
        double total = 3e6 * ps[i];
        assert_close((double)t.total, total, 0, 5 * sqrt(total * (1 - ps[i])));
        tally_free(&t);
    }
}

static void bernoulli_with_p_0_and_1_is_none_and_all(void **state) {
    (void)state;
    network_builder builder;
    large_network(&builder, RW_CONNECT_PAIRWISE_BERNOULLI)->p = 1.0;
    tally t = tally_of(&builder);
    assert_int_equal(t.total, 3000000);
    tally_free(&t);
    builder.projections[0].p = 0.0;
    t = tally_of(&builder);
    assert_int_equal(t.total, 0);
    tally_free(&t);
}

static void free_degrees_of_fixed_rules_are_spread_as_they_should(void **state) {
    (void)state;
    network_builder builder;
    for (int many = 0; many < 2; many++) {
        rw_projection_spec *spec = large_network(&builder, RW_CONNECT_FIXED_INDEGREE);
        spec->n = 300;
        spec->multapses = many;
        tally t = tally_of(&builder);
        assert_spread(t.out, 1500, 400, 400 * (many ? 1 - 1.0 / 1500 : 1 - 0.2), "out of fixed_indegree");
        tally_free(&t);
        spec = large_network(&builder, RW_CONNECT_FIXED_OUTDEGREE);
        spec->n = 400;
        spec->multapses = many;
        t = tally_of(&builder);
        assert_spread(t.in, 2000, 300, 300 * (many ? 1 - 1.0 / 2000 : 1 - 0.2), "in of fixed_outdegree");
        tally_free(&t);
        for (uint64_t n = 600000; n <= 2400000; n += 1800000) {
            spec = large_network(&builder, RW_CONNECT_FIXED_TOTAL_NUMBER);
            spec->n = n;
            spec->multapses = many;
            double left = many ? 1.0 : (3e6 - (double)n) / (3e6 - 1);
            t = tally_of(&builder);
            assert_spread(t.in, 2000, (double)n / 2000, (double)n / 2000 * (1 - 1.0 / 2000) * left, "in of total");
            assert_spread(t.out, 1500, (double)n / 1500, (double)n / 1500 * (1 - 1.0 / 1500) * left, "out of total");
            tally_free(&t);
        }
    }
}

/* Over many seeds, how often each set of pairs of a network of 3 sources and 2 targets occurs. */
static void every_set_of_pairs_is_equally_likely(void **state) {
    (void)state;
    static const struct {
        rw_connect_rule rule;
        uint64_t n;
        int sets; /* that can occur */
    } cases[] = {{RW_CONNECT_FIXED_TOTAL_NUMBER, 2, 15},
                 {RW_CONNECT_FIXED_TOTAL_NUMBER, 4, 15},
                 {RW_CONNECT_FIXED_INDEGREE, 2, 9},
                 {RW_CONNECT_FIXED_OUTDEGREE, 1, 8}};
    enum { SEEDS = 6000 };
    for (size_t c = 0; c < RW_COUNT(cases); c++) {
        network_builder builder;
        builder_start(&builder);
        uint32_t source = builder_population(&builder, NULL, 3),
                 target = builder_population(&builder, "lif_psc_exp", 2);
        builder_projection(&builder, source, target, cases[c].rule)->n = cases[c].n;
        double seen[64] = {0}, occurring[64];
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            builder.scenario.seed = seed;
            uint64_t count;
            unsigned set = 0;
            rw_edge *edges = edges_of(&builder, 1, &count);
            for (uint64_t k = 0; k < count; k++)
                set |= 1u << (edges[k].target * 3 + edges[k].source);
            rw_free(edges);
            seen[set]++;
        }
        int n = 0;
        for (int set = 0; set < 64; set++)
            if (seen[set] > 0)
                occurring[n++] = seen[set];
        assert_int_equal(n, cases[c].sets);
        double mean = (double)SEEDS / n;
        assert_spread(occurring, (uint64_t)n, mean, mean, "sets of pairs");
    }
}

static void weights_and_delays_have_their_distributions(void **state) {
    (void)state;
    network_builder builder;
    rw_projection_spec *spec = large_network(&builder, RW_CONNECT_FIXED_INDEGREE);
    spec->n = 100;
    spec->weight = builder_value(RW_LOGNORMAL, 0.5, 0.3);
    spec->delay_ms = builder_value(RW_NORMAL, 1.5, 0.5);
    spec->delay_ms.min = 0.3;
    uint64_t count;
    rw_edge *edges = edges_of(&builder, 2, &count);
    double sum = 0, square = 0, delay_sum = 0;
    for (uint64_t k = 0; k < count; k++) {
        sum += (double)edges[k].weight;
        square += (double)edges[k].weight * (double)edges[k].weight;
        delay_sum += edges[k].delay_steps;
        assert_true(edges[k].weight > 0 && edges[k].delay_steps >= 3);
    }
    double n = (double)count, mean = sum / n;
    assert_close(mean, 0.5, 0, 5 * 0.3 / sqrt(n));
    assert_close(sqrt(square / n - mean * mean), 0.3, 0.02, 0);
    /* a normal cut at -2.4 sigma has its mean 0.0226 sigma higher */
    assert_close(delay_sum / n, 15.113, 0, 5 * 5 / sqrt(n));
    rw_free(edges);
}

/* all_to_all lists sources in ascending order, so the draws of every synapse are known. */
static void weights_and_delays_are_keyed_by_target_and_rank(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t source = builder_population(&builder, NULL, 333), target = builder_population(&builder, "lif_psc_exp", 50);
    rw_projection_spec *spec = builder_projection(&builder, source, target, RW_CONNECT_ALL_TO_ALL);
    spec->weight = builder_value(RW_NORMAL, 0.5, 0.3);
    spec->delay_ms = builder_value(RW_UNIFORM, 0.5, 3.0);
    uint64_t count;
    rw_edge *edges = edges_of(&builder, 2, &count);
    assert_int_equal(count, 333 * 50);
    for (uint64_t k = 0; k < count; k++) {
        const rw_edge *edge = &edges[k];
        double weight = rw_value_draw(&spec->weight, rw_stream_of(1, RW_PURPOSE_WEIGHT, 0), edge->target, edge->source);
        double delay_ms =
            rw_value_draw(&spec->delay_ms, rw_stream_of(1, RW_PURPOSE_DELAY, 0), edge->target, edge->source);
        assert_true(edge->weight == (float)weight);
        assert_int_equal(edge->delay_steps, rw_delay_steps(delay_ms, 0.1));
    }
    rw_free(edges);
}

static void constant_weights_and_delays_are_the_same_everywhere(void **state) {
    (void)state;
    network_builder builder;
    for (size_t rule = 0; rule < 2 * RW_COUNT(drawn_rules); rule++) {
        rw_projection_spec *spec = small_network(&builder, drawn_rules[rule / 2].rule, false);
        spec->structural = rule % 2;
        spec->weight = builder_constant(-0.25);
        spec->delay_ms = builder_constant(1.7);
        uint64_t count;
        rw_edge *edges = edges_of(&builder, 2, &count);
        for (uint64_t k = 0; k < count; k++) {
            assert_true(edges[k].weight == -0.25f);
            assert_int_equal(edges[k].delay_steps, 17);
        }
        rw_free(edges);
    }
}

static void seeds_and_projections_give_different_networks(void **state) {
    (void)state;
    network_builder builder;
    rw_projection_spec *spec = large_network(&builder, RW_CONNECT_PAIRWISE_BERNOULLI);
    spec->p = 0.1;
    builder_projection(&builder, spec->source, spec->target, spec->rule)->p = 0.1;
    rw_edge *edges[3];
    uint64_t counts[3];
    edges[0] = edges_of(&builder, 1, &counts[0]);
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    counts[1] = rw_projection_count(&network->partition, &network->projections[1]);
    assert_ok(rw_projection_edges(network, &network->projections[1], &edges[1]));
    rw_network_destroy(&network);
    builder.scenario.seed = 2;
    edges[2] = edges_of(&builder, 1, &counts[2]);
    for (int other = 1; other < 3; other++) {
        uint64_t same = 0;
        for (uint64_t k = 0, j = 0; k < counts[0]; k++) {
            while (j < counts[other] &&
                   (edges[other][j].target < edges[0][k].target ||
                    (edges[other][j].target == edges[0][k].target && edges[other][j].source < edges[0][k].source)))
                j++;
            same += j < counts[other] && edges[other][j].target == edges[0][k].target &&
                    edges[other][j].source == edges[0][k].source;
        }
        assert_close((double)same, 30000, 0, 5 * sqrt(30000)); /* 3e6 pairs x 0.1 x 0.1: as independent ones share */
    }
    for (int k = 0; k < 3; k++)
        rw_free(edges[k]);
}

static void assert_refused(const network_builder *builder, const char *says) {
    rw_network *network = NULL;
    for (int n_threads = 1; n_threads <= 2; n_threads++) {
        assert_int_equal(rw_network_create(&network, &builder->scenario, n_threads), RW_ERR_INPUT);
        assert_null(network);
        if (strstr(rw_error_message(), says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", rw_error_message(), says);
    }
}

static void rules_that_cannot_be_met_are_refused(void **state) {
    (void)state;
    network_builder builder;
    small_network(&builder, RW_CONNECT_FIXED_INDEGREE, true)->n = 150;
    assert_refused(&builder, "only 149 partners; lower n or allow multapses");
    small_network(&builder, RW_CONNECT_FIXED_OUTDEGREE, false)->n = 151;
    assert_refused(&builder, "only 150 partners");
    small_network(&builder, RW_CONNECT_FIXED_TOTAL_NUMBER, false)->n = 30001;
    assert_refused(&builder, "only 30000 pairs");
    small_network(&builder, RW_CONNECT_ONE_TO_ONE, false);
    assert_refused(&builder, "200 and 150 cells");
    small_network(&builder, RW_CONNECT_ONE_TO_ONE, true);
    assert_refused(&builder, "autapses: true");
    small_network(&builder, RW_CONNECT_DISTANCE, true);
    builder.scenario.dimensions = 0;
    assert_refused(&builder, "space");
    small_network(&builder, RW_CONNECT_FIXED_INDEGREE, true)->n = (uint64_t)1 << 40;
    builder.projections[0].multapses = true;
    assert_refused(&builder, "this machine has");
}

static void projections_without_cells_or_rule_are_empty(void **state) {
    (void)state;
    network_builder builder;
    small_network(&builder, RW_CONNECT_NONE, false);
    uint64_t count;
    rw_edge *edges = edges_of(&builder, 3, &count);
    assert_int_equal(count, 0);
    assert_null(edges);
    small_network(&builder, RW_CONNECT_PAIRWISE_BERNOULLI, false);
    builder.populations[1].count = 0;
    edges = edges_of(&builder, 3, &count);
    assert_int_equal(count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_the_same_for_any_team),
        cmocka_unit_test(large_slices_give_the_same_network),
        cmocka_unit_test(one_to_one_connects_equal_ids),
        cmocka_unit_test(autapses_and_multapses_occur_only_where_allowed),
        cmocka_unit_test(degrees_that_a_rule_fixes_are_exact),
        cmocka_unit_test(bernoulli_degrees_are_binomial),
        cmocka_unit_test(bernoulli_with_p_0_and_1_is_none_and_all),
        cmocka_unit_test(free_degrees_of_fixed_rules_are_spread_as_they_should),
        cmocka_unit_test(every_set_of_pairs_is_equally_likely),
        cmocka_unit_test(weights_and_delays_have_their_distributions),
        cmocka_unit_test(weights_and_delays_are_keyed_by_target_and_rank),
        cmocka_unit_test(constant_weights_and_delays_are_the_same_everywhere),
        cmocka_unit_test(seeds_and_projections_give_different_networks),
        cmocka_unit_test(rules_that_cannot_be_met_are_refused),
        cmocka_unit_test(projections_without_cells_or_rule_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
