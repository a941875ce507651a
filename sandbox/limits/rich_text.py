"""The shape of a `rich_text` block: sections, lists, quotes and code of styled runs."""

from sandbox.limits.check import Check, choice, flag, items, record, string, tagged, typed, whole

_MARKS = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
_STYLE = record(optional=dict.fromkeys(_MARKS, flag))
_STYLED: dict[str, Check] = {"style": _STYLE}
_NAME = string(255)

_RUNS: dict[str, Check] = {
    "text": typed("text", {"text": string(40_000)}, _STYLED),
    "link": typed("link", {"url": string(3000)}, {**_STYLED, "text": string(3000), "unsafe": flag}),
    "user": typed("user", {"user_id": _NAME}, _STYLED),
    "channel": typed("channel", {"channel_id": _NAME}, _STYLED),
    "usergroup": typed("usergroup", {"usergroup_id": _NAME}, _STYLED),
    "team": typed("team", {"team_id": _NAME}, _STYLED),
    "emoji": typed(
        "emoji", {"name": _NAME}, {**_STYLED, "unicode": _NAME, "skin_tone": whole(1, 6)}
    ),
    "date": typed(
        "date",
        {"timestamp": whole(0, 10**11), "format": string(255)},
        {**_STYLED, "url": string(3000), "fallback": string(255)},
    ),
    "broadcast": typed("broadcast", {"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": typed("color", {"value": _NAME}, _STYLED),
}
_TEXT_AND_LINKS = tagged({"text": _RUNS["text"], "link": _RUNS["link"]})
_SECTION = typed("rich_text_section", {"elements": items(tagged(_RUNS), 1000, least=0)})
_BORDER: dict[str, Check] = {"border": whole(0, 1)}

RICH_TEXT = typed(
    "rich_text",
    {
        "elements": items(
            tagged(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": typed(
                        "rich_text_list",
                        {"style": choice("bullet", "ordered"), "elements": items(_SECTION, 1000)},
                        {**_BORDER, "indent": whole(0, 8), "offset": whole(0, 10_000)},
                    ),
                    "rich_text_preformatted": typed(
                        "rich_text_preformatted",
                        {"elements": items(_TEXT_AND_LINKS, 1000)},
                        {**_BORDER, "language": _NAME},
                    ),
                    "rich_text_quote": typed(
                        "rich_text_quote", {"elements": items(tagged(_RUNS), 1000)}, _BORDER
                    ),
                }
            ),
            1000,
        )
    },
    {"block_id": string(255)},
)
