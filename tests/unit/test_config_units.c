/* Quantities mean what UDUNITS says, exactly, and what is no quantity is refused with an example. */
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "comma_locale.h"
#include "config/number.h"
#include "config/units.h"

static rw_units *units;

static int open_units(void **state) {
    (void)state;
    return (int)rw_units_create(&units);
}

static int close_units(void **state) {
    (void)state;
    rw_units_destroy(&units);
    return 0;
}

static double quantity(const char *text, const char *unit) {
    double value = -12345.0;
    char problem[256] = "";
    if (!rw_units_parse(units, text, unit, &value, problem, sizeof problem))
        print_error("%s as %s: %s\n", text, unit, problem);
    return value;
}

static void quantities_become_the_engines_units(void **state) {
    (void)state;
    const struct {
        const char *text, *unit;
        double value;
    } cases[] = {
        {"40 min", "ms", 2.4e6},
        {"24 h", "ms", 86400000},
        {"2 d", "ms", 172800000},
        {"0.1 s", "ms", 100},
        {"1.5ms", "ms", 1.5},
        {"100 us", "ms", 0.1},
        {"100 µs", "ms", 0.1},
        {"0.3 uS", "nS", 300},
        {"0.5 nS", "nS", 0.5},
        {"700 pS", "nS", 0.7},
        {"1 S", "nS", 1e9},
        {"0.2 nF", "pF", 200},
        {"1.5 mm", "um", 1500},
        {"1500 um", "um", 1500},
        {"1500 µm", "um", 1500},
        {"2.4 kHz", "Hz", 2400},
        {"8 /s", "Hz", 8},
        {"8 1/s", "Hz", 8},
        {"8 s-1", "Hz", 8},
        {"8 spikes/s", "Hz", 8},
        {"8 per second", "Hz", 8},
        {"2 umol per litre", "mM", 0.002},
        {"1e-4 /ms", "1/ms", 1e-4},
        {"0.1 Hz", "1/ms", 1e-4},
        {"1 mM", "mM", 1},
        {"500 uM", "mM", 0.5},
        {"1 M", "mM", 1000},
        {"2 mmol/l", "mM", 2},
        {"2 mg.kg-1", "mg/kg", 2},
        {"0.5 s**-1", "Hz", 0.5},
        {"500 mmol.m-3", "mM", 0.5},
        {"-65 mV", "mV", -65},
        {"-0.065 V", "mV", -65},
        {"0.1 GOhm", "mV/pA", 0.1},
        {"1 uA", "pA", 1e6},
        {"7", "1", 7},
        {"50 %", "1", 0.5},
        {"  +.5e1 ms ", "ms", 5},
        {"1 Ms", "ms", 1e9},
        {"3 mV/pA", "mV/pA", 3},
        {"1 1/(mM ms)", "1/(mM ms)", 1},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const char *text = cases[k].text + strspn(cases[k].text, " ");
        if (quantity(text, cases[k].unit) != cases[k].value)
            fail_msg("%s is %.17g %s, not %.17g", text, quantity(text, cases[k].unit), cases[k].unit, cases[k].value);
    }
}

