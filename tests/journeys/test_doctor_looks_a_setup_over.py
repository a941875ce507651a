"""The doctor beside a running bot and without one: what is wrong is named, and what to do."""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk import WebClient

from bot.app.manifest import optional_scopes, scopes
from bot.clock import MovedClock, SystemClock
from bot.domain.people import Circle
from bot.domain.sampling import NO_KEY
from bot.keys import draw_key, signing_key
from bot.usecases import Deps, record
from handlers.slack.checkup import check_bot_token
from store.engine import Store, connect
from store.migrate import make_ready
from store.unit_of_work import Stamp
from tests.contracts.test_manifest import ROOT, SCHEMAS
from tests.journeys import story
from tests.stage import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Stage
from tests.workspace import CHANNEL, TEAM, Json


def examined(stage: Stage, **changed: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Run the doctor; give its exit code, and each verdict and advice by what was looked at."""
    ran = stage.console("doctor", "--json", **changed)
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET):
        assert secret not in ran.stdout + ran.stderr
    assert ran.stderr == ""
    found = {each["check"]: (each["verdict"], each["advice"]) for each in json.loads(ran.stdout)}
    return ran.returncode, found


def test_before_the_first_start_it_says_what_will_be_made(empty_stage: Stage) -> None:
    code, found = examined(empty_stage)
    assert code == 0
    assert found["bot token"] == found["app token"] == found["scopes"] == ("ok", "")
    warned = {name for name, (verdict, _) in found.items() if verdict == "warn"}
    assert warned == {"database", "signing key", "draw key"}
    assert not empty_stage.database.exists(), "looking makes nothing"


def test_a_sound_setup_is_ok_beside_the_running_bot(stage: Stage) -> None:
    story.live(stage, "claims")
    stage.until_sent()
    ran = stage.console("doctor")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {line.split()[0] for line in ran.stdout.splitlines()} == {"ok"}
    assert "channel of claims" in ran.stdout
    assert story.told(stage.slack, "U0DANA", "list")


def test_a_witness_that_nothing_has_arrived_at_is_named(stage: Stage) -> None:
    code, found = examined(stage, ANSWERABLE_WITNESS_URL="http://127.0.0.1:9/hook")
    verdict, advice = found["witness"]
    assert (code, verdict) == (1, "FAIL")
    assert advice.startswith("nothing of it has arrived at the address in ANSWERABLE_WITNESS_URL")
    assert "`not witnessed`" in advice


@pytest.mark.parametrize(
    ("changed", "check", "advice"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-sandbox-other"}, "bot token", "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-sandbox-other"}, "app token", "connections:write"),
        ({"SLACK_APP_TOKEN": ""}, "way in", "SLACK_SIGNING_SECRET for HTTP, or both"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "bot token", "network"),
        ({"SLACK_BOT_TOKEN": ""}, "bot token", "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN}, "settings", "SLACK_BOT_TOKEN: it holds an app-level"),
        ({"SLACK_BOT_TOKEN": "xoxp-sandbox"}, "settings", "SLACK_BOT_TOKEN: it holds a person's"),
        ({"SLACK_APP_TOKEN": BOT_TOKEN}, "settings", "SLACK_APP_TOKEN: it holds no app-level"),
        ({"ANSWERABLE_ADMINS": "alice, U0X"}, "settings", "ANSWERABLE_ADMINS: 'alice' is no Slack"),
        ({"ANSWERABLE_AUDITORS": "@eve"}, "settings", "ANSWERABLE_AUDITORS: '@eve' is no Slack"),
        ({"ANSWERABLE_LISTEN": "nowhere"}, "settings", "HOST:PORT"),
        ({"ANSWERABLE_ADMIN": "U0ALICE"}, "settings", "is ANSWERABLE_ADMINS meant?"),
        ({"ANSWERABLE_DB_URL": "sqlite:///a.db"}, "settings", "is ANSWERABLE_DATABASE_URL meant?"),
        (
            {"ANSWERABLE_SIGNING_KEY_FILE": "a.key", "ANSWERABLE_DRAW_KEY_FILE": "./a.key"},
            "settings",
            "name one file",
        ),
        ({"ANSWERABLE_DATABASE_URL": "mysql://a:secret@b/c"}, "database", "SQLite or PostgreSQL"),
        (
            {"ANSWERABLE_DATABASE_URL": "postgresql://a:secret@127.0.0.1:9/c"},
            "database",
            "c cannot be used",
        ),
        ({"ANSWERABLE_DATABASE_URL": "sqlite:////nowhere/a.db"}, "database", "/nowhere"),
        ({"ANSWERABLE_DRAW_KEY_FILE": "/nowhere/draw.key"}, "draw key", "restore"),
        ({"ANSWERABLE_CLOCK": "system"}, "clock of the record", "export ANSWERABLE_CLOCK=sandbox"),
    ],
)
def test_what_is_wrong_fails_and_says_what_to_do(
    stage: Stage, changed: dict[str, str], check: str, advice: str
) -> None:
    code, found = examined(stage, **changed)
    assert code == 1
    assert found[check][0] == "FAIL"
    assert advice in found[check][1]
    assert "secret@" not in str(found)


def test_what_answers_and_is_not_slack_is_told_from_a_token_that_is_no_good(stage: Stage) -> None:
    code, found = examined(stage, SLACK_API_URL=f"{stage.slack.url}/")
    assert code == 1
    for token in ("bot token", "app token"):
        assert found[token][0] == "FAIL"
        assert f"{stage.slack.url}/ is not Slack's Web API" in found[token][1]
        assert "with /api/ at its end" in found[token][1]


def test_what_a_cluster_sets_for_a_service_of_this_name_is_no_fault(stage: Stage) -> None:
    code, found = examined(
        stage, ANSWERABLE_SERVICE_HOST="10.0.0.1", ANSWERABLE_PORT_8080_TCP_ADDR="10.0.0.1"
    )
    assert (code, found["settings"][0]) == (0, "ok")


@pytest.mark.parametrize(
    ("admins", "check", "advice"),
    [
        ("", "admins", "Set ANSWERABLE_ADMINS"),
        ("U0ALICE,U0NOBODY", "U0NOBODY in ANSWERABLE_ADMINS", "Slack knows nobody by this id"),
        ("U0ANSWERABLE", "U0ANSWERABLE in ANSWERABLE_ADMINS", "to Slack they are a bot"),
    ],
)
def test_admins_whom_nothing_reaches_are_warned_of(
    stage: Stage, admins: str, check: str, advice: str
) -> None:
    code, found = examined(stage, ANSWERABLE_ADMINS=admins)
    assert (code, found[check][0]) == (0, "warn")
    assert advice in found[check][1]
    assert len([name for name in found if "in ANSWERABLE" in name]) == (
        "," in admins or admins > ""
    )


@pytest.mark.parametrize(
    ("admins", "verdict", "advice"),
    [
        ("U0ALICE,U0ANSWERABLE", "ok", ""),
        ("U0NOBODY,U0ANSWERABLE", "warn", "none of those named can act: what climbs to the last"),
    ],
)
def test_admins_of_whom_none_can_act_are_not_ok(
    stage: Stage, admins: str, verdict: str, advice: str
) -> None:
    _, found = examined(stage, ANSWERABLE_ADMINS=admins)
    assert found["admins"][0] == verdict
    assert found["admins"][1].startswith(advice)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
        (
            {"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN},
            "SLACK_BOT_TOKEN: it holds an app-level token",
        ),
    ],
)
def test_a_start_without_the_right_tokens_says_so_and_makes_nothing(
    stage: Stage, tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    database = tmp_path / "new.db"
    ran = stage.console("serve", ANSWERABLE_DATABASE_URL=f"sqlite:///{database}", **changed)
    assert ran.returncode == 1
    assert words in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert BOT_TOKEN not in ran.stderr
    assert not database.exists()


def test_a_second_server_on_the_same_database_is_refused_and_the_first_goes_on(
    stage: Stage,
) -> None:
    before = stage.rows("select count(*) from entry")
    ran = stage.console("serve", ANSWERABLE_LISTEN="127.0.0.1:0")
    assert ran.returncode == 1
    assert f"another `answerable serve` (process {stage.bot.pid})" in ran.stderr
    assert f"runs on {stage.database}: stop it first" in ran.stderr
    assert stage.rows("select count(*) from entry") == before
    assert stage.http.get("/readyz").status_code == 200


def test_a_second_server_is_refused_by_whatever_name_it_is_given_the_database(
    stage: Stage, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(stage.database)
    changed = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{link}"}
    ran = stage.console("serve", ANSWERABLE_LISTEN="127.0.0.1:0", **changed)
    assert ran.returncode == 1
    assert "another `answerable serve`" in ran.stderr


def test_a_lock_that_no_start_could_take_fails(empty_stage: Stage, tmp_path: Path) -> None:
    changed = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/answerable.db"}
    empty_stage.console("migrate", **changed)
    lock = tmp_path / "answerable.db.lock"
    lock.unlink(missing_ok=True)
    assert examined(empty_stage, **changed)[1]["database"] == ("ok", "")
    assert not lock.exists(), "nothing is made for the look"
    lock.symlink_to(lock)
    code, found = examined(empty_stage, **changed)
    words = f"cannot write {lock}: Too many levels of symbolic links. Run this as the user who"
    assert (code, found["database"][0]) == (1, "FAIL")
    assert found["database"][1].startswith(words)
    assert words in empty_stage.console("serve", **changed).stderr, "as the start says"


def test_a_second_server_is_refused_a_hard_link_before_it_opens_it(
    stage: Stage, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.hardlink_to(stage.database)
    changed = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{link}"}
    ran = stage.console("serve", ANSWERABLE_LISTEN="127.0.0.1:0", **changed)
    assert ran.returncode == 1
    assert "is one file under 2 names (hard links)" in ran.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["link.db"]
    link.unlink()


def test_what_slack_does_not_take_is_told(stage: Stage) -> None:
    story.register(stage.slack, "unsaid")
    stage.until_sent()
    stage.change(  # the oldest: of the newest Slack's event may still say that it was posted
        "update outbox set state = 'unknown', attempt = 3, error = 'no answer', available_at = "
        "available_at + 100000 where id = (select min(id) from outbox)"
    )
    code, found = examined(stage)
    assert (code, found["messages"][0]) == (1, "FAIL")
    told = found["messages"][1]
    assert "1 message waiting after 3 tries or more (no answer) for " in told
    [(to,)] = stage.rows("select \"to\" from outbox where state = 'unknown'")
    assert f" for {to}: nothing is lost" in told
    stage.change("update outbox set attempt = 0, error = 'ekm_access_denied' where attempt = 3")
    code, found = examined(stage)
    assert (code, found["bot token"][0], found["messages"][0]) == (1, "ok", "FAIL")
    assert found["messages"][1] == (
        f"Slack refuses the bot's posts (ekm_access_denied), with 1 message waiting for {to}: "
        "nothing is lost. What to do: an admin of the workspace or its organization has "
        "suspended what the app may do: have them let it post again"
    )
    stage.change("update outbox set attempt = 2, error = 'no answer' where state = 'unknown'")
    assert examined(stage)[1]["messages"][0] == "ok"
    stage.change("update outbox set state = 'sent' where state = 'unknown'")


def test_what_has_waited_longer_than_it_should_is_told_whatever_the_reason(stage: Stage) -> None:
    story.register(stage.slack, "unheard")
    stage.until_sent()
    is_last = "id = (select max(id) from outbox where place = 'channel')"
    waits = "state = 'ready', attempt = 0, available_at = available_at + 100000"

    stage.change(f"update outbox set {waits}, put_at = put_at - 500 where {is_last}")  # noqa: S608
    assert examined(stage)[1]["messages"][0] == "ok"
    stage.change(f"update outbox set put_at = put_at - 200 where {is_last}")  # noqa: S608
    code, found = examined(stage)
    assert (code, found["messages"][0]) == (1, "FAIL")
    assert found["messages"][1].startswith(
        f"1 message waiting for more than 10 minutes for {CHANNEL}: nothing is lost, and "
    )
    stage.change(f"update outbox set error = 'ratelimited' where {is_last}")  # noqa: S608
    told = examined(stage)[1]["messages"][1]
    assert f"for more than 10 minutes (ratelimited) for {CHANNEL}: nothing" in told
    stage.change(f"update outbox set state = 'sent' where {is_last}")  # noqa: S608
    assert examined(stage)[1]["messages"][0] == "ok"


def test_whom_nothing_reaches_is_told_while_something_rests_on_them(stage: Stage) -> None:
    story.register(stage.slack, "unread")
    stage.until_sent()
    [(owner,)] = stage.rows("select owner from workflow where key = 'unread'")
    [(last,)] = stage.rows(
        "select max(id) from outbox where \"to\" = ? and state in ('sent', 'failed')", owner
    )
    failed = "state = 'failed', error = 'user_disabled'"
    stage.change(f"update outbox set {failed} where id = {last}")  # noqa: S608
    code, found = examined(stage)
    assert (code, found[f"messages to {owner}"][0]) == (1, "FAIL")
    assert (
        "1 message was not delivered (user_disabled), and none" in found[f"messages to {owner}"][1]
    )

    stage.change(f"update outbox set \"to\" = 'U0NOBODY' where id = {last}")  # noqa: S608
    assert examined(stage)[0] == 0, "nothing rests on them"
    stage.change(f"update outbox set state = 'sent' where id = {last}")  # noqa: S608


def test_nothing_is_recorded_beside_the_bot_by_a_hard_link_of_its_database(
    stage: Stage, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.hardlink_to(stage.database)
    before = stage.rows("select count(*) from entry")
    changed = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{link}"}
    paused = stage.console("pause", "claims", "--reason", "stop", **changed)
    assert paused.returncode == 1
    assert "is one file under 2 names (hard links)" in paused.stderr
    assert "is one file under 2 names (hard links)" in stage.console("doctor", **changed).stdout
    assert [each.name for each in tmp_path.iterdir()] == ["link.db"]
    link.unlink()
    assert stage.rows("select count(*) from entry") == before


def test_a_first_start_says_what_it_made(stage: Stage) -> None:
    said = stage.errors()
    assert said.count("a new record begins") == 1
    for path in (stage.database, stage.folder / "signing.key", stage.folder / "draw.key"):
        assert str(path) in said


def test_a_key_that_others_can_read_fails(stage: Stage) -> None:
    path = stage.folder / "signing.key"
    path.chmod(0o644)
    code, found = examined(stage)
    path.chmod(0o600)
    assert (code, found["signing key"][0]) == (1, "FAIL")
    assert f"chmod 600 {path}" in found["signing key"][1]


def test_a_key_file_that_holds_none_fails_before_anything_is_signed_too(
    stage: Stage, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.key"
    empty.touch(mode=0o600)
    changed = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    for setting, check in (("SIGNING", "signing key"), ("DRAW", "draw key")):
        named = {f"ANSWERABLE_{setting}_KEY_FILE": str(empty)}
        for where in (changed, {}):
            code, found = examined(stage, **where, **named)
            assert (code, found[check][0]) == (1, "FAIL")
            assert f"{empty} holds no key of this product: it is empty. Bring" in found[check][1]


def test_a_database_that_is_none_fails(stage: Stage) -> None:
    path = stage.folder / "other.db"
    path.write_text("no database at all, but long enough to be taken for a file of pages" * 20)
    code, found = examined(stage, ANSWERABLE_DATABASE_URL=f"sqlite:///{path}")
    assert (code, found["database"][0]) == (1, "FAIL")
    path.write_bytes(b"")
    code, found = examined(stage, ANSWERABLE_DATABASE_URL=f"sqlite:///{path}")
    assert (code, "migrate" in found["database"][1]) == (1, True)


def test_tables_of_a_newer_version_are_not_sent_to_be_migrated(stage: Stage) -> None:
    [(revision,)] = stage.rows("select version_num from alembic_version")
    stage.change("update alembic_version set version_num = '9999'")
    code, found = examined(stage)
    stage.change(f"update alembic_version set version_num = '{revision}'")  # noqa: S608
    assert (code, found["database"][0]) == (1, "FAIL")
    assert "newer Answerable" in found["database"][1]
    assert "answerable migrate" not in found["database"][1]
    assert found["keys"] == (
        "warn",
        "they are held against the record once its tables are this version's",
    )
    assert "no record yet" not in str(found), "nobody has looked"


def test_guards_that_were_dropped_fail_and_are_made_again(stage: Stage) -> None:
    stage.change("DROP TRIGGER guard_entry_is_never_changed")
    code, found = examined(stage)
    assert (code, found["guards of the record"][0]) == (1, "FAIL")
    assert "run `answerable migrate`, which makes" in found["guards of the record"][1]
    again = stage.console("migrate")
    assert (again.returncode, again.stderr) == (0, "")
    assert "; guards that it had lost are made again: guard_entry_is_never_ch" in again.stdout
    assert examined(stage)[1]["guards of the record"][0] == "ok"


def test_a_start_on_a_record_without_its_guards_says_so(stage: Stage) -> None:
    assert "the_record_is_unguarded" not in stage.errors()
    assert stage.bot
    stage.bot.stop(signal.SIGTERM)
    stage.change("DROP TRIGGER guard_entry_is_never_changed")
    stage.serve()
    assert stage.errors().count("the_record_is_unguarded") == 1
    assert stage.console("migrate").returncode == 0


def test_keys_that_nothing_was_made_with_are_not_missed(stage: Stage, tmp_path: Path) -> None:
    changed = {
        "ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/new.db",
        "ANSWERABLE_SIGNING_KEY_FILE": f"{tmp_path}/signing.key",
        "ANSWERABLE_DRAW_KEY_FILE": f"{tmp_path}/draw.key",
    }
    assert stage.console("migrate", **changed).returncode == 0
    code, found = examined(stage, **changed)
    assert code == 0
    for name in ("signing key", "draw key"):
        assert found[name][0] == "warn"
        assert "`answerable serve` makes it" in found[name][1]


def test_i7_another_draw_key_than_rounds_are_committed_to_fails(
    stage: Stage, tmp_path: Path
) -> None:
    other = tmp_path / "draw.key"
    draw_key(other)
    code, found = examined(stage, ANSWERABLE_DRAW_KEY_FILE=str(other))
    assert (code, found["draw key"][0]) == (1, "FAIL")
    assert "is not the one round/" in found["draw key"][1]

    made = stage.console("token", "list", ANSWERABLE_DRAW_KEY_FILE=str(other))
    assert made.returncode == 0, "with a key that was lost for good it goes on"
    assert "the draw key is not the one an open round is committed to" in made.stderr


@pytest.mark.parametrize(
    ("off", "verdict"), [(0, "ok"), (-4, "ok"), (8, "warn"), (-58, "warn"), (63, "FAIL")]
)
def test_a_clock_that_is_off_is_told(stage: Stage, off: float, verdict: str) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=f"{stage.slack.url}/api/")
    ours = SystemClock()
    found = check_bot_token(
        client, scopes(), lambda: ours.now() + timedelta(seconds=off), frozenset()
    )
    [clock] = [each for each in found if each.name == "clock"]
    assert clock.verdict == verdict
    assert (clock.advice == "") == (verdict == "ok")


def test_scopes_that_are_missing_fail_and_those_beyond_are_warned_of(stage: Stage) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=f"{stage.slack.url}/api/")

    def looked(
        needed: frozenset[str], optional: frozenset[str] = optional_scopes()
    ) -> tuple[str, str]:
        checks = check_bot_token(client, needed, SystemClock().now, optional)
        return next((each.verdict, each.advice) for each in checks if each.name == "scopes")

    assert looked(scopes()) == ("ok", "")
    verdict, advice = looked(scopes() | {"pins:read"})
    assert (verdict, "pins:read" in advice, "answerable manifest" in advice) == ("FAIL", True, True)
    verdict, advice = looked(scopes() - {"im:write"})
    assert (verdict, "im:write" in advice) == ("warn", True)
    verdict, advice = looked(scopes(), optional_scopes() | {"pins:read"})
    assert (verdict, "pins:read, which is optional" in advice) == ("warn", True)
    assert optional_scopes() == {"channels:read", "dnd:read", "groups:read"}


def test_a_proxy_is_named_without_its_credentials(stage: Stage) -> None:
    _, found = examined(stage, HTTPS_PROXY="http://user:hidden@127.0.0.1:9")
    assert found["proxies"] == (
        "warn",
        "Slack is called through HTTPS_PROXY (127.0.0.1:9): unset it if that is not meant",
    )
    for token in ("bot token", "app token"):
        assert found[token][1].startswith(f"Slack cannot be reached at {stage.slack.url}/api/ (<")
        assert found[token][1].endswith(
            ") through HTTPS_PROXY (127.0.0.1:9): unset it if that is not meant, or see to that "
            "proxy"
        )


@pytest.mark.parametrize("url", ["nonsense::", "http://[hidden", "http://user:hid/den@127.0.0.1:9"])
def test_a_proxy_that_is_no_address_is_said_to_be_that(stage: Stage, url: str) -> None:
    named = "HTTPS_PROXY (it holds no address such as http://proxy.example.org:3128)"
    _, found = examined(stage, HTTPS_PROXY=url)
    assert found["proxies"] == (
        "warn",
        f"Slack is called through {named}: unset it if that is not meant",
    )
    assert found["bot token"][1] == (
        f"Slack cannot be reached at {stage.slack.url}/api/ through {named}: set it to one, or "
        "unset it"
    )
    assert "hid" not in str(found)


def test_a_channel_the_bot_was_thrown_out_of_fails_until_it_is_back(stage: Stage) -> None:
    slack = stage.slack
    world = {each["id"]: each for each in slack.get("world")["channels"]}
    members = world[CHANNEL]["members"]
    slack.post(f"channel/{CHANNEL}", members=[each for each in members if each != "U0ANSWERABLE"])
    story.live(stage, "letters")
    stage.until_recorded("message.failed")
    stage.until_sent()
    code, found = examined(stage)
    assert (code, found["channel of letters"][0]) == (1, "FAIL")
    assert "not_in_channel" in found["channel of letters"][1]

    slack.post(f"channel/{CHANNEL}", members=members)
    story.sampled(stage, "letters", 3)
    stage.until_sent()
    code, found = examined(stage)
    assert (code, found["channel of letters"][0]) == (0, "ok")


def test_a_channel_where_nothing_would_arrive_fails_before_anything_is_lost(stage: Stage) -> None:
    story.live(stage, "ledgers")
    stage.until_sent()
    [sound] = [each for each in stage.slack.get("world")["channels"] if each["id"] == CHANNEL]
    kept = {name: sound[name] for name in ("members", "is_private", "is_archived")}
    without = [each for each in sound["members"] if each != "U0ANSWERABLE"]
    for changed, fault in (
        ({"members": without}, "the bot is not in it"),
        ({"members": without, "is_private": True}, "it is gone, or private without the bot in it"),
        ({"is_archived": True}, "it is archived"),
    ):
        stage.slack.post(f"channel/{CHANNEL}", **{**kept, **changed})
        code, found = examined(stage)
        verdict, advice = found["channel of ledgers"]
        assert (code, verdict) == (1, "FAIL")
        assert advice.startswith(f"nothing will arrive in {CHANNEL}: {fault}: invite the bot")
        assert "/answerable watch ledgers in another" in advice
    stage.slack.post(f"channel/{CHANNEL}", **kept)
    assert examined(stage)[1]["channel of ledgers"] == ("ok", "")


def test_a_token_of_another_workspace_than_the_records_fails_in_the_words_of_a_start(
    stage: Stage, tmp_path: Path
) -> None:
    engine = connect(f"sqlite:///{tmp_path}/other.db")
    make_ready(engine)
    stamp = Stamp("0.1.0", signing_key(stage.folder / "signing.key").sign_checkpoint)
    store = Store(engine, MovedClock(SystemClock().now()), stamp)
    record.start_log(Deps(store, "T0OTHER", Circle(frozenset(), frozenset()), NO_KEY))
    engine.dispose()
    changed = {
        "ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/other.db",
        "ANSWERABLE_LISTEN": "127.0.0.1:0",
    }

    code, found = examined(stage, **changed)
    verdict, advice = found["workspace of the record"]
    assert (code, verdict) == (1, "FAIL")
    assert advice == (
        f"the database {tmp_path}/other.db holds the record of T0OTHER, but SLACK_BOT_TOKEN is of "
        f"{TEAM}: use that team's token, or another database"
    )
    started = stage.console("serve", **changed)
    assert (started.returncode, started.stderr.splitlines()[-1]) == (1, f"Error: {advice}")


def test_an_auditor_who_answers_for_what_they_audit_is_warned_of(stage: Stage) -> None:
    story.live(stage, "wires")
    code, found = examined(stage, ANSWERABLE_AUDITORS="U0INES,U0PRIYA")
    verdict, advice = found["auditors of wires"]
    assert (code, verdict) == (0, "warn")
    assert advice.startswith("ANSWERABLE_AUDITORS names its steward, and nobody audits")


def printed(stage: Stage, *arguments: str) -> dict[str, Any]:
    ran = stage.console("manifest", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return dict(yaml.safe_load(ran.stdout))


def test_the_manifest_of_socket_mode_is_the_one_that_is_kept(stage: Stage) -> None:
    assert stage.console("manifest").stdout == (ROOT / "manifest.yml").read_text()


def test_the_manifest_for_http_names_the_address_and_is_otherwise_the_same(stage: Stage) -> None:
    made = printed(stage, "--url", "https://answerable.example/")
    address = "https://answerable.example/slack/events"
    settings: Json = made["settings"]
    assert settings["event_subscriptions"].pop("request_url") == address
    assert settings["interactivity"].pop("request_url") == address
    assert [each.pop("url") for each in made["features"]["slash_commands"]] == [address]
    assert settings["socket_mode_enabled"] is False
    settings["socket_mode_enabled"] = True
    assert made == yaml.safe_load((ROOT / "manifest.yml").read_text())


@pytest.mark.parametrize("arguments", [(), ("--url", "https://answerable.example")])
def test_slack_takes_either_manifest(stage: Stage, arguments: tuple[str, ...]) -> None:
    made = printed(stage, *arguments)
    schema = SCHEMAS / f"manifest.schema.{made['_metadata']['major_version']}.0.0.json"
    if not schema.exists():
        pytest.skip("Slack's schema of manifests is not beside this clone")
    found = jsonschema.Draft7Validator(json.loads(schema.read_text())).iter_errors(made)
    assert [f"{each.json_path}: {each.message[:200]}" for each in found] == []


@pytest.mark.parametrize(
    "url", ["http://answerable.example", "https://", "https://answerable.example/x?y=z"]
)
def test_an_address_that_slack_would_not_call_is_a_wrong_use(stage: Stage, url: str) -> None:
    ran = stage.console("manifest", "--url", url)
    assert (ran.returncode, "https" in ran.stderr) == (2, True)


def test_keys_are_held_against_no_record_that_cannot_be_read(stage: Stage, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    stage.change(f"vacuum into '{damaged}'")
    os.truncate(damaged, damaged.stat().st_size // 8)
    code, found = examined(stage, ANSWERABLE_DATABASE_URL=f"sqlite:///{damaged}")
    assert (code, found["database"][0]) == (1, "FAIL")
    assert "take both away and put the backup here again" in found["database"][1]
    assert "signing key" not in found, "whether it is the right one nobody can tell"
    assert "once the database can be used" in found["keys"][1]
