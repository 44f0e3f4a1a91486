#include "cli/cmd_report.h"

#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "cli/format.h"
#include "cli/options.h"
#include "io/result_in.h"
#include "study/comparison/cohort_of_results.h"
#include "study/comparison/cohort_of_sweep.h"
#include "study/comparison/gaps.h"
#include "study/report/report_cohort.h"
#include "study/report/report_page.h"
#include "study/report/report_run.h"

enum { MAX_WORDS = 1000, MAX_FACTS = 12 };

typedef struct {
    const char *words[MAX_WORDS];
    size_t n_words;
    const char *output, *measure;
    bool as_json, quiet, any_version;
} report_arguments;

typedef struct {
    rw_arena *arena;
    rw_figures figures;
    rw_fact facts[MAX_FACTS];
    rw_page page;
} draft;

static rw_err add_fact(draft *report, const char *name, const char *value) {
    RW_ASSERT(report->page.n_facts < MAX_FACTS);
    rw_fact *fact = &report->facts[report->page.n_facts++];
    fact->name = name;
    return rw_arena_string(report->arena, &fact->value, value);
}

static rw_err describe_run(draft *report, const rw_result_in *run) {
    RW_TRY(add_fact(report, "status", run->status));
    RW_TRY(add_fact(report, "simulated", rw_format_duration(1e-3 * run->reached_ms).text));
    RW_TRY(add_fact(report, "cells", rw_format_count(run->neurons).text));
    RW_TRY(add_fact(report, "spikes", rw_format_count(run->spikes).text));
    RW_TRY(add_fact(report, "synapses formed", rw_format_count(run->created).text));
    RW_TRY(add_fact(report, "vanished", rw_format_count(run->deleted).text));
    RW_TRY(add_fact(report, "seed", rw_format_count(run->seed).text));
    RW_TRY(add_fact(report, "rewire", rw_path_of("%s (%s)", run->engine_version, run->revision).text));
    return add_fact(report, "scenario (sha256)", rw_path_of("%.12s", run->config_sha256).text);
}

static rw_err finish(const report_arguments *words, draft *report, const char *directory) {
    report->page.facts = report->facts;
    report->page.figures = &report->figures;
    RW_CHECK(report->figures.count > 0 || report->page.text[0] == '\0', RW_ERR_INPUT,
             "%s: there is nothing to show. %s", words->words[0], report->page.text);
    RW_CHECK(report->figures.count > 0, RW_ERR_INPUT,
             "%s: nothing was recorded that could be shown; set record.series, record.spikes or record.snapshots",
             words->words[0]);
    RW_TRY(rw_report_write(&report->page, directory));
    if (words->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "report", rw_path_of("%s/report.html", directory).text);
        rw_json_integer(&json, "figures", report->figures.count);
        rw_json_close_object(&json);
    } else if (!words->quiet) {
        (void)printf("%zu figures are in %s/report.html; each as SVG and CSV in %s/figures\n", report->figures.count,
                     directory, directory);
    }
    return RW_OK;
}

static rw_err report_run(const report_arguments *words, draft *report) {
    rw_result_in run;
    rw_path directory =
        words->output != NULL ? rw_path_of("%s", words->output) : rw_path_of("%s/report", words->words[0]);
    RW_TRY(rw_result_in_open(&run, report->arena, words->words[0]));
    report->page = (rw_page){.title = run.title[0] != '\0' ? run.title : words->words[0],
                             .text = "",
                             .source_title = "The scenario with every default",
                             .source = run.scenario_text};
    RW_TRY(describe_run(report, &run));
    RW_TRY(rw_report_run(&report->figures, &run));
    return finish(words, report, directory.text);
}

/* "Measured before from 12 s to 20 s, ... of the network's time. Not compared: ..." */
static rw_err describe_cohort(draft *report, const rw_cohort *cohort, const char *patterns, const char **text) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    const char *const *gaps = NULL;
    char all[4096] = "";
    size_t at = 0, n_gaps = 0;
    RW_TRY(rw_gaps_find(cohort, patterns, &gaps, &n_gaps));
    for (size_t w = 0; plan != NULL && w < plan->n_windows && at < sizeof all; w++)
        at += (size_t)snprintf(all + at, sizeof all - at, "%s%s from %.6g s to %.6g s", w == 0 ? "Measured " : ", ",
                               plan->windows[w].name, 1e-3 * plan->windows[w].from_ms, 1e-3 * plan->windows[w].to_ms);
    if (at > 0 && at < sizeof all)
        at += (size_t)snprintf(all + at, sizeof all - at, " of the network's time. ");
    for (size_t i = 0; i < n_gaps && at < sizeof all; i++)
        at += (size_t)snprintf(all + at, sizeof all - at, "Not compared: %s. ", gaps[i]);
    return rw_arena_string(report->arena, text, all);
}

