"""Waits until the machine is quiet, and remembers how quiet it was."""
import os
import time

from .measure import Refused, rounded


class Gate:
    """Lets a run begin once the 1-minute load average is below a limit."""

    def __init__(self, limit, patience_seconds, average=lambda: os.getloadavg()[0], clock=time.monotonic,
                 sleep=time.sleep):
        self.limit = limit
        self.patience_seconds = patience_seconds
        self.average = average
        self.clock = clock
        self.sleep = sleep
        self.before = {"ours": [], "peer": []}

    def wait(self, side, say=lambda line: None):
        """Returns once it is quiet; raises Refused when patience ends."""
        start = self.clock()
        told = start - 60
        while (now := self.average()) >= self.limit:
            waited = self.clock() - start
            if waited >= self.patience_seconds:
                raise Refused(f"the load average is {now:.1f} after {waited / 60:.0f} minutes, and a run needs less "
                              f"than {self.limit}: stop what else runs here, or wait longer (--patience)")
            if self.clock() - told >= 60:
                say(f"load average {now:.1f}: waiting until it is below {self.limit}")
                told = self.clock()
            self.sleep(2)
        self.before[side].append(rounded(now, 3))

    def report(self):
        """The averages just before each run; a run's own load comes on top."""
        return {"cores": os.cpu_count(), "limit": self.limit, "before_ours": self.before["ours"],
                "before_peer": self.before["peer"]}
