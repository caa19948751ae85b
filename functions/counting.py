"""The metrics of a function: each is a metric of its stack, so that two stacks in one account are not taken for one."""

import os

from aws_lambda_powertools import Metrics

from shared.metrics import NAMESPACE
from shared.settings import Settings


def metrics_of(service: str) -> Metrics:
    """The metrics of the function called `service`, whose name and stack are their dimensions."""
    settings = Settings.from_environment(os.environ)
    metrics = Metrics(namespace=NAMESPACE, service=service)
    metrics.set_default_dimensions(stack=settings.name)
    return metrics
