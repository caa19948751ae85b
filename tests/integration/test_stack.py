"""The template that both clouds deploy: what AWS would refuse, or would let go wrong, without an emulator noticing."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.app import build  # first: it tells jsii where node is
from infra.assembly import synthesize
from infra.bundling import ROOT
from infra.costs import ALARMS as RECKONED_ALARMS
from shared.errors import SettingsError
from shared.incidents import Kind
from tests.skips import skip

import aws_cdk as cdk  # isort: skip
from cdk_nag import AwsSolutionsChecks  # isort: skip

Template = dict[str, Any]


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembly")
    app = build(folder, {"chorok:target": "host", "chorok:receives": "7"})
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
    return folder


@pytest.fixture(scope="module")
def template(synthesised: Path) -> Template:
    return dict(json.loads((synthesised / "Chorok.template.json").read_text()))


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stack beside the first one, that takes over another's bucket, ticks seldom, and shows its digests."""
    folder = tmp_path_factory.mktemp("beside")
    settings = {
        "name": "ChorokDev",
        "adopt_bucket": "old-ledger",
        "schedule": "cron(0 9 ? * MON-FRI *)",
        "token_parameter": "/chorok/token",
        "budget_dollars": "25",
        "notify_email": "a@b.org,c@d.org",
        "distribution": "true",
    }
    context = {"chorok:target": "host"} | {f"chorok:{name}": text for name, text in settings.items()}
    app = build(folder, context)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
    return folder


@pytest.fixture(scope="module")
def template_beside(beside: Path) -> Template:
    return dict(json.loads((beside / "ChorokDev.template.json").read_text()))


def of_type(template: Template, kind: str) -> dict[str, Any]:
    return {name: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == kind}


def the_queue_of(template: Template, reference: Any) -> Any:
    return of_type(template, "AWS::SQS::Queue")[reference["Fn::GetAtt"][0]]


@pytest.mark.parametrize("stack", ["synthesised", "beside"])
def test_no_finding_of_aws_solutions_is_left_without_a_reason(stack: str, request: pytest.FixtureRequest) -> None:
    report = json.loads((request.getfixturevalue(stack) / "validation-report.json").read_text())

    (checks,) = (plugin for plugin in report["pluginReports"] if plugin["pluginName"] == "AwsSolutions")

    assert [violation["ruleName"] for violation in checks["violations"]] == []
    assert checks["suppressedViolations"], "the checks have seen the stack"


