"""`files.*`: the three steps of an upload; the middle one is a plain POST to the given URL."""

from sandbox.api.call import Args, Method, always
from sandbox.files import File
from sandbox.limits.messages import check_content
from sandbox.posting import post
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace
from sandbox.world import Channel


def get_upload_url(workspace: Workspace, args: Args) -> Json:
    name, length = args.need("filename"), args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] length must be more than 0"])
    file = workspace.files.expect(name, length, args.text("alt_txt"))
    url = f"{workspace.base_url}/upload/v1/{file.ticket}"
    return {"ok": True, "upload_url": url, "file_id": file.id}


def complete_upload(workspace: Workspace, args: Args) -> Json:
    """Share the files in every named conversation, or keep them private if none is named."""
    named = args.structure("files")
    if not isinstance(named, list) or not named:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [workspace.files.uploaded(str(each.get("id"))) for each in named]
    for file, given in zip(files, named, strict=True):
        file.title = str(given.get("title") or file.name)
    channels = _channels(workspace, args)
    thread = args.text("thread_ts") or None
    if thread and len(channels) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] thread_ts goes with exactly one channel"])
    for file in files:
        file.is_complete = True
        file.channels = [each.id for each in channels]
    for channel in channels:
        _share(workspace, args, files, channel, thread)
    return {"ok": True, "files": [_body(workspace, each) for each in files]}


def _share(
    workspace: Workspace, args: Args, files: list[File], channel: Channel, thread: str | None
) -> None:
    comment, blocks = args.text("initial_comment"), args.structure("blocks")
    if comment or blocks:
        blocks = None if comment else blocks
        args.warnings += check_content(comment, blocks)
    bodies = [_body(workspace, each) for each in files]
    post(workspace, channel, text=comment, blocks=blocks, thread_ts=thread, files=bodies)


def _channels(workspace: Workspace, args: Args) -> list[Channel]:
    targets = args.names("channels") or args.names("channel_id")
    return [workspace.writable_channel(each) for each in targets]


def _body(workspace: Workspace, file: File) -> Json:
    return file.to_slack(workspace.bot_user, workspace.clock.now, workspace.base_url)


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, scope=always("files:write")),
    "files.completeUploadExternal": Method(complete_upload, scope=always("files:write")),
}
