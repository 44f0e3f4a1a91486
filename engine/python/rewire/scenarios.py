"""Scenarios as Python's own types. They are YAML 1.2 as rewire reads it, in which `on` is a word; Python's yaml takes it for a truth value
by the rules of YAML 1.1."""
import os


def _loader():
    import yaml

    class Loader(yaml.SafeLoader):
        """Knows true and false alone as truth values."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    return Loader


def read(path: str | os.PathLike) -> dict:
    """The scenario in a file, as a dictionary that rewire.run takes; values with a unit are texts. Needs yaml."""
    import yaml
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=_loader())


def _words(value):
    """The same in Python's own types, where numpy's stood, and with the key `on` where yaml.safe_load has put True, which is no key of
    any scenario."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {"on" if key is True else key: _words(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_words(item) for item in value]
    return value


def dump(scenario: dict, file) -> None:
    """Writes a scenario as YAML."""
    import yaml
    yaml.safe_dump(_words(scenario), file, sort_keys=False, default_flow_style=None, width=120)


def flow(value) -> str:
    """A value as one line of YAML, as `--set key=value` takes it."""
    value = _words(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list, bool)) or value is None:
        import yaml
        return yaml.safe_dump(value, default_flow_style=True, width=10**9).strip().removesuffix("\n...")
    return repr(value)
