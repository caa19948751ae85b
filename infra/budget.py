"""A budget that has AWS write when a month becomes dearer than was meant; it stops nothing.

It is about the account's whole bill: costs of this stack alone can only be told apart where somebody has activated its
tag for billing, and until then a budget of the tag would see nothing and say nothing.
"""

from collections.abc import Sequence

from aws_cdk import aws_budgets as budgets
from constructs import Construct

_PERCENT = 100
_KINDS = ("ACTUAL", "FORECASTED")


def add_budget(scope: Construct, name: str, dollars: int, addresses: Sequence[str]) -> None:
    """A monthly budget: a mail to each address when it is spent, and when it is going to be."""
    subscribers = [
        budgets.CfnBudget.SubscriberProperty(address=address, subscription_type="EMAIL") for address in addresses
    ]
    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=f"{name}-month",
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=dollars, unit="USD"),
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    comparison_operator="GREATER_THAN",
                    notification_type=kind,
                    threshold=_PERCENT,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=subscribers,
            )
            for kind in _KINDS
        ],
    )
