import re
from pathlib import Path

import pytest

from bot.domain.catalogue import CatalogueError, load_catalogue, parse_catalogue

DATA = Path(__file__).parents[3] / "bot" / "eligibility" / "catalogue.toml"
BASIC, E3 = "microsoft-365-business-basic", "office-365-enterprise-e3"

FAULTS = [
    ('to = ["office-365-enterprise-e3", "office-365-enterprise-e5"]', 'to = ["office-365-e9"]', "unknown target"),
    ('from = "microsoft-365-business-standard"', 'from = "microsoft-365-bisness"', "unknown offer"),
    (
        'to = ["office-365-enterprise-e3", "office-365-enterprise-e5"]',
        'to = ["microsoft-365-business-basic"]',
        "in a circle: microsoft-365-business-",
    ),
    (
        'to = ["office-365-enterprise-e3", "office-365-enterprise-e5"]',
        'to = ["microsoft-365-business-standard"]',
        "in a circle",
    ),
    (
        'to = ["office-365-enterprise-e3", "office-365-enterprise-e5"]',
        'to = ["office-365-enterprise-e3", "office-365-enterprise-e3"]',
        "stands here twice",
    ),
    ('to = ["office-365-enterprise-e3", "office-365-enterprise-e5"]', "to = []", "names no target"),
    ('plans = ["MCOMEETADV"]', 'plans = ["SWAY"]', "no service family"),
    ('plans = ["MCOMEETADV"]', 'plans = ["NO_SUCH_PLAN"]', "unknown plan"),
    ('plans = ["MCOMEETADV"]', 'families = ["radio"]', "unknown family `radio`"),
    ('plans = ["MCOMEETADV"]', "plans = 3", "must be a list"),
    ('plans = ["MCOMEETADV"]', "plans = [3]", "must hold texts only"),
    ('short_name = "Teams Phone Standard"', 'short_name = "power bi PRO"', "is already that of offer `power-bi-pro`"),
    ('short_name = "Teams Phone Standard"', 'short_name = "Microsoft Teams Phone Std"', "more than 24"),
    ('key = "microsoft-teams-phone-standard"', 'key = "power-bi-pro"', "already that of"),
    ('part_number = "MCOEV"', 'part_number = "MCOEV"\nseat_limt = 3', "unknown key `seat_limt`"),
    ('part_number = "MCOEV"', 'part_number = "MCOEV"\nseat_limit = "many"', "must be a whole number"),
    ('part_number = "MCOEV"', 'part_number = "MCOEV"\nseat_limit = true', "must be a whole number"),
    ('part_number = "MCOEV"', 'part_number = "MCOEV"\nseat_limit = 0', "must be 1 or more"),
    ('part_number = "MCOEV"', 'part_number = "MCOEV"\nminimum = 5\nseat_limit = 4', "below `minimum`"),
    ('part_number = "EMS"', 'part_number = "EMS"\ninvented_ids = 1', "must be true or false"),
    ('part_number = "MCOEV"', 'part_number = " "', "`part_number` is empty"),
    ('part_number = "MCOEV"', "", "`part_number` is missing"),
    ('part_number = "MCOEV"', "part_number = ", "not valid TOML"),
    ('extends = "exchange"', 'extends = "outlook"', "unknown family `outlook`"),
    ('extends = "exchange"', 'extends = "exchange_plan_2"', "in a circle"),
    ('to = "microsoft-365-business-premium"', 'to = "office-365-enterprise-e1"', "there is no upgrade"),
    ('key = "billing"', 'key = "invoices"', "unknown help topic"),
    ("en-us/partner-center/multichannel", "en-us/x\x07", "not valid TOML"),
    ("https://learn.microsoft.com/en-us/partner-center/multichannel", "javascript:alert(1)", "begin with https://"),
]


@pytest.mark.parametrize(("whole", "broken", "sentence"), FAULTS)
def test_a_broken_catalogue_tells_file_line_and_fault(whole: str, broken: str, sentence: str) -> None:
    """Issue 2, 2: a broken one stops the start with the line at fault."""
    text = DATA.read_text(encoding="utf-8")
    assert whole in text
    at = text.index(whole)
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(text[:at] + broken + text[at + len(whole) :], source="mine.toml")
    assert sentence in caught.value.sentence
    assert re.fullmatch(r"mine\.toml, line \d+: .+", str(caught.value))
    first = text.count("\n", 0, at) + 1
    assert first - 12 <= caught.value.line <= first + 12


def test_the_line_is_that_of_the_fault_itself() -> None:
    text = DATA.read_text(encoding="utf-8").replace(
        '    "microsoft-365-apps-for-enterprise",\n', '    "microsoft-365-apps-for-enterprize",\n', 1
    )
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "enterprize" in each)
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(text, source="mine.toml")
    assert caught.value.line == line


def test_a_circle_over_several_offers_is_told_whole() -> None:
    text = DATA.read_text(encoding="utf-8")
    text += f'\n[[upgrade]]\nfrom = "{E3}"\nto = ["{BASIC}"]\n'
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(text, source="mine.toml")
    circle = caught.value.sentence.split("circle: ")[1].split(" → ")
    assert circle[0] == circle[-1]
    assert {BASIC, E3} <= set(circle)


def test_an_empty_file_is_no_catalogue() -> None:
    with pytest.raises(CatalogueError, match="no service family at all"):
        parse_catalogue("", source="empty.toml")


def test_a_file_that_is_missing_or_not_text_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_catalogue(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match="not UTF-8"):
        load_catalogue(tmp_path / "bytes.toml")
    (tmp_path / "own.toml").write_text(DATA.read_text(encoding="utf-8"), encoding="utf-8")
    assert len(load_catalogue(tmp_path / "own.toml").paths) == 18
    assert len(load_catalogue(None).paths) == 18
