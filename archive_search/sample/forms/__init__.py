"""The shape of each kind of object: one file per kind, each with a function from a depiction to a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from archive_search.sample.canvas import Canvas
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form
from archive_search.sample.forms.arrowhead import arrowhead
from archive_search.sample.forms.axe import axe
from archive_search.sample.forms.bead import bead
from archive_search.sample.forms.brooch import brooch
from archive_search.sample.forms.car import car
from archive_search.sample.forms.coin import coin
from archive_search.sample.forms.comb import comb
from archive_search.sample.forms.figurine import figurine
from archive_search.sample.forms.sword import sword
from archive_search.sample.forms.vessel import vessel

FORMS: Mapping[str, Callable[[Depiction, Canvas, np.random.Generator], Form]] = {
    "arrowhead": arrowhead,
    "axe": axe,
    "pot": vessel,
    "bowl": vessel,
    "brooch": brooch,
    "bead": bead,
    "comb": comb,
    "sword": sword,
    "coin": coin,
    "figurine": figurine,
    "car": car,
}
