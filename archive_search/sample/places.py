"""Find-spots: Danish places, with the coordinates of the parish to about a kilometre."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place in Denmark; degrees north and east."""

    name: str
    latitude: float
    longitude: float


PLACES: tuple[Place, ...] = (
    Place("Sarup, Fyn", 55.21, 10.09),
    Place("Troldebjerg, Langeland", 54.88, 10.72),
    Place("Gudme, Fyn", 55.15, 10.71),
    Place("Lundeborg, Fyn", 55.14, 10.78),
    Place("Egtved", 55.62, 9.30),
    Place("Jelling", 55.76, 9.42),
    Place("Ribe", 55.33, 8.76),
    Place("Lejre", 55.60, 11.97),
    Place("Trelleborg, Slagelse", 55.39, 11.27),
    Place("Aggersborg", 57.00, 9.25),
    Place("Fyrkat, Hobro", 56.62, 9.77),
    Place("Vorbasse", 55.63, 9.10),
    Place("Hjortspring, Als", 55.02, 9.85),
    Place("Nydam Mose", 54.96, 9.73),
    Place("Illerup Ådal", 56.05, 9.92),
    Place("Viborg", 56.45, 9.40),
    Place("Aalborg", 57.05, 9.92),
    Place("Lindholm Høje", 57.08, 9.91),
    Place("Barkær, Djursland", 56.34, 10.55),
    Place("Ertebølle", 56.81, 9.18),
    Place("Maglemose, Mullerup", 55.49, 11.18),
    Place("Store Heddinge", 55.31, 12.39),
    Place("Boeslunde", 55.30, 11.27),
    Place("Tissø", 55.56, 11.30),
    Place("Vedbæk", 55.85, 12.56),
    Place("Roskilde", 55.64, 12.08),
    Place("Borrebjerg, Sejerø", 55.89, 11.15),
    Place("Sorte Muld, Bornholm", 55.16, 15.06),
    Place("Rispebjerg, Bornholm", 55.01, 15.03),
    Place("Nørre Sandegård, Bornholm", 55.22, 14.95),
    Place("Hvorslev", 56.35, 9.77),
    Place("Bække", 55.57, 9.14),
    Place("Skive", 56.57, 9.03),
    Place("Thisted, Thy", 56.96, 8.69),
    Place("Bjerre, Thy", 57.05, 8.66),
    Place("Grathe Hede", 56.29, 9.41),
    Place("Moesgård", 56.09, 10.25),
    Place("Samsø", 55.87, 10.61),
    Place("Ærøskøbing", 54.89, 10.41),
    Place("Nykøbing Falster", 54.77, 11.87),
    Place("Maribo, Lolland", 54.78, 11.50),
    Place("Møn", 54.99, 12.30),
)
