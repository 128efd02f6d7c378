"""Ranks of an Azure ML job that do not play their part."""

SUMMARY = "eight ends of a two-rank job on real Ray: head, worker, Ray, token, time-out, cancel; every rank ends, and right"


def options(parser):
    del parser  # none


def soak(setup):
    return setup.test("azure", "AmlStartSoak", 15)
