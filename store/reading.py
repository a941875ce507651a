"""Everything that is remembered of one workspace, noun by noun, as of one moment."""

from datetime import datetime

from sqlalchemy import Connection

from store.absences import Absences
from store.breaches import Breaches
from store.concerns import Concerns
from store.digests import Digests
from store.drills import Drills
from store.forgetting import Forgetting
from store.handed_in import HandedIn
from store.handovers import Handovers
from store.homes import Homes
from store.leftovers import Leftovers
from store.measurements import Measurements
from store.obligations import Obligations
from store.outbox import Outbox
from store.outputs import Outputs
from store.overview import Overview
from store.people import People
from store.plants import Plants
from store.record import Log
from store.refusals import Refusals
from store.registry import Workflows
from store.requests import Requests
from store.rounds import Rounds
from store.series import SeriesOfRounds
from store.settlements import Settlements
from store.shares import Shares
from store.skips import Skips
from store.tallies import Tallies
from store.tokens import Tokens
from store.witness import Witness


class Reading:
    """A consistent view of one workspace, and the time at which it was asked for."""

    def __init__(self, connection: Connection, workspace: str, now: datetime) -> None:
        self.workspace = workspace
        self.now = now
        self.log = Log(connection, workspace)
        self.people = People(connection, workspace)
        self.absences = Absences(connection, workspace)
        self.handovers = Handovers(connection, workspace)
        self.workflows = Workflows(connection, workspace)
        self.drills = Drills(connection, workspace)
        self.outputs = Outputs(connection, workspace)
        self.rounds = Rounds(connection, workspace)
        self.handed_in = HandedIn(connection, workspace)
        self.plants = Plants(connection, workspace)
        self.shares = Shares(connection, workspace)
        self.settlements = Settlements(connection, workspace)
        self.skips = Skips(connection, workspace)
        self.measurements = Measurements(connection, workspace)
        self.breaches = Breaches(connection, workspace)
        self.concerns = Concerns(connection, workspace)
        self.series = SeriesOfRounds(connection, workspace)
        self.digests = Digests(connection, workspace)
        self.requests = Requests(connection, workspace)
        self.obligations = Obligations(connection, workspace)
        self.tokens = Tokens(connection, workspace)
        self.outbox = Outbox(connection, workspace)
        self.homes = Homes(connection, workspace)
        self.overview = Overview(connection, workspace)
        self.tallies = Tallies(connection, workspace)
        self.refusals = Refusals(connection, workspace)
        self.leftovers = Leftovers(connection, workspace)
        self.witness = Witness(connection, workspace)
        self.forgetting = Forgetting(connection, workspace)
