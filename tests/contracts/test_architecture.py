"""The arrow holds, nothing goes around it, and no feature is forgotten."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import handlers.slack

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("bot", "handlers", "store", "sandbox")
AROUND_THE_ARROW: Final = frozenset({"importlib", "__import__", "runpy"})
# Reading a packaged file or a version number reaches no module.
HARMLESS: Final = ("importlib.metadata.", "importlib.resources.")


def test_imports_point_inwards() -> None:
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_imported_behind_the_contract(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in names_in(ast.parse(path.read_text()))
        if name.split(".")[0] in AROUND_THE_ARROW and not f"{name}.".startswith(HARMLESS)
    ]
    assert not found


def names_in(tree: ast.AST) -> Iterator[str]:
    """Give every module that is imported and every bare name that is used."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom(module=str(module)):
                yield from (f"{module}.{each.name}" for each in node.names)
            case ast.Name():
                yield node.id


def test_every_feature_of_slack_is_registered() -> None:
    folder = ROOT / "handlers/slack"
    with_register = {path.stem for path in folder.glob("*.py") if has_register(path)}
    listed = {feature.__name__.rpartition(".")[2] for feature in handlers.slack.FEATURES}
    assert with_register == listed


def has_register(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    return any(isinstance(node, ast.FunctionDef) and node.name == "register" for node in body)
