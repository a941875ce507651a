"""The ways in and out of a bot: tokens and an address, asked for before a start makes anything."""

from slack_sdk.errors import SlackApiError

from bot.app.base import slack_client, unreachable
from bot.config import NO_WAY_IN, NO_WAY_OUT, Config, Misconfigured
from handlers.cli import Failed
from handlers.http.server import listen
from handlers.slack.advice import APP_TOKEN, BOT_TOKEN, on_token
from handlers.slack.errors import foreign_answer, is_trouble, name_of
from handlers.slack.poster import TIMEOUT


def require_tokens(config: Config) -> None:
    """Refuse to start mute or deaf: without one of the two, nothing of Slack's would come in."""
    if not config.has_bot_token:
        raise Failed(NO_WAY_OUT)
    if not (config.has_socket or config.has_signing_secret):
        raise Failed(f"Slack has no way in: {NO_WAY_IN}")


def ask_workspace(config: Config) -> str:
    """Give the workspace that the bot token is of, as Slack says. Raises Failed."""
    try:
        answer = slack_client(config, TIMEOUT).auth_test()
    except SlackApiError as error:
        raise refused(config, BOT_TOKEN, error) from error
    except OSError as error:
        raise unreachable(config, error) from error
    _require_people(config, str(answer["user_id"]))
    return str(answer["team_id"])


def _require_people(config: Config, bot: str) -> None:
    """Refuse the bot among those whom it asks: nobody would hear, and nothing would say so."""
    for setting, named in {"ADMINS": config.admins, "AUDITORS": config.auditors}.items():
        if bot in named:
            raise Failed(
                f"ANSWERABLE_{setting} names {bot}, which is this bot itself: name people, by the "
                "id that *Copy member ID* in their profile's menu gives"
            )


def require_ways_in(config: Config) -> None:
    """Refuse an address that is in use, or a token that opens no socket, before all else."""
    try:
        listen(config.address).close()
    except OSError as error:
        raise cannot_listen(config, error) from error
    if not config.has_socket:
        return
    try:
        client = slack_client(config, TIMEOUT)
        client.apps_connections_open(app_token=config.app_token.get_secret_value())
    except SlackApiError as error:
        raise refused(config, APP_TOKEN, error) from error
    except OSError as error:
        raise unreachable(config, error) from error


def cannot_listen(config: Config, error: OSError) -> Misconfigured:
    """Give why there is no start: the address is another's, or none of this machine."""
    return Misconfigured(f"ANSWERABLE_LISTEN: cannot listen on {config.listen}: {error.strerror}")


def refused(config: Config, setting: str, error: SlackApiError) -> Failed:
    """Give why there is no start: a token that is not good, or Slack that does not say."""
    if foreign := foreign_answer(error, config.slack_api_url):
        return Failed(foreign)
    if is_trouble(error):
        return Failed(
            f"Slack is having trouble ({name_of(error)}) and does not say whether {setting} is "
            "good: leave it, and start again when that is over"
        )
    code = name_of(error)
    return Failed(f"Slack refused {setting} ({code}): {on_token(setting, code)}")
