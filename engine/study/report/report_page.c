#include "study/report/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "io/directory.h"
#include "study/report/figure_csv.h"
#include "study/report/figure_json.h"
#include "study/report/figure_svg.h"
#include "study/report/figure_text.h"
#include "study/report/page_assets.h"

/* Nothing is fetched; script and style are the page's own. */
static const char head[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
    "'unsafe-inline'; img-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" "
    "content=\"light "
    "dark\">\n<title>";

static void print_facts(const rw_page *page, FILE *out) {
    (void)fputs("<dl class=\"facts\">", out);
    for (size_t i = 0; i < page->n_facts; i++) {
        (void)fputs("<div><dt>", out);
        rw_print_escaped(out, page->facts[i].name);
        (void)fputs("</dt><dd>", out);
        rw_print_escaped(out, page->facts[i].value);
        (void)fputs("</dd></div>", out);
    }
    (void)fputs("</dl>\n", out);
}

static void print_figure(const rw_figure *figure, FILE *out) {
    (void)fprintf(out, "<figure id=\"%s\"><h2>", figure->id);
    rw_print_escaped(out, figure->title);
    (void)fputs("</h2>", out);
    rw_figure_print_svg(figure, false, out);
    (void)fputs("<figcaption>", out);
    rw_print_escaped(out, figure->caption);
    (void)fprintf(out, "<br><a href=\"figures/%s.svg\" download>SVG</a><a href=\"figures/%s.csv\" download>CSV</a>",
                  figure->id, figure->id);
    (void)fputs("</figcaption></figure>\n", out);
}

static void write_figures(rw_json *json, const rw_figures *figures) {
    rw_json_open_array(json, NULL);
    for (size_t i = 0; i < figures->count; i++)
        if (figures->list[i].interactive)
            rw_figure_print_json(&figures->list[i], json);
    rw_json_close_array(json);
}

/* JSON inside a script element: "</" must not end it. JSON strings may write "<" as \u003c. */
static void print_json(const char *text, const char *id, FILE *out) {
    (void)fprintf(out, "<script type=\"application/json\" id=\"%s\">", id);
    for (const char *c = text; *c != '\0'; c++)
        if (*c == '<')
            (void)fputs("\\u003c", out);
        else if (*c == '\n') /* never inside a string */
            c += strspn(c + 1, " ");
        else
            (void)fputc(*c, out);
    (void)fputs("</script>\n", out);
}

/* What the page's script draws, and its colours: the figures, or with NULL the palette. */
static void print_data(const rw_figures *figures, const char *id, FILE *out) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        return; /* the page then shows its SVG */
    rw_json json = {.file = memory};
    if (figures != NULL)
        write_figures(&json, figures);
    else
        rw_palette_print_json(&json);
    if (fclose(memory) == 0)
        print_json(text, id, out);
    free(text); /* NOLINT: the C library's own */
}

static void print_page(const rw_page *page, FILE *out) {
    (void)fputs(head, out);
    rw_print_escaped(out, page->title);
    (void)fprintf(out, "</title>\n<style>%s\n", rw_page_uplot_css);
    rw_palette_print_css(out); /* before the page's own style, in which lines are not filled */
    (void)fprintf(out, "%s</style></head>\n<body><main>\n<h1>", rw_page_report_css);
    rw_print_escaped(out, page->title);
    (void)fputs("</h1>\n<p class=\"about\">", out);
    rw_print_escaped(out, page->text);
    (void)fputs("</p>\n", out);
    print_facts(page, out);
    (void)fputs("<div class=\"grid\">\n", out);
    for (size_t i = 0; i < page->figures->count; i++)
        print_figure(&page->figures->list[i], out);
    (void)fputs("</div>\n", out);
    if (page->source != NULL && page->source[0] != '\0') {
        (void)fputs("<details><summary>", out);
        rw_print_escaped(out, page->source_title);
        (void)fputs("</summary><pre>", out);
        rw_print_escaped(out, page->source);
        (void)fputs("</pre></details>\n", out);
    }
    (void)fprintf(out,
                  "<footer>rewire %s (%s). Plots that zoom: uPlot, MIT licence, copyright Leon Sorokin.</footer>\n",
                  rw_version().version, rw_version().revision);
    print_data(NULL, "palette", out);
    print_data(page->figures, "data", out);
    (void)fprintf(out, "<script>%s</script>\n<script>%s</script>\n</main></body></html>\n", rw_page_uplot_js,
                  rw_page_report_js);
}

static rw_err write_figure(const rw_figure *figure, rw_directory *directory) {
    FILE *file = NULL;
    rw_path svg = rw_path_of("figures/%s.svg", figure->id), csv = rw_path_of("figures/%s.csv", figure->id);
    RW_TRY(rw_directory_open_text(directory, svg.text, &file));
    rw_figure_print_svg(figure, true, file);
    RW_TRY(rw_directory_commit_text(directory, svg.text, file));
    RW_TRY(rw_directory_open_text(directory, csv.text, &file));
    rw_figure_print_csv(figure, file);
    return rw_directory_commit_text(directory, csv.text, file);
}

static rw_err write_files(const rw_page *page, rw_directory *directory) {
    FILE *file = NULL;
    RW_TRY(rw_directory_make(directory, "figures"));
    for (size_t i = 0; i < page->figures->count; i++)
        RW_TRY(write_figure(&page->figures->list[i], directory));
    RW_TRY(rw_directory_open_text(directory, "report.html", &file));
    print_page(page, file);
    return rw_directory_commit_text(directory, "report.html", file);
}

rw_err rw_report_write(const rw_page *page, const char *path) {
    rw_directory directory = {0};
    RW_TRY(rw_directory_open_derived(&directory, path));
    rw_err err = write_files(page, &directory);
    rw_directory_close(&directory);
    return err;
}
