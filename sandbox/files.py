"""Uploaded files: a ticket to upload, the bytes, and where they were shared."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.wire import Json, SlackError, new_id


@dataclass
class File:
    id: str
    name: str
    length: int
    ticket: str
    title: str = ""
    alt: str = ""
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)
    is_complete: bool = False

    def to_slack(self, user: str, now: int, base_url: str) -> Json:
        return {
            "id": self.id,
            "created": now,
            "timestamp": now,
            "name": self.name,
            "title": self.title or self.name,
            "alt_txt": self.alt,
            "filetype": self.name.rpartition(".")[2],
            "user": user,
            "size": len(self.content or b""),
            "mode": "hosted",
            "url_private": f"{base_url}/sandbox/files/{self.id}",
            "url_private_download": f"{base_url}/sandbox/files/{self.id}",
            "permalink": f"{base_url}/sandbox/files/{self.id}",
            "channels": [each for each in self.channels if each.startswith("C")],
            "ims": [each for each in self.channels if each.startswith("D")],
        }


@dataclass
class Files:
    clock: Clock
    all: dict[str, File] = field(default_factory=dict)

    def expect(self, name: str, length: int, alt: str) -> File:
        file = File(id=new_id("F"), name=name, length=length, ticket=new_id("", 32), alt=alt)
        self.all[file.id] = file
        return file

    def by_ticket(self, ticket: str) -> File | None:
        return next((each for each in self.all.values() if each.ticket == ticket), None)

    def uploaded(self, file_id: str) -> File:
        """Return a file whose bytes have arrived and that nobody completed before."""
        file = self.all.get(file_id)
        if file is None or file.content is None or file.is_complete:
            raise SlackError("file_not_found")
        return file
