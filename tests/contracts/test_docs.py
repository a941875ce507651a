"""The pages say what is: each command, setting, path and name in them exists, none is missing."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, cast

import click
import pytest

from bot.config import Config
from handlers.cli import Parts, group
from handlers.slack.commands import VERBS
from tests.postgres import GIVEN

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
PACKAGES: Final = ("bot", "handlers", "sandbox", "store")
FOLDERS: Final = (*PACKAGES, "docs", "tests", "bench", "examples")
NOT_A_LAYER: Final = "store/migrations/versions"

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


# --- Commands, verbs and settings -----------------------------------------------------------------


def console() -> click.Group:
    """The console as it is, over parts that are never called here."""
    return group(cast("Any", Parts)(**{part.name: None for part in fields(Parts)}))


def commands(found: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in found.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS: Final = dict(commands(console()))
SETTINGS: Final = {
    str(field.validation_alias or f"ANSWERABLE_{name.upper()}"): field.default
    for name, field in Config.model_fields.items()
}
# As a page can show them: an empty one is told in words, Slack's own address by its name.
DEFAULTS: Final = {
    name: f"{default:g}" if isinstance(default, float) else str(default)
    for name, default in SETTINGS.items()
    if isinstance(default, str | float | Path) and name != "SLACK_API_URL"
}
VERIFIER: Final = ROOT / "bot" / "verify.py"  # `verify` hands its options on unread


def code_in(text: str) -> Iterator[str]:
    """Give each line of a page that is set as code."""
    fenced = re.compile(r"^( *)```.*?\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
    for block in fenced.finditer(text):
        yield from block[2].replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", fenced.sub("", text))


def said_commands(text: str) -> Iterator[tuple[str, str]]:
    """Give what follows `answerable` on the console wherever a page sets it as code."""
    for line in code_in(text):
        for found in re.finditer(r"(?:(?<![\w/-])|bin/)answerable ((?!answerable)[a-z]+.*)", line):
            words = re.findall(r"^[a-z]+(?: [a-z]+)?", found[1])[0]
            name = next((each for each in (words, words.split()[0]) if each in COMMANDS), words)
            yield name, found[1]


@pages
def test_every_console_command_in_a_page_exists_with_its_options(page: Path) -> None:
    for name, line in said_commands(page.read_text()):
        assert name in COMMANDS, line
        known = {option for each in COMMANDS[name].params for option in each.opts}
        if name == "verify":
            known |= set(re.findall(r'"(--[a-z]+)"', VERIFIER.read_text()))
        assert set(re.findall(r"(?<= )--[a-z-]+", line)) <= known, line


@pages
def test_every_slash_verb_in_a_page_exists(page: Path) -> None:
    said = {
        verb
        for line in code_in(page.read_text())
        for verb in re.findall(r"(?<![\w/])/answerable ([a-z]+)", line)
    }
    assert said <= set(VERBS)


def test_every_console_command_is_told() -> None:
    told = {name for page in PAGES for name, _ in said_commands(page.read_text())}
    assert set(COMMANDS) == told


def test_every_slash_verb_is_in_the_readme_as_it_is_written() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [verb.usage for verb in VERBS.values() if f"`/answerable {verb.usage}`" not in readme]
    assert not missing


def test_every_setting_is_told_with_its_default() -> None:
    page = (ROOT / "docs/running.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", page, re.MULTILINE)
    assert {name for name, _ in rows} == set(SETTINGS)
    assert {name: told.strip("`") for name, told in rows if name in DEFAULTS} == DEFAULTS


@pages
def test_every_setting_in_a_page_exists(page: Path) -> None:
    said = set(re.findall(r"\b(?:SLACK|ANSWERABLE)_[A-Z_]+\b", page.read_text()))
    assert said <= {*SETTINGS, GIVEN}


def test_the_image_sets_only_settings_there_are() -> None:
    said = set(re.findall(r"\b(?:SLACK|ANSWERABLE)_[A-Z_]+\b", (ROOT / "Dockerfile").read_text()))
    assert said
    assert said <= set(SETTINGS)


# --- Paths, links and names -----------------------------------------------------------------------


@pages
def test_every_path_in_a_page_exists(page: Path) -> None:
    spans = re.findall(r"`([^`\n]+)`", page.read_text())
    paths = [span for span in spans if re.match(rf"({'|'.join(FOLDERS)})/[\w./-]*$", span)]
    missing = [path for path in paths if not exists(path)]
    assert not missing


def exists(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


@pages
def test_every_link_in_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    near = [link.partition("#")[0] for link in links if "://" not in link]
    missing = [link for link in near if link and not (page.parent / link).exists()]
    assert not missing


def test_every_name_that_a_page_places_in_a_file_is_there() -> None:
    placed = [
        (name, path)
        for page in PAGES
        for name, path in re.findall(r"`(\w+)`\s+in\s+`([\w/]+\.py)`", page.read_text())
    ]
    assert placed
    missing = [(name, path) for name, path in placed if name not in defined_in(ROOT / path)]
    assert not missing


def defined_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def test_the_architecture_names_exactly_the_modules_there_are() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    rows = re.findall(r"^\| `([\w/]+)/` \| (.*) \|$", page, re.MULTILINE)
    named = {folder: set(re.findall(r"`(\w+)`", cell)) for folder, cell in rows}
    assert named == modules()


def modules() -> Mapping[str, set[str]]:
    """Give the modules of each folder; the sequence of migrations grows by itself."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            folder = path.parent.relative_to(ROOT).as_posix()
            if path.stem != "__init__" and folder != NOT_A_LAYER:
                found.setdefault(folder, set()).add(path.stem)
    return found


