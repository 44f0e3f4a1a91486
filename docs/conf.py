"""Settings of the documentation site, which `./dev docs` builds from this folder and from what docs/generate.py adds."""
project = "rewire"
author = "the rewire developers"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "rewire"
html_static_path = ["_static"]
html_css_files = ["rewire.css"]
default_role = "code"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
exclude_patterns = ["_static"]
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", ".*"),  # types in signatures that no page of ours describes
    ("c:identifier", "rw_err|size_t|uint32_t|uint64_t"),
]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
pygments_style = "friendly"
pygments_dark_style = "monokai"
