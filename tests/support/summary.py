"""What ran longest, and what was skipped, in the JUnit files that ctest left.

    python3 summary.py [--all] build/release/tests.xml ...

A test that one build skips and another one runs is no news. With --all the exit code is 1 if a test ran nowhere for another
reason than the machine, which begins with "this machine". Only Python's own library is needed."""
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

SLOWEST = 12

# A test and its outcome, as Python's unittest and as cmocka print it. What a test prints itself stands before its outcome, so
# whatever is not skipped ran.
PYTHON = re.compile(r"^(\w+) \(([\w.]+)\).*?\.\.\. (?:skipped ['\"](.*)['\"]$)?")
COMMENT = re.compile(r"^(\w+) \(([\w.]+)\)\n[^\n]*\.\.\. ", re.M)
CMOCKA = re.compile(r"^\[ +(OK|SKIPPED) +\] (\w+)$", re.M)


def outcomes(test, text):
    """(name, reason) of each case of a ctest test; the reason is None where the case ran."""
    for line in COMMENT.sub(r"\1 (\2) ... ", text).splitlines():
        found = PYTHON.match(line)
        if found:
            yield f"{test}: {found[1]}", found[3]
    for outcome, name in CMOCKA.findall(text):
        yield f"{test}: {name}", "skipped" if outcome == "SKIPPED" else None


def read(path):
    """Seconds of each test, and the outcomes of all cases."""
    seconds, cases = [], []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        seconds.append((float(case.get("time", "0")), case.get("name")))
        cases += outcomes(case.get("name"), case.findtext("system-out") or "")
    return seconds, cases


def skipped(cases):
    """Cases that ran nowhere, by reason."""
    ran = {name for name, reason in cases if reason is None}
    found = {}
    for name, reason in cases:
        if reason is not None and name not in ran:
            found.setdefault(reason, set()).add(name)
    return found


def main(words):
    slow, cases, unexcused = [], [], False
    for path in [word for word in words if word != "--all"]:
        seconds, more = read(path)
        build = os.path.basename(os.path.dirname(os.path.abspath(path)))
        slow += [(s, f"{name} ({build})") for s, name in seconds]
        cases += more
    print(f"\nThe slowest of {len(slow)} tests, in seconds:")
    for seconds, name in sorted(slow, reverse=True)[:SLOWEST]:
        print(f"{seconds:8.1f}  {name}")
    for reason, names in sorted(skipped(cases).items()):
        unexcused = unexcused or not reason.startswith("this machine")
        print(f"\nSkipped everywhere: {reason}")
        for name in sorted(names):
            print(f"          {name}")
    return 1 if unexcused and "--all" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