static void what_is_no_quantity_is_refused(void **state) {
    (void)state;
    const char *cases[][2] = {
        {"", "ms"},
        {"ms", "ms"},
        {"0,1 ms", "ms"},
        {"1.5", "ms"},
        {"0", "ms"},
        {"5 mV", "ms"},
        {"5 H", "ms"},
        {"5 S", "ms"},
        {"5 m", "ms"},
        {"5 MS", "ms"},
        {"5 foo", "ms"},
        {"inf ms", "ms"},
        {"nan ms", "ms"},
        {"0x10 ms", "ms"},
        {"1e999 ms", "ms"},
        {"5 2 ms", "ms"},
        {"5 ms*1000", "ms"},
        {"--5 ms", "ms"},
        {"5 ms from 3", "ms"},
        {"5 lg(re 1 mV)", "mV"},
        {"5 ms since 1970-01-01", "ms"},
        {"1e308 h", "ms"},
        {"5 m.s", "ms"},
        {"5 ms.2", "ms"},
        {"5 .ms", "ms"},
        {"5 ms.", "ms"},
        {"5 ms*2", "ms"},
        {"1 ms", "1"},
        {"5 5", "1"},
        {"1_000 ms", "ms"},
        {"5 ms ms ms ms ms ms ms ms ms ms ms ms ms", "ms"},
        {"5 ms^9999999999", "ms"},
        {"5 ((((((((", "ms"},
        {"5 ms/1000", "ms"},
        {"1e5 khz", "Hz"},
        {"1 mol", "mM"},
        {"6000 rpm", "Hz"},
        {"1 rad/s", "Hz"},
        {"180 degrees", "1"},
        {"8 per 5 s", "Hz"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        double value = 0.0;
        char problem[256] = "";
        if (rw_units_parse(units, cases[k][0], cases[k][1], &value, problem, sizeof problem))
            fail_msg("\"%s\" was read as %g %s", cases[k][0], value, cases[k][1]);
        assert_non_null(strstr(problem, "expected"));
        assert_non_null(strstr(problem, "for example"));
    }
}

static void messages_say_what_was_given_and_what_is_expected(void **state) {
    (void)state;
    double value;
    char problem[256];
    assert_false(rw_units_parse(units, "5 mV", "ms", &value, problem, sizeof problem));
    assert_string_equal(problem, "\"5 mV\" is a voltage; expected a time, for example 1.5 ms");
    assert_false(rw_units_parse(units, "0,1 ms", "ms", &value, problem, sizeof problem));
    assert_string_equal(problem, "\"0,1 ms\" has a comma; write a decimal point; expected a time, for example 1.5 ms");
    assert_false(rw_units_parse(units, "10", "nS", &value, problem, sizeof problem));
    assert_string_equal(problem, "\"10\" lacks a unit; expected a conductance, for example 0.5 nS");
    assert_false(rw_units_parse(units, "10 msec", "nS", &value, problem, sizeof problem));
    assert_non_null(strstr(problem, "is a time; expected a conductance"));
    assert_false(
        rw_units_parse(units, "20 celsius", "K", &value, problem, sizeof problem)); /* not a factor, an offset */
    assert_false(rw_units_parse(units, "1e999 ms", "ms", &value, problem, sizeof problem));
    assert_non_null(strstr(problem, "\"1e999 ms\" is not a number that fits"));
    assert_false(rw_units_parse(units, "10 bananas", "mV/pA", &value, problem, sizeof problem));
    assert_string_equal(
        problem, "\"10 bananas\": there is no unit \"bananas\"; expected a quantity in mV/pA, for example 1 mV/pA");
}

static void a_locale_with_a_decimal_comma_changes_nothing(void **state) {
    (void)state;
    need_comma_locale();
    assert_close(quantity("0.125 ms", "ms"), 0.125, 0, 0);
    assert_close(quantity("1e-4 /ms", "1/ms"), 1e-4, 0, 0);
    double value;
    char problem[256];
    assert_false(rw_units_parse(units, "0,1 ms", "ms", &value, problem, sizeof problem));
    leave_comma_locale();
}

static void a_missing_unit_database_is_explained(void **state) {
    (void)state;
    rw_units *none = NULL;
    (void)setenv("UDUNITS2_XML_PATH", "/nonexistent/udunits2.xml", 1);
    assert_int_equal(rw_units_create(&none), RW_ERR_SYSTEM);
    (void)unsetenv("UDUNITS2_XML_PATH");
    assert_null(none);
    assert_non_null(strstr(rw_error_message(), "libudunits2-data"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_become_the_engines_units),
        cmocka_unit_test(what_is_no_quantity_is_refused),
        cmocka_unit_test(messages_say_what_was_given_and_what_is_expected),
        cmocka_unit_test(a_locale_with_a_decimal_comma_changes_nothing),
        cmocka_unit_test(a_missing_unit_database_is_explained),
    };
    return cmocka_run_group_tests(tests, open_units, close_units);
}
