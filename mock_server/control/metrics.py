"""The server's counts, for Prometheus."""

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from mock_server.control.asked import TheWorld
from mock_server.store.sandboxes import World
from mock_server.store.tallies import BOUNDS, Label, Spent

if TYPE_CHECKING:
    from prometheus_client.core import Metric

metrics = APIRouter(prefix="/_mock", tags=["server"])


@metrics.get("/metrics", response_class=Response)
async def get_metrics(world: TheWorld) -> Response:
    """Requests by method, route, status, dialect and kind of sandbox with their durations; sandboxes; faults."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(Collected(world))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class Collected:
    """The counts of a world, as prometheus_client wants them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def collect(self) -> "Iterator[Metric]":
        """Every metric."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        spent = HistogramMetricFamily("gitscrum_mock_request_seconds", "Requests and their time.", labels=Label._fields)
        for label, each in self.world.tally.requests.items():
            spent.add_metric([str(part) for part in label], buckets_of(each), each.seconds)
        faults = CounterMetricFamily("gitscrum_mock_faults", "Requests that met a fault.", labels=["fault"])
        for fault, count in self.world.tally.faults.items():
            faults.add_metric([fault], count)
        boxes = GaugeMetricFamily("gitscrum_mock_sandboxes", "Sandboxes that are there.", labels=["kind"])
        for kind in ("default", "made", "forked"):
            boxes.add_metric([kind], sum(box.kind == kind for box in self.world.sandboxes.values()))
        yield from (spent, faults, boxes)


def buckets_of(spent: Spent) -> list[tuple[str, float]]:
    """The buckets as Prometheus counts them: each with all before it."""
    return list(zip([*map(str, BOUNDS), "+Inf"], accumulate(spent.buckets), strict=True))
