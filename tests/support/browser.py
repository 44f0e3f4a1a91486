"""Chromium without a window, as root and in containers, too."""
import shutil
import subprocess

from program import patience

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# Without these it asks its makers for news, which takes long where there is no network.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


def dump(page, folder, width):
    """Lets the browser run a page in a window of so many pixels: the document it ends up as, and what was logged. The
    folder is for the browser's own files."""
    done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *QUIET, "--enable-logging=stderr",
                           f"--window-size={width},900", "--virtual-time-budget=4000", "--dump-dom", f"--user-data-dir={folder}",
                           f"file://{page}"], capture_output=True, text=True, timeout=patience(120), check=False)
    return done.stdout, done.stderr