static rw_err report_sweep(const report_arguments *words, draft *report) {
    rw_sweep *sweep = NULL;
    rw_cohort cohort;
    rw_path directory =
        words->output != NULL ? rw_path_of("%s", words->output) : rw_path_of("%s/report", words->words[0]);
    RW_TRY(rw_sweep_open(&sweep, words->words[0], words->any_version));
    report->page = (rw_page){.title = sweep->plan->title[0] != '\0' ? sweep->plan->title : words->words[0], .text = ""};
    rw_err err = rw_cohort_of_sweep(&cohort, sweep);
    if (err == RW_OK)
        err = describe_cohort(report, &cohort, words->measure, &report->page.text);
    if (err == RW_OK)
        err = add_fact(report, "points", rw_format_count(sweep->points.n_points).text);
    if (err == RW_OK && cohort.n_missing > 0)
        err = add_fact(report, "not done", rw_format_count(cohort.n_missing).text);
    if (err == RW_OK)
        err = add_fact(report, "scenarios", rw_format_count(cohort.n_groups).text);
    if (err == RW_OK)
        err = add_fact(report, "runs of each", rw_format_count(cohort.n_units).text);
    if (err == RW_OK)
        err = add_fact(report, "plan (sha256)", rw_path_of("%.12s", sweep->hash).text);
    if (err == RW_OK)
        err = rw_report_cohort(&report->figures, &cohort, words->measure);
    if (err == RW_OK)
        err = finish(words, report, directory.text);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err report_results(const report_arguments *words, draft *report) {
    rw_cohort cohort;
    RW_TRY(rw_cohort_of_results(&cohort, report->arena, words->words, words->n_words, NULL, 0));
    report->page = (rw_page){.title = "Comparison", .text = ""};
    RW_TRY(describe_cohort(report, &cohort, words->measure, &report->page.text));
    RW_TRY(add_fact(report, "scenarios", rw_format_count(cohort.n_groups).text));
    RW_TRY(add_fact(report, "runs of each", rw_format_count(cohort.n_units).text));
    RW_TRY(rw_report_cohort(&report->figures, &cohort, words->measure));
    return finish(words, report, words->output != NULL ? words->output : "out/report");
}

rw_err rw_command_report(int argc, char **argv) {
    report_arguments words = {0};
    draft report = {0};
    bool help = false;
    const rw_option options[] = {
        {"--output", "-o", RW_OPTION_TEXT, &words.output, "DIR", "where the page goes (default: report/ inside DIR)"},
        {"--measure", NULL, RW_OPTION_TEXT, &words.measure, "PATTERNS", "these outcomes only: 'rate.*,synapses.pyr*'"},
        {"--allow-mixed", NULL, RW_OPTION_FLAG, &words.any_version, NULL, "also if another version planned the sweep"},
        {"--quiet", NULL, RW_OPTION_FLAG, &words.quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &words.as_json, NULL, "one JSON object on standard output"},
    };
    const rw_usage usage = {
        .name = "report",
        .positional = "DIR | SWEEP | [NAME=]DIR...",
        .min_positional = 1,
        .max_positional = MAX_WORDS,
        .options = options,
        .n_options = RW_COUNT(options),
        .doc = "Writes one HTML page that opens offline, and every figure as SVG and its data as CSV: of a run, of a\n"
               "sweep, or of several results, compared as `rewire compare` does."};
    RW_TRY(rw_options_parse(&usage, argc, argv, words.words, &help));
    if (help)
        return RW_OK;
    while (words.n_words < MAX_WORDS && words.words[words.n_words] != NULL)
        words.n_words++;
    RW_TRY(rw_arena_create(&report.arena));
    report.figures.arena = report.arena;
    rw_err err = words.n_words > 1             ? report_results(&words, &report)
                 : rw_sweep_is(words.words[0]) ? report_sweep(&words, &report)
                                               : report_run(&words, &report);
    rw_arena_destroy(&report.arena);
    return err;
}
