#include "cli/cmd_check.h"

#include <stdio.h>

#include "base/count.h"
#include "base/json.h"
#include "cli/cost.h"
#include "cli/doses.h"
#include "cli/doses_plot.h"
#include "cli/format.h"
#include "cli/input_warnings.h"
#include "cli/request.h"
#include "sim/accuracy/clock_forecast.h"

/* What the prediction is for. */
typedef struct {
    int n_ranks, n_threads;
} team;

/* Seconds of the network that stand for the run. */
static double network_s(const rw_scenario *scenario, const rw_cost *cost) {
    return 1e-3 * scenario->step_ms * (double)cost->network_steps;
}

static void print_ranks(const rw_scenario *scenario, const rw_cost *cost, const team *on) {
    (void)printf("\n# Predicted for each of %d ranks x %d threads, at an assumed mean rate of %g Hz per cell:\n",
                 on->n_ranks, on->n_threads, RW_ASSUMED_RATE_HZ);
    (void)printf("#   %s cells and about %s synapses in all\n", rw_format_count(cost->neurons).text,
                 rw_format_count((uint64_t)cost->synapses).text);
    (void)printf("#   memory %s and time %s per rank, %s more on the first, which writes the files; disk %s in all\n",
                 rw_format_bytes(cost->memory_bytes).text, rw_format_duration(cost->wall_s).text,
                 rw_format_bytes(cost->extra_bytes).text, rw_format_bytes(cost->disk_bytes).text);
    (void)printf(
        "#   %.4g exchanges per second of the network, in which a rank sends %s; the network takes about %s of the\n"
        "#   time, estimated on paper with %g us per message, %g us at its sender and %g GB/s\n",
        cost->exchanges_hz, rw_format_bytes(cost->sent_bytes_s).text, rw_format_duration(cost->exchange_wall_s).text,
        1e6 * RW_LATENCY_S, 1e6 * RW_MESSAGE_S, 1e-9 * RW_LINK_BYTES_S);
    (void)printf("#   (%g s of the network; rewire run --pretend-ranks %d measures one rank of it)\n",
                 network_s(scenario, cost), on->n_ranks);
}

static void print_clock(const rw_scenario *scenario, const rw_cost *cost) {
    const double run_s = 1e-3 * scenario->step_ms * (double)scenario->n_steps;
    if (!scenario->clock.slow)
        return;
    (void)printf(
        "\n# Clock: %s of biology are %s of the network, a factor of %.4g on average; it may change every %s\n",
        rw_format_duration(run_s).text, rw_format_duration(network_s(scenario, cost)).text,
        run_s / network_s(scenario, cost),
        rw_format_duration(1e-3 * scenario->step_ms * (double)scenario->clock.interval_steps).text);
}

/* The prediction is printed as comments, so that the output is a scenario again. */
static rw_err print(const rw_scenario *scenario, const rw_cost *cost, const team *on) {
    (void)printf("%s", scenario->resolved_text);
    print_clock(scenario, cost);
    RW_TRY(rw_doses_print(scenario));
    rw_input_warnings_print(stdout, "# warning: ", scenario);
    if (on->n_ranks > 1) {
        print_ranks(scenario, cost, on);
    } else {
        (void)printf("\n# Predicted for %d thread%s of this machine, at an assumed mean rate of %g Hz per cell:\n",
                     on->n_threads, on->n_threads == 1 ? "" : "s", RW_ASSUMED_RATE_HZ);
        (void)printf("#   %s cells, about %s synapses at the start\n", rw_format_count(cost->neurons).text,
                     rw_format_count((uint64_t)cost->synapses).text);
        (void)printf("#   memory %s, disk %s, time %s\n", rw_format_bytes(cost->memory_bytes).text,
                     rw_format_bytes(cost->disk_bytes).text, rw_format_duration(cost->wall_s).text);
    }
    (void)printf("# Time and disk grow with the true rates; expect the right order of magnitude, not more.\n");
    return RW_OK;
}

