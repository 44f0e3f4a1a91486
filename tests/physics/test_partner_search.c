/* Partner search by cells of space draws from the distribution that the O(n^2) method gives: kernel x vacancies over
 * all partners. Every kernel is held to a chi-square test over DRAWS draws; 10^6 in all.
 *
 *     build/release/test_physics_partner_search 1000000        the same with as many draws for each kernel */
#include <stdlib.h>

#include "net/distance_kernel.h"
#include "net/positions.h"
#include "net/spatial_grid.h"
#include "run.h"
#include "sim/formation/partner_sampling.h"

enum { SEARCHING = 40, ELEMENTS = 50, MOST_TARGETS = 150 }; /* each cell samples with many elements at once */

static uint64_t n_draws = 100000;

/* `rewire` of the projections a -> b and a -> c; the space is flat and periodic unless said otherwise. */
typedef struct {
    const char *b, *c, *space;
    bool inhibitory;
    bool by_dendrites; /* those of b search among the axons; where not given, axons search */
} search_case;

static const char flat[] = "size: [1000 um, 800 um], periodic: true";

static test_run read_case(const search_case *it) {
    char yaml[4096];
    const char *element = it->inhibitory ? "dendrite_inh" : "dendrite_exc";
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\nseed: 5\ntime: {step: 0.1 ms, until: 10 s}\nspace: {%s}\n"
        "populations:\n  a: {model: lif_psc_exp, count: %d}\n  b: {model: lif_psc_exp, count: 100}\n"
        "  c: {model: lif_psc_exp, count: 50}\n"
        "projections:\n"
        "  - {name: ab, from: a, to: b, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
        "inhibitory: %s, rewire: {%s}}\n"
        "  - {name: ac, from: a, to: c, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
        "inhibitory: %s, rewire: {%s}}\n"
        "growth:\n  - {on: a.axon, model: linear, target: 0.05}\n  - {on: b.%s, model: linear, target: 0.05}\n"
        "  - {on: c.%s, model: linear, target: 0.05}\n",
        it->space, SEARCHING, it->inhibitory ? "true" : "false", it->b, it->inhibitory ? "true" : "false", it->c,
        element, element);
    return test_run_read(yaml);
}

/* Vacancies of the partners: cell i has i mod 4, so some have none. */
static void set_partners(const rw_network *network, const search_case *it, rw_vacant_partners *partners,
                         const rw_spatial_grid *grid) {
    for (uint32_t p = it->by_dendrites ? 0 : 1; p < (it->by_dendrites ? 1 : network->n_populations); p++) {
        rw_vacant cells[MOST_TARGETS];
        size_t n = 0;
        for (uint32_t i = 0; i < network->populations[p].count; i++)
            if (i % 4 > 0)
                cells[n++] = (rw_vacant){.id = i, .vacant = i % 4};
        assert_ok(rw_vacant_partners_set(&partners[p], &network->populations[p], cells, n));
        assert_ok(rw_vacant_partners_reserve(&partners[p], grid));
        rw_vacant_partners_sort(&partners[p], grid);
    }
}

static void set_elements(const rw_network *network, const search_case *it, rw_searching_elements *elements,
                         const rw_spatial_grid *grid) {
    rw_vacant cells[SEARCHING];
    for (uint32_t cell = 0; cell < SEARCHING; cell++)
        cells[cell] = (rw_vacant){.id = cell, .vacant = ELEMENTS};
    assert_ok(rw_searching_elements_add(elements, network, it->by_dendrites ? 1 : 0, cells, SEARCHING));
    assert_ok(rw_searching_elements_reserve(elements, network->n_populations, grid));
    rw_searching_elements_sort(elements, network->n_populations, grid);
}

/* Expected partners of a cell by the O(n^2) method; their number. */
static size_t expect_partners(const rw_network *network, const search_case *it, uint64_t cell, double draws,
                              double *expected) {
    double total = 0.0;
    size_t n = 0;
    for (size_t p = 0; p < (it->by_dendrites ? 1 : network->n_projections); p++) {
        const rw_projection *projection = &network->projections[p];
        uint64_t count = network->populations[it->by_dendrites ? projection->source : projection->target].count;
        for (uint64_t j = 0; j < count; j++) {
            double d = rw_population_distance(network->scenario, &network->populations[0], it->by_dendrites ? j : cell,
                                              &network->populations[projection->target], it->by_dendrites ? cell : j);
            expected[n] = rw_kernel_value(&projection->spec->search, d) * (double)(j % 4);
            total += expected[n++];
        }
    }
    for (size_t k = 0; k < n; k++)
        expected[k] *= draws / total;
    return n;
}

/* Adds a cell's part of the statistic; rare partners are counted together. */
static void add_statistic(const double *observed, const double *expected, size_t n, double *statistic,
                          double *freedom) {
    double rest_observed = 0.0, rest_expected = 0.0;
    for (size_t k = 0; k < n; k++) {
        if (expected[k] == 0.0)
            assert_close(observed[k], 0.0, 0, 0); /* out of reach, or no vacancy */
        if (expected[k] < 10.0) {
            rest_observed += observed[k];
            rest_expected += expected[k];
            continue;
        }
        *statistic += chi_square(&observed[k], &expected[k], 1);
        *freedom += 1.0;
    }
    if (rest_expected > 5.0)
        *statistic += chi_square(&rest_observed, &rest_expected, 1);
    else
        *freedom -= 1.0;
}