# --- The commands that make all this --------------------------------------------------------------


def recipes() -> Mapping[str, list[str]]:
    """Give what each target of the Makefile runs, in the words of a plain shell."""
    text = (ROOT / "Makefile").read_text()
    values = dict(re.findall(r"^(\w+) \??:?= (.*)$", text, re.MULTILINE))
    while "$(" in (plain := re.sub(r"\$\((\w+)\)", lambda found: values[found[1]], text)):
        text = plain
    rules = re.findall(r"^([\w./-]+):(?!=).*\n((?:\t.*\n)*)", plain, re.MULTILINE)
    return {target: recipe.replace("\t", "").splitlines() for target, recipe in rules}


def test_the_readme_gives_the_plain_commands_of_each_target() -> None:
    readme = (ROOT / "README.md").read_text()
    block = next(
        each for each in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if "# make" in each
    )
    told = {
        heading.split()[0].rstrip(":"): commands.split("\n\n")[0].splitlines()
        for heading, commands in re.findall(r"# make (.*)\n((?:.+\n)+)", block)
    }
    assert told == {target: recipes()[target] for target in ("demo", "check", "test", "bench")}
    for stamp in (".venv/.ready", ".venv/.ready-tests"):
        installing = [line for line in recipes()[stamp] if not line.startswith("touch")]
        assert "\n".join(installing) in block


@pages
def test_every_target_in_a_page_exists(page: Path) -> None:
    said = {
        target for line in code_in(page.read_text()) for target in re.findall(r"make (\w+)", line)
    }
    assert said <= recipes().keys()


def test_what_runs_before_a_merge_is_what_make_runs() -> None:
    script = (ROOT / ".ci/run").read_text()
    ran = [line.replace('"$VENV"/bin/', ".venv/bin/") for line in script.splitlines()]
    made = recipes()
    installed = (*made[".venv/.ready"][1:3], made[".venv/.ready-tests"][0])
    for command in (*installed, *made["check"], *made["test"]):
        assert command in ran


def test_every_target_is_no_file_and_says_so() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0]
    assert set(phony.split()) == {target for target in recipes() if not target.startswith(".")}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-tests.lock"])
def test_a_lock_names_no_place_to_install_from(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert "--index" not in lock


def test_each_record_of_a_choice_has_its_four_parts_and_its_number() -> None:
    pages = sorted((ROOT / "docs/adr").glob("*.md"))
    for number, page in enumerate(pages, start=1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        parts = re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)
        assert parts == ["Situation", "Choice", "Cost", "What would change our mind"], page.name


def test_each_dependency_is_accounted_for_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {re.split(r"[\[<>=]", each)[0] for each in project["dependencies"]}
    page = (ROOT / "docs/adr/0006-dependencies.md").read_text()
    told = dict(re.findall(r"^\| ([\w-]+) ([\d.]+) \|", page, re.MULTILINE))
    assert told.keys() == named
    lock = (ROOT / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE))
    assert all(f"{locked[name]}.".startswith(f"{version}.") for name, version in told.items())
