#include "cli/usage.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/version.h"

void rw_usage_print_help(const rw_usage *usage) {
    (void)printf("usage: rewire %s %s%s\n\n%s\n", usage->name, usage->positional,
                 usage->n_options > 0 ? " [options]" : "", usage->doc);
    for (size_t i = 0; i < usage->n_options; i++) {
        const rw_option *option = &usage->options[i];
        char left[64];
        (void)snprintf(left, sizeof left, "%s%s%s%s%s", option->shorthand != NULL ? option->shorthand : "",
                       option->shorthand != NULL ? ", " : "", option->name, option->argument != NULL ? " " : "",
                       option->argument != NULL ? option->argument : "");
        (void)printf("%s  %-22s  %s\n", i == 0 ? "\n" : "", left, option->doc);
    }
}

/* Text of the manual: a backslash and a hyphen mean something else to roff, as does a dot or a quote that begins a
 * line. */
static void print_roff(const char *text) {
    bool line_begins = true;
    for (const char *c = text; *c != '\0'; c++) {
        if (line_begins && (*c == '.' || *c == '\''))
            (void)fputs("\\&", stdout);
        if (*c == '\n' && c[1] == '\n') { /* an empty line ends a paragraph */
            (void)fputs("\n.PP", stdout);
            continue;
        }
        if (*c == '\\')
            (void)fputs("\\e", stdout);
        else if (*c == '-')
            (void)fputs("\\-", stdout);
        else
            (void)putchar(*c);
        line_begins = *c == '\n';
    }
}

/* A name in the upper case and with the hyphens of the manual. */
static void print_name(const char *title, bool upper) {
    for (const char *c = title; *c != '\0'; c++)
        (void)fputs(*c == ' ' ? "\\-" : (char[]){upper ? (char)toupper((unsigned char)*c) : *c, '\0'}, stdout);
}

static void print_options(const rw_option *options, size_t n) {
    if (n > 0)
        (void)printf(".SH OPTIONS\n");
    for (size_t i = 0; i < n; i++) {
        (void)printf(".TP\n");
        if (options[i].shorthand != NULL) {
            (void)printf("\\fB");
            print_roff(options[i].shorthand);
            (void)printf("\\fR, ");
        }
        (void)printf("\\fB");
        print_roff(options[i].name);
        (void)printf("\\fR");
        if (options[i].argument != NULL)
            (void)printf(" \\fI%s\\fR", options[i].argument);
        (void)putchar('\n');
        print_roff(options[i].doc);
        (void)putchar('\n');
    }
}

void rw_man_print(const char *title, const char *sentence, const char *call, const char *text, const rw_option *options,
                  size_t n_options) {
    (void)printf(".TH \"");
    print_name(title, true);
    (void)printf("\" 1 \"\" \"rewire %s\" \"User Commands\"\n.SH NAME\n", rw_version().version);
    print_name(title, false);
    (void)printf(" \\- ");
    print_roff(sentence);
    (void)printf("\n.SH SYNOPSIS\n\\fB%s\\fR ", title);
    print_roff(call);
    (void)printf("\n.SH DESCRIPTION\n");
    print_roff(text);
    (void)putchar('\n');
    print_options(options, n_options);
    (void)printf(".SH EXIT STATUS\n0 done; 1 a difference was found (diff); 2 the input is wrong; 3 a file or the "
                 "system failed; 4 "
                 "the simulation diverged; 5 stopped early and resumable; 70 a bug in rewire.\n");
    if (strcmp(title, "rewire") != 0)
        (void)printf(".SH SEE ALSO\n.BR rewire (1)\n");
}

/* Length of the first sentence: up to a full stop, colon or semicolon that white space follows. */
static size_t first_sentence(const char *text) {
    size_t i = 0;
    while (text[i] != '\0' && (strchr(".:;", text[i]) == NULL || (text[i + 1] != ' ' && text[i + 1] != '\n')))
        i++;
    return i > 0 && text[i] == '\0' && text[i - 1] == '.' ? i - 1 : i;
}

void rw_usage_print_man(const rw_usage *usage) {
    char title[64], sentence[256], call[256];
    (void)snprintf(title, sizeof title, "rewire %s", usage->name);
    (void)snprintf(sentence, sizeof sentence, "%.*s", (int)first_sentence(usage->doc), usage->doc);
    for (char *c = sentence; *c != '\0'; c++)
        *c = *c == '\n' ? ' ' : *c;
    (void)snprintf(call, sizeof call, "%s%s", usage->positional, usage->n_options > 0 ? " [options]" : "");
    rw_man_print(title, sentence, call, usage->doc, usage->options, usage->n_options);
}

void rw_usage_print_words(const rw_usage *usage) {
    for (size_t i = 0; i < usage->n_options; i++)
        (void)printf("%s\t%s\n", usage->options[i].name, usage->options[i].doc);
    (void)printf("--help\twhat the command takes\n");
}