static rw_err write_json(const rw_scenario *scenario, const rw_cost *cost, const team *on) {
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "scenario", scenario->resolved_text);
    rw_json_open_object(&json, "predicted");
    rw_json_integer(&json, "ranks", (uint64_t)on->n_ranks);
    rw_json_integer(&json, "threads", (uint64_t)on->n_threads);
    rw_json_number(&json, "assumed_rate_hz", RW_ASSUMED_RATE_HZ);
    rw_json_integer(&json, "neurons", cost->neurons);
    rw_json_number(&json, "synapses", cost->synapses);
    rw_json_number(&json, "memory_bytes", cost->memory_bytes);
    rw_json_number(&json, "first_rank_extra_bytes", cost->extra_bytes);
    rw_json_number(&json, "disk_bytes", cost->disk_bytes);
    rw_json_number(&json, "network_s", network_s(scenario, cost));
    rw_json_number(&json, "wall_s", cost->wall_s);
    rw_json_number(&json, "exchanges_hz", cost->exchanges_hz);
    rw_json_number(&json, "sent_bytes_s", cost->sent_bytes_s);
    rw_json_number(&json, "exchange_wall_s", cost->exchange_wall_s);
    rw_json_close_object(&json);
    rw_input_warnings_write(&json, scenario);
    rw_err err = rw_doses_write(&json, scenario);
    rw_json_close_object(&json);
    return err;
}

static rw_err check(const rw_request *request, int n_ranks, const char *plot, bool as_json) {
    team on = {.n_ranks = n_ranks > 0 ? n_ranks : 1};
    rw_scenario *scenario = NULL;
    rw_cost cost;
    RW_TRY(rw_request_allow(request));
    RW_TRY(rw_request_threads(request, &on.n_threads));
    RW_TRY(rw_request_read(request, &scenario));
    uint64_t network_steps = 0;
    rw_err err = rw_clock_forecast(scenario, RW_ASSUMED_RATE_HZ, &network_steps);
    if (err == RW_OK)
        err = rw_cost_predict(&cost, scenario, network_steps, on.n_ranks, on.n_threads);
    if (err == RW_OK)
        err = (as_json ? write_json : print)(scenario, &cost, &on);
    if (err == RW_OK && plot != NULL)
        err = rw_doses_plot(scenario, plot);
    rw_scenario_destroy(&scenario);
    return err;
}

rw_err rw_command_check(int argc, char **argv) {
    rw_request request = {0};
    int n_ranks = 0;
    bool as_json = false, help = false;
    const char *plot = NULL;
    const rw_option options[] = {
        {"--ranks", NULL, RW_OPTION_COUNT, &n_ranks, "N", "processes that memory, traffic and time are predicted for"},
        RW_REQUEST_ALLOW_READ(request),
        {"--threads", NULL, RW_OPTION_COUNT, &request.threads, "N", "threads that the predicted time is for"},
        {"--set", NULL, RW_OPTION_LIST, &request.set, "KEY=VALUE",
         "another value for a key, e.g. populations.pyr.count=800"},
        {"--at", NULL, RW_OPTION_TEXT, &request.at, "TIME",
         "of a result instead of a scenario: begin with the synapses of this snapshot (default: the newest)"},
        {"--plot", NULL, RW_OPTION_TEXT, &plot, "FILE.svg", "draws the levels of drugs and what they block"},
        {"--json", NULL, RW_OPTION_FLAG, &as_json, NULL, "one JSON object for machines"},
    };
    const rw_usage usage = {
        .name = "check",
        .positional = "SCENARIO",
        .min_positional = 1,
        .max_positional = 1,
        .options = options,
        .n_options = RW_COUNT(options),
        .doc = "Reads a scenario and prints it with every default filled in, as a scenario again, and a\n"
               "prediction of memory, disk and time. Of drugs it tells peaks and the share of receptors they\n"
               "block. Simulates nothing, writes no file but --plot."};
    rw_err err = rw_options_parse(&usage, argc, argv, &request.path, &help);
    if (err == RW_OK && !help)
        err = check(&request, n_ranks, plot, as_json);
    rw_free(request.set.items);
    rw_free(request.allow_read.items);
    return err;
}
