"""The arithmetic, and the alternation."""
import math
import statistics
from dataclasses import dataclass
from typing import Any, Callable

LEAST_RUNS = 3


class Refused(Exception):
    """A measurement that would mean nothing; the message is one sentence for a person."""


@dataclass(frozen=True)
class Run:
    """One timed run: its value in the figure's unit, and whatever shows that the work was done and right."""

    value: float
    evidence: Any = None


@dataclass(frozen=True)
class Figure:
    """What is compared.

    ours, peer: each does the work once and returns a Run
    agree: is given the evidence of one run of each side, and raises Refused where the two did not do the same
    """

    name: str
    unit: str
    lower_is_better: bool
    ours: Callable[[], Run]
    peer: Callable[[], Run]
    agree: Callable[[Any, Any], None] = lambda ours, peer: None


def times_better(ours, peer, lower_is_better):
    """How many times better ours is: 2 is twice as good, 0.5 half as good, whatever the unit."""
    for side, value in (("ours", ours), ("the peer", peer)):
        if not (math.isfinite(value) and value > 0):
            raise Refused(f"a ratio needs positive figures, but {side} has {value}")
    return peer / ours if lower_is_better else ours / peer


def rounded(value, digits=4):
    """To significant digits: more would pretend."""
    return 0.0 if value == 0 else round(value, digits - 1 - math.floor(math.log10(abs(value))))


def measure(figure, runs, gate, say):
    """Peer, ours, peer, ours, ...: what changes slowly on the machine then hits both alike."""
    if runs < LEAST_RUNS:
        raise Refused(f"{runs} runs of each side are too few for a median: at least {LEAST_RUNS}")
    values = {"peer": [], "ours": []}
    for i in range(runs):
        evidence = {}
        for side, work in (("peer", figure.peer), ("ours", figure.ours)):
            gate.wait(side, say)
            run = work()
            if not (math.isfinite(run.value) and run.value > 0):
                raise Refused(f"run {i + 1} of {side} for '{figure.name}' gave {run.value} {figure.unit}")
            say(f"{figure.name}, {side}, run {i + 1} of {runs}: {rounded(run.value)} {figure.unit}")
            values[side].append(run.value)
            evidence[side] = run.evidence
        figure.agree(evidence["ours"], evidence["peer"])
    ours, peer = statistics.median(values["ours"]), statistics.median(values["peer"])
    return {"name": figure.name, "unit": figure.unit, "ours": rounded(ours), "peer": rounded(peer),
            "times_better": rounded(times_better(ours, peer, figure.lower_is_better)),
            "runs_ours": [rounded(v) for v in values["ours"]], "runs_peer": [rounded(v) for v in values["peer"]]}
