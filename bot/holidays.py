"""Public holidays by country, as the library `holidays` knows them on the day it is asked.

They are asked for once, when a policy is made, and kept in it: a library that learns better
later moves nothing that is owed by then.
"""

import re
from datetime import date
from typing import Final

import holidays

YEARS: Final = 4  # this one and three more
_PLACE: Final = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<region>[A-Z0-9]{1,3}))?")


def place_fault(place: str) -> str:
    """Give a sentence if no holidays are known for `place`, else an empty string."""
    found = _PLACE.fullmatch(place)
    regions = holidays.list_supported_countries().get(found["country"]) if found else None
    if found is None or regions is None:
        return (
            f"No holidays are known for “{place[:20]}”. Use a country's code, such as GB or DE-BY."
        )
    if found["region"] and found["region"] not in regions:
        known = f"take one of {', '.join(regions)}" if regions else "none is known"
        return f"{found['country']} has no region “{found['region']}”: leave it out; {known}."[:300]
    return ""


def holidays_of(place: str, since: date) -> tuple[date, ...]:
    """Give the holidays of a sound `place` from the year of `since` on, three more years long."""
    country, _, region = place.partition("-")
    years = range(since.year, since.year + YEARS)
    return tuple(sorted(holidays.country_holidays(country, subdiv=region or None, years=years)))
