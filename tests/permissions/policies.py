"""What a template allows: each statement of a role's policies, for one action and one resource, by who has the role."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.embedded.deploy import ACCOUNT, REGION

_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
_SERVICES = {
    "AWS::S3::Bucket": "s3:::{}",
    "AWS::SQS::Queue": f"sqs:{REGION}:{ACCOUNT}:{{}}",
    "AWS::Lambda::Function": f"lambda:{REGION}:{ACCOUNT}:function:{{}}",
    "AWS::Logs::LogGroup": f"logs:{REGION}:{ACCOUNT}:log-group:{{}}:*",
}
"""The ARN of each kind of resource, behind its partition."""

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Allowance:
    """That `who` may do `action` on what the ARN `resource` matches; `shown` is how the stack says it."""

    who: str
    action: str
    resource: str
    shown: str

    def covers(self, who: str, action: str, resource: str) -> bool:
        """Whether it is what allows this."""
        pattern = ".*".join(map(re.escape, self.resource.split("*")))
        return (self.who, self.action) == (who, action) and re.fullmatch(pattern, resource) is not None


def allowances(template: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Allowance, ...]:
    """All that the roles of a template may do; `names` are what AWS named its resources, by their logical ids."""
    resources: Mapping[str, Resource] = template["Resources"]
    owners = dict(_owners(resources))
    return tuple(
        Allowance(owners[role["Ref"]], action, _plain(resource, resources, names), _plain(resource, resources, {}))
        for policy in _of_type(resources, "AWS::IAM::Policy").values()
        for role in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    )


def arn(service: str, on: str) -> str:
    """The ARN of what an API was called on; "" is anything at all."""
    places = {
        "s3": "s3:::{}",
        "sqs": f"sqs:{REGION}:{ACCOUNT}:{{}}",
        "sns": f"sns:{REGION}:{ACCOUNT}:{{}}",
        "ssm": f"ssm:{REGION}:{ACCOUNT}:parameter/{{}}",
        "translate": f"translate:{REGION}:{ACCOUNT}:terminology/{{}}",
        "bedrock": f"bedrock:{REGION}:{ACCOUNT}:inference-profile/{{}}",
    }
    return f"arn:aws:{places[service].format(on)}"


def _owners(resources: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    for function in _of_type(resources, "AWS::Lambda::Function").values():
        yield function["Role"]["Fn::GetAtt"][0], function["Handler"].split(".")[1].capitalize()
    for schedule in _of_type(resources, "AWS::Scheduler::Schedule").values():
        yield schedule["Target"]["RoleArn"]["Fn::GetAtt"][0], "Schedule"


def _plain(value: Any, resources: Mapping[str, Resource], names: Mapping[str, str]) -> str:
    """A resource as a text, with the logical ids of those that have no name."""
    if isinstance(value, str):
        return value
    [(kind, given)] = value.items()
    if kind == "Fn::Join":
        separator, parts = given
        return str(separator.join(_plain(part, resources, names) for part in parts))
    if kind == "Ref" and given in _PSEUDO:
        return _PSEUDO[given]
    logical = given if kind == "Ref" else given[0]
    if logical not in names:
        return re.sub("[0-9A-F]{8}$", "", logical)
    name = names[logical]
    if name.startswith("arn:"):
        return name
    return f"arn:aws:{_SERVICES[resources[logical]['Type']].format(name.rpartition('/')[2])}"


def _of_type(resources: Mapping[str, Resource], kind: str) -> dict[str, Any]:
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
