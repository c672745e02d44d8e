"""Makes the pages of docs/reference from the code: `python -m docs.making`."""
