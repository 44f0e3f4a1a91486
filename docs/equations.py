"""Sets the equations of models as formulas, in MathML, which browsers draw by themselves. The models have them as text, which `rewire
models` prints; this reads that text:

    a b, a/b c, a b / c        products; a slash without spaces binds tighter than a product, one with spaces looser
    f(x), f (x)                a function of x; f times x
    dx/dt, x', x^n, x_sub, k1  derivatives, powers, indices
    = < > <= >= <-             relations

What is no formula stays text: a line may mix both, as in "V_m >= V_th: spike, V_m = V_reset for t_ref"."""
import html
import re

GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
         "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "psi": "ψ"}
FUNCTIONS = {"exp", "ln", "min", "max", "sqrt", "hill", "level"}
# Quantities whose names are words.
WORDS = {"dose", "noise", "glutamate", "efficacy", "cooperativity", "gain", "base", "lag", "formation", "released", "pulse", "spikes", "level",
         "asc", "age", "from", "blocked", "until"}
RELATIONS = {"=": "=", "<": "&lt;", ">": "&gt;", "<=": "≤", ">=": "≥", "<-": "←"}
TOKEN = re.compile(r"\s*(?:(d\(?\s?[A-Za-z]\w*\)?/dt\b)|(\.\.\.|\d+\.?\d*(?:e-?\d+)?(?![\w.]*[A-Za-z_]))|([A-Za-z_]\w*)|(<-|<=|>=|[-+/^=<>()|,;:'])|(\S))")


class _Token:
    def __init__(self, match):
        self.derivative, self.number, self.name, self.sign, self.other = match.groups()
        self.text = match[0].lstrip()
        self.begin, self.end = match.end() - len(self.text), match.end()


def _is_name(text):
    return (len(text) == 1 or "_" in text or text in GREEK or text in FUNCTIONS or text in WORDS or
            re.fullmatch(r"[A-Za-z]\d+|[A-Z][A-Za-z]?\d*|[A-Z]{2}\d*|d[A-Z]\w*|dg", text) is not None)


def _identifier(text):
    """A name, its index below it: tau_syn, K_Mg, A1."""
    base, _, index = text.partition("_")
    base = GREEK.get(base, base)
    if not index and (split := re.fullmatch(r"([A-Za-z])(\d+)", text)) is not None:
        base, index = split.groups()
    if len(index) > 3 and len(base) > 1 and base.islower():  # words: half_life, threshold_spike
        return f"<mtext>{text}</mtext>"
    body = f"<mi>{base}</mi>" if len(base) == 1 else f'<mi mathvariant="normal">{base}</mi>'
    if not index:
        return body
    index = ", ".join(GREEK.get(word, word) for word in index.split("_"))
    return f"<msub>{body}<mtext>{index}</mtext></msub>"


class _NoFormula(Exception):
    pass