def test_both_clouds_get_the_same_template_but_for_the_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cdk_json = json.loads((ROOT / "cdk.json").read_text())
    context = cdk_json.get("context", {}) | {"chorok:receives": "7"}
    _, *app = shlex.split(cdk_json["app"])

    embedded = synthesize({"receives": "7"})
    # The protocol by which the cdk command runs an app.
    done = subprocess.run(
        [sys.executable, *app],
        cwd=ROOT,
        env=os.environ | {"CDK_OUTDIR": str(tmp_path / "cdk.out"), "CDK_CONTEXT_JSON": json.dumps(context)},
        capture_output=True,
        text=True,
    )

    if "the functions' asset was not built" in done.stderr:
        skip("registry", f"the wheels for arm64 cannot be had: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert comparable(embedded) == comparable(tmp_path / "cdk.out")


def comparable(assembly: Path) -> Template:
    """The template of an assembly without what has to differ from target to target."""
    template: Template = json.loads((assembly / "Chorok.template.json").read_text())
    functions = of_type(template, "AWS::Lambda::Function").values()
    assert len(functions) == 3
    for function in functions:
        assert (function.pop("Runtime"), function["Architectures"]) == ("python3.14", ["arm64"])
        del function["Code"]
    return template


def test_a_message_stays_invisible_for_six_function_timeouts(template: Template) -> None:
    functions = of_type(template, "AWS::Lambda::Function")

    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        timeout = functions[mapping["FunctionName"]["Ref"]]["Timeout"]

        waits = mapping.get("MaximumBatchingWindowInSeconds", 0)

        assert the_queue_of(template, mapping["EventSourceArn"])["VisibilityTimeout"] >= 6 * timeout + waits
        assert timeout <= 900
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_signals_wait_a_moment_for_one_another_and_papers_never(template: Template) -> None:
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping").values()

    waits = {mapping["BatchSize"]: mapping.get("MaximumBatchingWindowInSeconds", 0) for mapping in mappings}
    assert waits == {1: 0, 10: 1}


def test_every_consumed_queue_has_a_dead_letter_queue_of_its_own_that_keeps_longer(template: Template) -> None:
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping").values()
    consumed = [the_queue_of(template, mapping["EventSourceArn"]) for mapping in mappings]

    targets = [queue["RedrivePolicy"]["deadLetterTargetArn"] for queue in consumed]

    assert len(consumed) == 2
    assert len({json.dumps(target) for target in targets}) == 2
    for queue, target in zip(consumed, targets, strict=True):
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 7
        assert the_queue_of(template, target)["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]


def test_the_schedule_hands_over_its_own_time_in_its_own_zone(template: Template) -> None:
    (schedule,) = of_type(template, "AWS::Scheduler::Schedule").values()

    assert json.loads(schedule["Target"]["Input"]) == {"scheduled_time": "<aws.scheduler.scheduled-time>"}
    assert schedule["ScheduleExpressionTimezone"] == "Asia/Seoul"
    assert schedule["State"] == "ENABLED"


def test_schedule_and_fetch_failures_end_in_queues_of_their_own(template: Template) -> None:
    (schedule,) = of_type(template, "AWS::Scheduler::Schedule").values()
    (fetch,) = of_type(template, "AWS::Lambda::EventInvokeConfig").values()

    undelivered = schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    failed = fetch["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]

    assert undelivered != failed
    assert {undelivered, failed} <= of_type(template, "AWS::SQS::Queue").keys()


def test_only_created_results_wake_aggregate(template: Template) -> None:
    (bucket,) = of_type(template, "AWS::S3::Bucket").values()

    (rule,) = bucket["NotificationConfiguration"]["QueueConfigurations"]

    assert rule["Event"] == "s3:ObjectCreated:*"
    assert rule["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "results/"}]


def test_the_bucket_may_tell_the_queue_before_it_tries(template: Template) -> None:
    (bucket,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::S3::Bucket")
    policies = of_type(template, "AWS::SQS::QueuePolicy")

    granting = {
        name
        for name, policy in policies.items()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "s3.amazonaws.com"}
        and statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    }

    assert granting
    assert granting <= set(bucket["DependsOn"])


def test_the_bucket_is_private_encrypted_and_outlives_the_stack(template: Template) -> None:
    (resource,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::S3::Bucket")
    (policy,) = of_type(template, "AWS::S3::BucketPolicy").values()

    assert set(resource["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate", "and a first deployment that fails leaves none behind"
    assert any(
        statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


def test_no_function_is_allowed_an_action_by_wildcard(template: Template) -> None:
    for policy in of_type(template, "AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]

            assert not any("*" in action for action in actions)
            if statement["Resource"] == "*":
                assert actions == ["translate:TranslateText"]


def test_settings_reach_the_functions_that_read_them_and_defaults_do_not_clutter(template: Template) -> None:
    variables = {
        function["Handler"].split(".")[1]: function["Environment"]["Variables"].keys()
        for function in of_type(template, "AWS::Lambda::Function").values()
    }

    assert variables == {
        "fetch": {
            "CHOROK_BUCKET",
            "CHOROK_PAPERS_QUEUE",
            "CHOROK_PAPERS_DEAD_QUEUE",
            "CHOROK_DIGESTS_QUEUE",
            "CHOROK_TOPIC",
        },
        "translate": {"CHOROK_BUCKET", "CHOROK_PAPERS_QUEUE", "CHOROK_RECEIVES"},
        "aggregate": {"CHOROK_BUCKET", "CHOROK_DIGESTS_QUEUE", "CHOROK_TOPIC"},
    }


ERRORS = ("AWS/Lambda", "Errors", "Sum", 300, 1, "GreaterThanOrEqualToThreshold", "notBreaching")
ALARMS = {
    "TicksMissing": ("chorok", "TicksDone", "Maximum", 300, 24, "LessThanThreshold", "missing"),
    "FetchErrors": ERRORS,
    "TranslateErrors": ERRORS,
    "AggregateErrors": ERRORS,
    "DigestsDeadLetterNotEmpty": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "Maximum",
        300,
        1,
        "GreaterThanOrEqualToThreshold",
        "notBreaching",
    ),
}
"""Namespace, metric, statistic, period in seconds, how many of them, comparison with 1, what missing data is."""


def alarms_of(template: Template) -> dict[str, Any]:
    """The alarms by the name that each has in the runbook."""
    found = of_type(template, "AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmDescription"]["Fn::Join"][1][0].partition(":")[0]: alarm for alarm in found}


def test_every_alarm_watches_what_the_runbook_says_and_tells_the_topic_when_it_begins_and_ends(
    template: Template,
) -> None:
    (topic,) = (name for name, r in template["Resources"].items() if r["Type"] == "AWS::SNS::Topic")

    watched = {
        name: (
            alarm["Namespace"],
            alarm["MetricName"],
            alarm["Statistic"],
            alarm["Period"],
            alarm["EvaluationPeriods"],
            alarm["ComparisonOperator"],
            alarm["TreatMissingData"],
        )
        for name, alarm in alarms_of(template).items()
    }

    assert watched == ALARMS
    for alarm in alarms_of(template).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm["Threshold"] == 1
        # A metric reported with dimensions is another metric than the one without.
        assert alarm["Dimensions"]


def test_a_stack_without_ticks_is_told_of_and_a_new_one_without_ticks_yet_is_not(template: Template) -> None:
    alarms = alarms_of(template)

    told = {name: alarm.get("InsufficientDataActions", []) for name, alarm in alarms.items()}

    # An alarm is born in INSUFFICIENT_DATA, and acts when its state changes.
    assert told.pop("TicksMissing") == alarms["TicksMissing"]["AlarmActions"]
    assert not any(told.values())


def test_every_alarm_leads_to_the_log_that_says_why(template: Template) -> None:
    for name, alarm in alarms_of(template).items():
        description = "".join(
            part if isinstance(part, str) else f"${{{part['Ref']}}}"
            for part in alarm["AlarmDescription"]["Fn::Join"][1]
        )

        (address,) = re.findall(r"https://\S+", description)
        (group,) = re.findall(r"\$\{((?:Fetch|Translate|Aggregate)Logs\w+)\}", address)
        region = "${AWS::Region}"
        assert address == (
            f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
            f"#logsV2:log-groups/log-group/${{{group}}}"
        )
        assert group in of_type(template, "AWS::Logs::LogGroup")
        assert description.endswith(f"docs/runbook.md#{name.lower()}")
        assert len(description) <= 1024


def test_two_stacks_in_one_account_do_not_share_a_metric(template: Template, template_beside: Template) -> None:
    for name, of_stack in (("Chorok", template), ("ChorokDev", template_beside)):
        (own,) = (a for a in of_type(of_stack, "AWS::CloudWatch::Alarm").values() if a["Namespace"] == "chorok")

        assert {"Name": "stack", "Value": name} in own["Dimensions"]
    functions = of_type(template_beside, "AWS::Lambda::Function").values()
    assert {function["Environment"]["Variables"]["CHOROK_NAME"] for function in functions} == {"ChorokDev"}


def test_a_stack_is_protected_and_tagged(synthesised: Path) -> None:
    stack = json.loads((synthesised / "manifest.json").read_text())["artifacts"]["Chorok"]["properties"]

    assert stack["terminationProtection"] is True
    assert stack["tags"] == {"application": "chorok"}


def test_a_stack_reads_only_the_bucket_that_it_takes_over(template: Template, template_beside: Template) -> None:
    assert "old-ledger" not in json.dumps(template)

    allowed = {
        statement["Action"]: [r for r in listed(statement["Resource"]) if "old-ledger" in json.dumps(r)]
        for policy in of_type(template_beside, "AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "old-ledger" in json.dumps(statement["Resource"])
    }

    assert {action: len(resources) for action, resources in allowed.items()} == {"s3:GetObject": 1, "s3:ListBucket": 1}


def test_fetch_may_read_the_token_and_no_other_parameter(template_beside: Template) -> None:
    [(name, statement)] = (
        (name, statement)
        for name, policy in of_type(template_beside, "AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if "ssm" in json.dumps(statement["Action"])
    )

    assert name.startswith("FetchRole")
    assert statement["Action"] == "ssm:GetParameter"
    assert statement["Resource"]["Fn::Join"][1][-1] == ":parameter/chorok/token"


def test_no_distribution_is_made_unasked(template: Template) -> None:
    assert not [kind for kind in (r["Type"] for r in template["Resources"].values()) if "CloudFront" in kind]


def test_of_the_bucket_a_distribution_may_read_the_digests_and_nothing_else(template_beside: Template) -> None:
    (name,) = of_type(template_beside, "AWS::CloudFront::Distribution")
    (bucket,) = of_type(template_beside, "AWS::S3::Bucket").values()
    (policy,) = of_type(template_beside, "AWS::S3::BucketPolicy").values()

    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    assert [s["Principal"] for s in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert [s["Action"] for s in allowed] == ["s3:GetObject"]
    assert allowed[0]["Resource"]["Fn::Join"][1][-1] == "/digests/*"
    assert {"Ref": name} in allowed[0]["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_a_distribution_shows_the_digests_as_they_are_over_tls_alone(template_beside: Template) -> None:
    (distribution,) = of_type(template_beside, "AWS::CloudFront::Distribution").values()
    (control,) = of_type(template_beside, "AWS::CloudFront::OriginAccessControl").values()
    (cache,) = of_type(template_beside, "AWS::CloudFront::CachePolicy").values()
    (headers,) = of_type(template_beside, "AWS::CloudFront::ResponseHeadersPolicy").values()
    config, ttl = distribution["DistributionConfig"], cache["CachePolicyConfig"]
    (origin,), behaviour = config["Origins"], config["DefaultCacheBehavior"]
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert (origin["OriginPath"], config["DefaultRootObject"]) == ("/digests", "index.html")
    assert origin["OriginAccessControlId"]
    assert control["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    assert (behaviour["ViewerProtocolPolicy"], behaviour["Compress"]) == ("redirect-to-https", True)
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert (ttl["MinTTL"], ttl["DefaultTTL"]) == (0, 0), "what a file's own Cache-Control says holds"
    assert ttl["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 3600
    assert not re.search(
        r"(default|script|style|img|connect|form)-", security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    ), "a page's own policy names its scripts, and both have to allow them"


def test_the_site_is_the_distribution_s_where_none_is_set(
    template: Template, template_beside: Template, tmp_path: Path
) -> None:
    (name,) = of_type(template_beside, "AWS::CloudFront::Distribution")
    context = {"chorok:target": "host", "chorok:distribution": "true", "chorok:site": "https://example.org/"}
    build(tmp_path, context).synth()
    template_of_its_own = json.loads((tmp_path / "Chorok.template.json").read_text())

    sites = [
        function["Environment"]["Variables"].get("CHOROK_SITE")
        for of_stack in (template, template_beside, template_of_its_own)
        for function in of_type(of_stack, "AWS::Lambda::Function").values()
        if function["Handler"].startswith("functions.aggregate.")
    ]

    domain = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [name, "DomainName"]}, "/"]]}
    assert sites == [None, domain, "https://example.org/"]
    assert template_beside["Outputs"]["Site"]["Value"] == domain


def test_the_embedded_cloud_has_no_distribution(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="distribution is set"):
        build(tmp_path, {"chorok:target": "host", "chorok:embedded": "true", "chorok:distribution": "true"})


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_aggregate_writes_of_the_runs_only_that_they_are_announced(template: Template) -> None:
    written = {
        resource["Fn::Join"][1][-1]
        for name, policy in of_type(template, "AWS::IAM::Policy").items()
        if name.startswith("Aggregate")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "s3:PutObject"
        for resource in listed(statement["Resource"])
    }

    assert written == {"/runs/*/announced-*", "/runs/*/accepted*", "/digests/*"}


def test_scheduler_acts_for_this_account_alone(template: Template) -> None:
    (trusted,) = (
        statement
        for role in of_type(template, "AWS::IAM::Role").values()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    )

    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_schedule_that_ticks_seldom_has_an_alarm_that_waits_for_its_ticks(template_beside: Template) -> None:
    alarm = alarms_of(template_beside)["TicksMissing"]

    days = alarm["Period"] * alarm["EvaluationPeriods"] / (24 * 3600)
    assert days == 2 * 3, "from Friday to Monday, twice"
    assert alarm["Period"] >= 3600, "or it may look back no further than a day"


def test_what_is_left_of_a_failed_tick_goes_by_itself(template: Template) -> None:
    kept = {
        name: queue["MessageRetentionPeriod"] / (24 * 3600)
        for name, queue in of_type(template, "AWS::SQS::Queue").items()
        if "RedrivePolicy" not in queue
    }

    assert sorted(kept.values()) == [1, 1, 14, 14]
    assert all(days == 14 for name, days in kept.items() if "DeadLetter" in name)


def test_fetch_looks_at_dead_papers_takes_none_away_and_tells_the_topic_alone(template: Template) -> None:
    (topic,) = (name for name, r in template["Resources"].items() if r["Type"] == "AWS::SNS::Topic")
    (dead,) = (name for name in of_type(template, "AWS::SQS::Queue") if name.startswith("PapersDeadLetter"))
    allowed: dict[str, set[str]] = {}
    for name, policy in of_type(template, "AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"] if name.startswith("FetchRole") else ():
            for action in listed(statement["Action"]):
                resources = (r.get("Ref") or r.get("Fn::GetAtt", [""])[0] for r in listed(statement["Resource"]))
                allowed.setdefault(action, set()).update(resources)

    assert {action for action, resources in allowed.items() if dead in resources} == {
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    }
    assert allowed["sns:Publish"] == {topic}


def test_a_region_without_amazon_translate_is_refused_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.app.bundle_for_cloud", lambda function, folder, python: folder.mkdir())
    monkeypatch.setenv("CDK_DEFAULT_REGION", "sa-east-1")

    with pytest.raises(SettingsError, match=r"Amazon Translate is not offered in the region sa-east-1.*ko"):
        build(tmp_path / "refused", {})
    build(tmp_path / "another-engine", {"chorok:engines": "ko=bedrock:us.amazon.nova-lite-v1:0"})
    build(tmp_path / "destroyed", {"aws:cdk:bundling-stacks": []})  # type: ignore[dict-item]
    monkeypatch.setenv("CDK_DEFAULT_REGION", "ap-northeast-2")
    build(tmp_path / "another-region", {})


def test_a_source_on_loopback_is_for_the_embedded_cloud_alone(tmp_path: Path) -> None:
    local = {"chorok:target": "host", "chorok:source": "http://127.0.0.1:8000"}

    with pytest.raises(SettingsError, match="source has no meaning"):
        build(tmp_path / "deployed", local)
    build(tmp_path / "embedded", local | {"chorok:embedded": "true"})


def test_a_setting_that_makes_no_sense_is_one_line_of_the_synthesis(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "infra.app"],
        cwd=ROOT,
        env=os.environ | {"CDK_OUTDIR": str(tmp_path), "CDK_CONTEXT_JSON": '{"chorok:schedule": "hourly"}'},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "chorok" in line or "Traceback" in line] == [
        "chorok: schedule is 'hourly': it is neither cron(…) nor rate(…) with a number and minutes, hours or days."
        " Every hour is cron(0 * * * ? *)."
    ]


def test_the_bill_reckons_with_as_many_alarms_as_there_are(template: Template) -> None:
    assert len(of_type(template, "AWS::CloudWatch::Alarm")) == RECKONED_ALARMS


def test_one_page_shows_every_alarm_and_the_weeks_numbers_of_this_stack(template_beside: Template) -> None:
    [dashboard] = of_type(template_beside, "AWS::CloudWatch::Dashboard").values()
    alarms = of_type(template_beside, "AWS::CloudWatch::Alarm")

    body = "".join(
        part if isinstance(part, str) else part.get("Ref") or part["Fn::GetAtt"][0]
        for part in dashboard["DashboardBody"]["Fn::Join"][1]
    )
    widgets = json.loads(body)["widgets"]
    rows = [row for widget in widgets for row in widget["properties"].get("metrics", ())]
    own = [dict(zip(row[2::2], row[3::2], strict=False))["stack"] for row in rows if row[0] == "chorok"]

    assert dashboard["DashboardName"] == "ChorokDev"
    assert [set(widget["properties"]["alarms"]) for widget in widgets[:1]] == [set(alarms)]
    assert {row[1] for row in rows} >= {"DigestsComplete", "PapersFailed", "CharactersBilled", "Errors"}
    assert set(own) == {"ChorokDev"}


def test_the_questions_to_the_logs_are_saved_for_all_three_functions(template: Template) -> None:
    saved = {query["Name"]: query for query in of_type(template, "AWS::Logs::QueryDefinition").values()}

    assert saved.keys() == {"Chorok/a run", "Chorok/a paper", "Chorok/what went wrong"}
    assert all(len(query["LogGroupNames"]) == 3 for query in saved.values())
    assert 'filter run = "2025-W37" and paper = "2509.08721"' in saved["Chorok/a paper"]["QueryString"]


def test_a_budget_writes_to_each_address_when_it_is_spent_and_when_it_will_be(
    template: Template, template_beside: Template
) -> None:
    [budget] = of_type(template_beside, "AWS::Budgets::Budget").values()

    told = budget["NotificationsWithSubscribers"]

    assert not of_type(template, "AWS::Budgets::Budget"), "it is off by default"
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 25, "Unit": "USD"}
    assert [each["Notification"]["NotificationType"] for each in told] == ["ACTUAL", "FORECASTED"]
    assert all([to["Address"] for to in each["Subscribers"]] == ["a@b.org", "c@d.org"] for each in told)


def test_every_alarm_and_every_kind_of_incident_has_an_entry_in_the_runbook() -> None:
    headings = {line.removeprefix("## ") for line in (ROOT / "docs" / "runbook.md").read_text().splitlines()}

    assert ALARMS.keys() | {str(kind) for kind in Kind} <= headings


def test_the_runbook_names_only_what_the_stack_puts_out(template: Template) -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()

    named = set(re.findall(r"\b(?:output|logs) ([A-Z]\w+)", runbook))

    assert {"FetchLogs", "PapersDeadLetterQueue"} <= named
    assert named <= template["Outputs"].keys()


def test_the_documents_run_one_version_of_the_cdk_command() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]

    commands = {command for path in documents for command in re.findall(r"\bnpx (\S+)", path.read_text())}

    assert len(commands) == 1
    assert re.fullmatch(r"aws-cdk@\d+\.\d+\.\d+", commands.pop())


def test_cloudwatch_may_tell_the_topic(template: Template) -> None:
    (policy,) = of_type(template, "AWS::SNS::TopicPolicy").values()

    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    assert [s["Principal"] for s in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]


def test_deploying_without_anybody_to_tell_warns(synthesised: Path) -> None:
    metadata = (synthesised / "Chorok.metadata.json").read_text() + (synthesised / "manifest.json").read_text()

    assert "Nobody hears of failures" in metadata
