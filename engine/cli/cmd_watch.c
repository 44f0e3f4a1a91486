#include "cli/cmd_watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/count.h"
#include "base/json.h"
#include "cli/interrupts.h"
#include "cli/options.h"
#include "cli/watch_page.h"

/* How often in a row files of a run in progress may not fit together. */
enum { TRIES = 50 };
#define RETRY_S 0.2

typedef struct {
    const char *directory, *every, *page;
    double every_s;
    bool once, as_json;
} watch_arguments;

/* What stands on the terminal. */
typedef struct {
    bool terminal;
    int lines;      /* that the next picture replaces */
    double shown_s; /* written_s of it */
} screen;

static bool speaks_utf8(void) {
    const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL || strstr(value, "utf-8") != NULL;
    }
    return false;
}

static rw_watch_style find_style(bool terminal) {
    rw_watch_style style = {.width = 80, .height = 1000, .plain = !speaks_utf8(), .now_s = (double)time(NULL)};
    struct winsize size;
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        style.width = size.ws_col;
        style.height = size.ws_row;
    }
    return style;
}

static void print_json(const rw_watch_view *view) {
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "status", view->run.status);
    rw_json_number(&json, "time_ms", view->at_ms);
    rw_json_number(&json, "until_ms", view->run.until_ms);
    rw_json_open_array(&json, "series");
    for (size_t i = 0; i < view->n_lines; i++) {
        const rw_watch_line *line = &view->lines[i];
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "name", line->series->name);
        rw_json_text(&json, "of", line->object);
        rw_json_text(&json, "unit", line->series->unit);
        rw_json_number(&json, "last", line->values[line->n - 1]);
        rw_json_close_object(&json);
    }
    rw_json_close_array(&json);
    rw_json_close_object(&json);
}

/* A terminal shows the newest picture in place; elsewhere each new one follows the last. */
static void show(screen *on, const watch_arguments *words, const rw_watch_view *view) {
    const rw_watch_style style = find_style(on->terminal);
    if (!on->terminal && view->written_s <= on->shown_s && strcmp(view->run.status, "running") == 0)
        return;
    on->shown_s = view->written_s;
    if (words->as_json) {
        print_json(view);
    } else {
        if (on->lines > 0 && on->terminal)
            (void)printf("\033[%dA\033[J", on->lines);
        on->lines = rw_watch_print(view, &style, stdout);
    }
    (void)fflush(stdout);
}

static rw_err write_page(const watch_arguments *words, const rw_watch_view *view) {
    const rw_watch_style style = find_style(false);
    return words->page != NULL ? rw_watch_page(view, &style, words->every_s, words->page) : RW_OK;
}

/* What the end of the run means for this command. */
static rw_err conclude(const rw_watch_view *view) {
    const rw_result_in *run = &view->run;
    if (strcmp(run->status, "done") == 0)
        return RW_OK;
    if (strcmp(run->status, "interrupted") == 0)
        return rw_fail(RW_ERR_STOPPED, "%s: the run was interrupted; `rewire run ... --resume` continues it",
                       run->path);
    return rw_fail(RW_ERR_SYSTEM, "%s: the run has failed: %s", run->path,
                   run->message[0] != '\0' ? run->message : "run.json does not say why");
}

/* Whether the run may be writing what could not be read. */
static bool may_be_written(const rw_watch_view *view) {
    return view->run.status != NULL && strcmp(view->run.status, "running") == 0;
}

/* Reads and shows it once; *goes_on says whether to look again: the run is in progress, or could not be read, which may
 * happen *tries times in a row. */
static rw_err look(const watch_arguments *words, screen *on, int *tries, bool *goes_on) {
    rw_watch_view view;
    rw_arena *arena = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = rw_watch_read(&view, arena, words->directory);
    *goes_on = err == RW_OK && !words->once && may_be_written(&view);
    if (err == RW_OK) {
        show(on, words, &view);
        err = write_page(words, &view);
        if (err == RW_OK && !*goes_on && !words->once)
            err = conclude(&view);
        *tries = TRIES;
    } else if (err == RW_ERR_INPUT && may_be_written(&view) && (*tries)-- > 0) {
        *goes_on = true;
        err = RW_OK;
    }
    rw_arena_destroy(&arena);
    return err;
}

static void wait_for(double seconds) {
    struct timespec span = {.tv_sec = (time_t)seconds, .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
    (void)nanosleep(&span, NULL); /* a signal that does not end the program only shortens it */
}

static rw_err watch(const watch_arguments *words) {
    screen on = {.terminal = isatty(STDOUT_FILENO) == 1 && !words->as_json};
    int tries = TRIES;
    bool goes_on = false;
    RW_TRY(look(words, &on, &tries, &goes_on));
    while (goes_on) {
        wait_for(tries < TRIES && words->every_s > RETRY_S ? RETRY_S : words->every_s);
        RW_TRY(look(words, &on, &tries, &goes_on));
    }
    return RW_OK;
}

rw_err rw_command_watch(int argc, char **argv) {
    watch_arguments words = {.every = "2 s"};
    bool help = false;
    const char *directories[1] = {NULL};
    const rw_option options[] = {
        {"--every", NULL, RW_OPTION_TEXT, &words.every, "SPAN", "how often to look (default: 2 s)"},
        {"--page", NULL, RW_OPTION_TEXT, &words.page, "FILE",
         "write it as a page, too, which a browser loads again by itself"},
        {"--once", NULL, RW_OPTION_FLAG, &words.once, NULL, "show how far it is, and end"},
        {"--json", NULL, RW_OPTION_FLAG, &words.as_json, NULL, "one JSON object whenever there is something new"},
    };
    const rw_usage usage = {
        .name = "watch",
        .positional = "DIR",
        .min_positional = 1,
        .max_positional = 1,
        .options = options,
        .n_options = RW_COUNT(options),
        .doc =
            "Follows the run that writes into DIR: how far it is, rates, synapses that change, drugs, the clock, and\n"
            "a small plot of each over the run so far. Only reads, also from another machine that sees DIR. A run\n"
            "brings its series to the disk 10 to 200 times, more often the longer it takes. Ends with the run:\n"
            "exit code 0 when it is done, 5 when it was interrupted, 3 when it failed. --page needs no server: open\n"
            "FILE in a browser, or serve its directory to yourself with `python3 -m http.server --bind 127.0.0.1`."};
    RW_TRY(rw_options_parse(&usage, argc, argv, directories, &help));
    if (help)
        return RW_OK;
    words.directory = directories[0];
    RW_TRY(rw_interrupts_span("--every", words.every, &words.every_s));
    return watch(&words);
}