static void check_case(const search_case *it) {
    static double observed[SEARCHING][MOST_TARGETS];
    double expected[MOST_TARGETS], statistic = 0.0, freedom = 0.0;
    rw_vacant_partners partners[3] = {0};
    rw_searching_elements elements = {0};
    rw_partner_sampling sampling = {0};
    test_run run = read_case(it);
    assert_ok(rw_network_create(&run.network, run.scenario, 1));
    rw_spatial_grid grid = rw_search_grid(run.network, it->inhibitory, 2000);
    set_partners(run.network, it, partners, &grid);
    memset(observed, 0, sizeof observed);
    set_elements(run.network, it, &elements, &grid);
    uint64_t rounds = n_draws / (SEARCHING * ELEMENTS);
    for (uint64_t draw = 0; draw < rounds; draw++) {
        rw_partner_search search = {.network = run.network,
                                    .step = draw,
                                    .inhibitory = it->inhibitory,
                                    .by_dendrites = it->by_dendrites,
                                    .grid = grid,
                                    .partners = partners};
        assert_ok(rw_partner_sampling_begin(&sampling, &search, elements.n));
        assert_ok(rw_sample_partners(&sampling, &search, &elements));
        for (size_t s = 0; s < SEARCHING * (size_t)ELEMENTS; s++) {
            const rw_candidate *sampled = &sampling.candidates[s];
            assert_true(sampled->projection != RW_NO_PARTNER);
            observed[elements.items[s].id][sampled->id + (sampled->projection == 1 ? 100 : 0)] += 1.0;
        }
    }
    for (uint64_t s = 0; s < SEARCHING; s++) {
        size_t n = expect_partners(run.network, it, s, (double)(rounds * ELEMENTS), expected);
        add_statistic(observed[s], expected, n, &statistic, &freedom);
    }
    print_message("%-62s chi-square %8.1f, %5.0f degrees of freedom, %+5.2f sigma\n", it->b, statistic, freedom,
                  (statistic - freedom) / sqrt(2.0 * freedom));
    assert_true(freedom > SEARCHING);
    tell_of_check((statistic - freedom) / sqrt(2.0 * freedom), 0.0, 4.5);
    if (fabs(statistic - freedom) > 4.5 * sqrt(2.0 * freedom))
        fail_msg("rewire: {%s} and {%s} in space {%s} do not sample by kernel x vacancies", it->b, it->c, it->space);
    for (int p = 0; p < 3; p++)
        rw_vacant_partners_destroy(&partners[p]);
    rw_searching_elements_destroy(&elements);
    rw_partner_sampling_destroy(&sampling);
    test_run_end(&run);
}

static void partners_are_sampled_by_kernel_and_vacancies_exactly(void **state) {
    (void)state;
    static const search_case cases[] = {
        {.b = "kernel: gaussian, sigma: 30 um",
         .c = "kernel: exponential, sigma: 20 um",
         .space = flat}, /* most list all dendrites */
        {.b = "kernel: gaussian, sigma: 120 um", .c = "kernel: exponential, sigma: 150 um", .space = flat},
        {.b = "kernel: gaussian, sigma: 150 um, cutoff: 260 um",
         .c = "kernel: gaussian, sigma: 90 um",
         .space = flat,
         .inhibitory = true},
        {.b = "kernel: exponential, sigma: 100 um, cutoff: 350 um", .c = "kernel: none", .space = flat},
        {.b = "kernel: box, sigma: 300 um", .c = "kernel: box, sigma: 250 um", .space = flat},
        {.b = "kernel: power, sigma: 60 um, exponent: 3, cutoff: 400 um",
         .c = "kernel: gaussian, sigma: 120 um",
         .space = flat},
        {.b = "kernel: power, sigma: 20 um, exponent: 1.2, cutoff: 500 um",
         .c = "kernel: power, sigma: 100 um, exponent: 5, cutoff: 300 um",
         .space = flat,
         .inhibitory = true},
        {.b = "kernel: none", .c = "kernel: none", .space = flat},
        {.b = "kernel: gaussian, sigma: 120 um",
         .c = "kernel: gaussian, sigma: 120 um",
         .space = flat,
         .by_dendrites = true},
        {.b = "kernel: gaussian, sigma: 30 um",
         .c = "kernel: none",
         .space = flat,
         .inhibitory = true,
         .by_dendrites = true},
        {.b = "kernel: gaussian, sigma: 120 um",
         .c = "kernel: power, sigma: 50 um, exponent: 2, cutoff: 500 um",
         .space = "size: [1000 um, 800 um], periodic: false"},
        {.b = "kernel: exponential, sigma: 120 um",
         .c = "kernel: power, sigma: 50 um, exponent: 2, cutoff: 500 um",
         .space = "size: [600 um, 400 um, 500 um], periodic: true"},
        {.b = "kernel: power, sigma: 80 um, exponent: 4",
         .c = "kernel: box, sigma: 300 um",
         .space = "size: [600 um, 400 um, 500 um], periodic: false"},
    };
    for (size_t k = 0; k < RW_COUNT(cases); k++)
        check_case(&cases[k]);
}

int main(int argc, char **argv) {
    if (argc > 1)
        n_draws = strtoull(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partners_are_sampled_by_kernel_and_vacancies_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
