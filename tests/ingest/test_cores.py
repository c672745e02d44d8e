"""A model's threads leave the cores to those that load pictures."""

import os
import subprocess
import sys

import pytest

SETTINGS = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")


def told(**said):
    """What OpenMP tells of itself where the embedders of an ingest are loaded in an environment."""
    bare = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    run = [sys.executable, "-c", "from ingest.recipe import _loaded; _loaded(['demo'])"]
    done = subprocess.run(run, env={**bare, **said, "OMP_DISPLAY_ENV": "VERBOSE"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    if "GOMP_SPINCOUNT" not in done.stderr:
        pytest.skip("torch has another OpenMP here")
    return done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's OpenMP tells how its threads wait")
def test_models_threads_sleep_where_they_wait():
    """The embedders of an ingest compute with threads that do not spin; what somebody has set stays."""
    assert "GOMP_SPINCOUNT = '0'" in told()
    assert "GOMP_SPINCOUNT = '77'" in told(GOMP_SPINCOUNT="77")
