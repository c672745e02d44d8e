"""
Validate RO-Crates with roc-validator, without a network: `python validate_crate.py CONTEXT CRATE ...`.

roc-validator needs an older rich than the program, so it lives in an environment of its own: `make crate-validator`.
CONTEXT is the JSON-LD context of RO-Crate, which the rocrate package brings along; it stands for those of all versions.
"""

import sys
from pathlib import Path

import requests
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

PROFILES = ("ro-crate-1.1", "process-run-crate")


def main(context, *crates):
    """Print what each crate lacks, by profile; the exit status tells whether any lacks what is required."""
    known = requests.Response()
    known.status_code, known._content = 200, Path(context).read_bytes()
    known.headers["Content-Type"] = "application/ld+json"
    HttpRequester.get = lambda self, url, **_: known
    wrong = 0
    for crate in crates:
        for profile in PROFILES:
            settings = services.ValidationSettings(
                rocrate_uri=crate,
                profile_identifier=profile,
                requirement_severity=models.Severity.RECOMMENDED,
                skip_availability_check=True,
                offline=True,
            )
            result = services.validate(settings)
            for issue in result.get_issues(models.Severity.RECOMMENDED):
                wrong += issue.severity >= models.Severity.REQUIRED
                print(f"{profile} {issue.severity.name}: {issue.message}")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