class _Parser:
    """Reads the longest formula from a token on. `at` is where it stands; `counts` whether a sign was met that prose has not; `named`
    whether a quantity was: "16-18 times" is prose."""

    def __init__(self, text, tokens, at):
        self.text, self.tokens, self.at, self.counts, self.named = text, tokens, at, False, False

    def peek(self, *signs):
        return self.at < len(self.tokens) and self.tokens[self.at].sign in signs and self.tokens[self.at].sign is not None

    def spaced(self):
        """Whether a space stands before the token."""
        begin = self.tokens[self.at].begin
        return begin > 0 and self.text[begin - 1] == " "

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def formula(self):
        parts = [] if self.peek(*RELATIONS) else [self.sum()]
        while self.peek(*RELATIONS):
            before = self.at
            sign = RELATIONS[self.take().sign]
            try:
                parts += [f"<mo>{sign}</mo>", self.sum()]
            except _NoFormula:
                self.at = before
                break
            self.counts = True
        if not self.counts or not self.named:
            raise _NoFormula
        return "".join(parts)

    def sum(self):
        parts = []
        if self.peek("-", "+"):
            parts.append(f'<mo form="prefix">{"−" if self.take().sign == "-" else "+"}</mo>')
        parts.append(self.product())
        while self.peek("-", "+"):
            before = self.at
            sign = self.take().sign
            try:
                following = self.product()
            except _NoFormula:
                self.at = before
                break
            parts += ["<mo>−</mo>" if sign == "-" else "<mo>+</mo>", following]
            self.counts = True
        return "".join(parts)

    def product(self):
        """Factors side by side; a slash with spaces divides all of them so far."""
        factors = [self.ratio()]
        while True:
            before = self.at
            try:
                if self.peek("/") and self.spaced():
                    self.take()
                    over = self.ratio()
                    factors = [_fraction("".join(body for body, _ in factors) if len(factors) > 1 else _bare(factors[0]), _bare(over))]
                    factors = [(factors[0], None)]
                    self.counts = True
                else:
                    factors.append(self.ratio())
            except _NoFormula:
                self.at = before
                return "<mspace width='0.17em'/>".join(body for body, _ in factors)

    def ratio(self):
        """(MathML, the same without its parentheses or None); a slash without spaces divides this factor alone."""
        factor = self.power()
        while self.peek("/") and not self.spaced():
            before = self.at
            self.take()
            try:
                factor = (_fraction(_bare(factor), _bare(self.power())), None)
            except _NoFormula:
                self.at = before
                break
            self.counts = True
        return factor

    def power(self):
        factor = self.primary()
        while self.peek("'", "^"):
            if self.take().sign == "'":
                factor = (f"<msup>{factor[0]}<mo>′</mo></msup>", None)
            else:
                factor = (f"<msup>{_row(factor[0])}{_row(_bare(self.power()))}</msup>", None)
            self.counts = True
        return factor

    def primary(self):
        if self.at >= len(self.tokens):
            raise _NoFormula
        token = self.tokens[self.at]
        if token.number is not None:
            self.at += 1
            return "<mo>…</mo>" if token.number == "..." else f"<mn>{token.number}</mn>", None
        if token.derivative is not None:
            self.at += 1
            self.named = True
            of = re.fullmatch(r"d\(?\s?(\w+?)\)?/dt", token.derivative)[1]
            name = _identifier(of) if of[0] != "d" else f"<mo>(</mo>{_identifier(of)}<mo>)</mo>"
            return _fraction(f"<mi>d</mi>{name}", "<mi>d</mi><mi>t</mi>"), None
        if self.peek("(", "|"):
            return self.group()
        if token.name == "sum" and (over := re.match(r"sum over (\w+) of (?=\w \()", self.text[token.begin:])) is not None:
            while self.tokens[self.at].begin < token.begin + over.end():
                self.at += 1
            return f"<munder><mo>∑</mo><mtext>{over[1]}</mtext></munder>{self.product()}", None
        if token.name is None or not _is_name(token.name):
            raise _NoFormula
        self.at += 1
        self.named = True
        if self.peek("(") and not self.spaced():
            return self.call(token.name)
        if token.name == "ln":
            return f"<mi>ln</mi><mspace width='0.17em'/>{self.primary()[0]}", None
        return _identifier(token.name), None

    def call(self, name):
        self.take()
        words = [self.sum()]
        while self.peek(","):
            self.take()
            words.append(self.sum())
        if not self.peek(")"):
            raise _NoFormula
        self.take()
        self.counts = True
        if name == "sqrt":
            return f"<msqrt>{words[0]}</msqrt>", None
        inside = "<mo>,</mo><mspace width='0.2em'/>".join(words)
        return _row(f"{_identifier(name)}<mo>&#x2061;</mo>{_row(f'<mo>(</mo>{inside}<mo>)</mo>')}"), None

    def group(self):
        closing = ")" if self.take().sign == "(" else "|"
        inside = self.sum()
        if not self.peek(closing):
            raise _NoFormula
        self.take()
        return ((_row(f"<mo>(</mo>{inside}<mo>)</mo>"), inside) if closing == ")" else
                (_row(f'<mo stretchy="false">|</mo>{inside}<mo stretchy="false">|</mo>'), None))


def _bare(factor):
    return factor[1] if factor[1] is not None else factor[0]


def _row(body):
    return f"<mrow>{body}</mrow>"


def _fraction(above, below):
    return f"<mfrac>{_row(above)}{_row(below)}</mfrac>"


def _math(body):
    return f'<math displaystyle="true">{_row(body)}</math>'


def line(text):
    """A line of equations as HTML: formulas, and the text between them."""
    tokens, at = [], 0
    while (match := TOKEN.match(text, at)) is not None:
        tokens.append(_Token(match))
        at = match.end()
    parts, k, end = [], 0, 0
    while k < len(tokens):
        parser = _Parser(text, tokens, k)
        try:
            body, following = parser.formula(), parser.at
        except _NoFormula:
            name = tokens[k].name
            body, following = (_identifier(name), k + 1) if name is not None and "_" in name else (None, k + 1)
        if body is not None:
            parts += [html.escape(text[end:tokens[k].begin]), _math(body)]
            end = tokens[following - 1].end
        k = following
    return "".join([*parts, html.escape(text[end:])])


def block(equations):
    """The equations of a model as HTML. A line that begins with spaces continues the one before it."""
    lines = re.sub(r"\n +", " ", equations).split("\n")
    return "\n".join(['<div class="equations">', *(f"<p>{line(text)}</p>" for text in lines), "</div>"])
