"""The composition root: builds the parts from the settings and joins them."""

from bot.app.backtest import run_backtest
from bot.app.base import explained, open_base
from bot.app.console import (
    decode_line,
    export_record,
    log_vkey,
    migrate_database,
    new_token,
    open_deps,
    open_deps_to_pause,
    own_files,
)
from bot.app.doctor import examine
from bot.app.manifest import manifest_text
from bot.app.service import Service, serve

__all__ = [
    "Service",
    "decode_line",
    "examine",
    "explained",
    "export_record",
    "log_vkey",
    "manifest_text",
    "migrate_database",
    "new_token",
    "open_base",
    "open_deps",
    "open_deps_to_pause",
    "own_files",
    "run_backtest",
    "serve",
]
