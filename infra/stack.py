"""The pipeline as a CDK stack, in the order the data takes.

    schedule ──► fetch ──► bucket: manifest
                   │
                   ▼
             papers queue ──► translate ──► bucket: result
                   │                              │ object created
                   ▼                              ▼
               papers DLQ                   digests queue ──► aggregate ──► bucket: digest ──► topic
                                                  │
                                                  ▼
                                             digests DLQ

Fetch also sends to the digests queue, at later ticks and at requests, where no new result would wake aggregate; and to
the topic, what is wrong. Each queue, the schedule and the asynchronously invoked fetch function have a queue of their
own for what fails. Readers open the digests through a distribution, where one is asked for.
"""

from collections.abc import Mapping
from dataclasses import replace

import jsii
from aws_cdk import Annotations, CfnOutput, Duration, IStackSynthesizer, Names, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledgements import (
    acknowledge_adoption,
    acknowledge_bucket,
    acknowledge_failures,
    acknowledge_function,
)
from infra.alarms import Watched, add_alarms
from infra.budget import add_budget
from infra.bundling import VERSION
from infra.dashboard import Shown, add_dashboard, add_queries
from infra.distribution import add_distribution
from infra.permissions import allow_engines
from shared.ledger import keys
from shared.schedule_expression import longest_gap
from shared.services.events import KINDS, SCHEDULED_TIME
from shared.settings import Resources, Settings

_DESCRIPTION = "chorok: the week's most-voted machine-learning papers, translated."
_TRANSLATE_TIMEOUT = Duration.seconds(90)
_AGGREGATE_TIMEOUT = Duration.seconds(60)
_FETCH_TIMEOUT = Duration.seconds(120)
_VISIBILITY_FACTOR = 6
_BATCHING_SECONDS = 1
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: a message stays invisible for six times the
function's timeout, and for as long as it may wait for others to come along."""
_NOBODY_IS_TOLD = (
    "Nobody hears of failures: no address is subscribed. Deploy with -c chorok:notify_email=you@example.org."
)
_QUEUE_DAYS = 7
_DEAD_LETTER_DAYS = 14
"""Longer than the queue's own: a message's age counts from its first sending, also in the dead-letter queue."""
_FAILED_TICK_DAYS = 1
"""The next tick makes up for one that failed, so what is left of it goes by itself."""


class ChorokStack(Stack):
    """One deployment. `code` is each function's asset, for the runtime and architecture that stand here."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        code: Mapping[str, lambda_.Code],
        synthesizer: IStackSynthesizer | None = None,
    ) -> None:
        super().__init__(
            scope,
            name,
            synthesizer=synthesizer,
            description=_DESCRIPTION,
            termination_protection=True,
            tags={"application": "chorok"},
        )
        self._settings = settings
        self._code = code

        papers_queue, papers_dead = self._queue("Papers", settings.receives, _TRANSLATE_TIMEOUT)
        digests_queue, digests_dead = self._queue("Digests", settings.receives, _AGGREGATE_TIMEOUT)
        bucket = self._bucket(wakes=digests_queue)
        if settings.distribution:
            self._settings = replace(settings, site=self._published(bucket))
        topic = self._topic()

        fetch = self._function(
            "Fetch",
            timeout=_FETCH_TIMEOUT,
            resources=Resources(
                bucket.bucket_name,
                papers_queue.queue_url,
                papers_dead.queue_url,
                digests_queue.queue_url,
                topic.topic_arn,
            ),
            bucket=bucket,
            reads=(keys.RUNS, keys.RESULTS),
            writes=(keys.RUNS, keys.RESULTS),
            may=_allow("sqs:SendMessage", papers_queue.queue_arn, digests_queue.queue_arn),
        )
        # Ticks count what died there, look at it, and take nothing away; and they tell of incidents.
        fetch.add_to_role_policy(_allow("sqs:GetQueueAttributes", papers_dead.queue_arn))
        fetch.add_to_role_policy(_allow("sqs:ReceiveMessage", papers_dead.queue_arn))
        fetch.add_to_role_policy(_allow("sns:Publish", topic.topic_arn))
        translate = self._function(
            "Translate",
            timeout=_TRANSLATE_TIMEOUT,
            resources=Resources(bucket.bucket_name, papers_queue=papers_queue.queue_url),
            bucket=bucket,
            reads=(keys.RESULTS, keys.MEMORY, keys.ANSWERS),
            writes=(keys.RESULTS, keys.MEMORY, keys.ANSWERS),
        )
        aggregate = self._function(
            "Aggregate",
            timeout=_AGGREGATE_TIMEOUT,
            resources=Resources(bucket.bucket_name, digests_queue=digests_queue.queue_url, topic=topic.topic_arn),
            bucket=bucket,
            reads=(keys.RUNS, keys.RESULTS, keys.DIGESTS),
            writes=(f"{keys.RUNS}*/announced-", f"{keys.RUNS}*/accepted", keys.DIGESTS),
            may=_allow("sns:Publish", topic.topic_arn),
        )
        # Of a run that a person has forgotten.
        aggregate.add_to_role_policy(_allow("s3:DeleteObject", bucket.arn_for_objects(f"{keys.DIGESTS}*")))
        if settings.adopt_bucket:
            self._let_adopt(fetch, bucket, settings.adopt_bucket)
        if settings.token_parameter:
            fetch.add_to_role_policy(self._may_read(settings.token_parameter))
        if settings.webhook_parameter:
            aggregate.add_to_role_policy(self._may_read(settings.webhook_parameter))

        allow_engines(translate, settings)
        # One paper an invocation: a slow or poisonous one has no neighbours to take along.
        self._consume(translate, papers_queue, batch_size=1, concurrency=settings.translate_concurrency)
        # One look answers all signals of a batch, and a second is enough for some papers to come together.
        self._consume(
            aggregate, digests_queue, batch_size=10, concurrency=2, window=Duration.seconds(_BATCHING_SECONDS)
        )
        schedule, schedule_failures, fetch_failures = self._schedule(fetch)
        add_alarms(
            self,
            Watched(
                topic=topic,
                functions={"Fetch": fetch, "Translate": translate, "Aggregate": aggregate},
                dead_signals=digests_dead,
                name=settings.name,
                gap=longest_gap(settings.schedule),
            ),
        )

        shown = Shown(
            settings.name,
            {"Fetch": fetch, "Translate": translate, "Aggregate": aggregate},
            {
                "papers": papers_queue,
                "papers, dead": papers_dead,
                "digests": digests_queue,
                "digests, dead": digests_dead,
            },
        )
        add_dashboard(self, shown)
        if not settings.embedded:
            # The emulator has neither saved queries nor bills.
            add_queries(self, shown)
            if settings.budget_dollars:
                add_budget(self, settings.name, settings.budget_dollars, settings.notify_email)

        for label, value in (
            ("Bucket", bucket.bucket_name),
            ("PapersQueue", papers_queue.queue_url),
            ("PapersDeadLetterQueue", papers_dead.queue_url),
            ("DigestsQueue", digests_queue.queue_url),
            ("DigestsDeadLetterQueue", digests_dead.queue_url),
            ("ScheduleFailuresQueue", schedule_failures.queue_url),
            ("FetchFailuresQueue", fetch_failures.queue_url),
            ("Topic", topic.topic_arn),
            ("Schedule", schedule.ref),
            ("FetchLogs", fetch.log_group.log_group_name),
            ("TranslateLogs", translate.log_group.log_group_name),
            ("AggregateLogs", aggregate.log_group.log_group_name),
            ("Requests", ",".join(KINDS)),
        ):
            CfnOutput(self, f"{label}Output", value=value).override_logical_id(label)

    def _bucket(self, *, wakes: sqs.Queue) -> s3.Bucket:
        """The ledger's bucket; S3 sends a message to the queue `wakes` for each result."""
        bucket = s3.Bucket(
            self,
            "Ledger",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # A stack that is destroyed leaves it behind; one that could not be created does not.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=Duration.days(90),
                ),
                s3.LifecycleRule(
                    prefix=keys.ANSWERS,
                    expiration=Duration.days(_QUEUE_DAYS + 1),
                    noncurrent_version_expiration=Duration.days(1),
                ),
            ],
        )
        # The policy names the account and not the bucket, which would make a circle: bucket → queue policy → bucket.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
        granted = wakes.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[wakes.queue_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        resource = bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - narrows the type of an escape hatch
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=wakes.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(
                            rules=[s3.CfnBucket.FilterRuleProperty(name="prefix", value=keys.RESULTS)]
                        )
                    ),
                )
            ]
        )
        if granted.policy_dependable is not None:
            resource.node.add_dependency(granted.policy_dependable)
        acknowledge_bucket(bucket)
        return bucket

    def _published(self, bucket: s3.Bucket) -> str:
        """The address at which readers find the digests of the bucket, through a distribution."""
        address = f"https://{add_distribution(self, bucket).distribution_domain_name}/"
        CfnOutput(self, "SiteOutput", value=address).override_logical_id("Site")
        return self._settings.site or address

    def _topic(self) -> sns.Topic:
        """Where notices of digests, incidents and alarms are sent."""
        topic = sns.Topic(self, "Published", enforce_ssl=True)
        # A topic with a policy of its own no longer lets CloudWatch in by itself.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        for address in self._settings.notify_email:
            topic.add_subscription(subscriptions.EmailSubscription(address))
        if not self._settings.notify_email:
            Annotations.of(self).add_warning_v2("chorok:notify_email", _NOBODY_IS_TOLD)
        return topic

    def _let_adopt(self, fetch: lambda_.Function, bucket: s3.Bucket, adopted: str) -> None:
        """Let `fetch` read all of the bucket called `adopted`, and write what it finds there into `bucket`."""
        old = s3.Bucket.from_bucket_name(self, "Adopted", adopted)
        fetch.add_to_role_policy(_allow("s3:ListBucket", old.bucket_arn))
        fetch.add_to_role_policy(_allow("s3:GetObject", old.arn_for_objects("*")))
        new = (keys.DIGESTS, keys.MEMORY)
        fetch.add_to_role_policy(_allow("s3:PutObject", *(bucket.arn_for_objects(f"{prefix}*") for prefix in new)))
        acknowledge_adoption(fetch, bucket, adopted, prefixes=new)

    def _may_read(self, parameter: str) -> iam.PolicyStatement:
        """What it takes to read a SecureString encrypted with the account's own `aws/ssm` key: nothing of KMS.

        https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
        """
        arn = self.format_arn(service="ssm", resource="parameter", resource_name=parameter.removeprefix("/"))
        return _allow("ssm:GetParameter", arn)

    def _queue(self, name: str, receives: int, timeout: Duration) -> tuple[sqs.Queue, sqs.Queue]:
        """A queue for a function with this timeout, and its dead-letter queue."""
        dead = self._failures(f"{name}DeadLetter", _DEAD_LETTER_DAYS)
        queue = sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(_QUEUE_DAYS),
            visibility_timeout=Duration.seconds(_VISIBILITY_FACTOR * timeout.to_seconds() + _BATCHING_SECONDS),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=receives, queue=dead),
        )
        return queue, dead

    def _failures(self, name: str, days: int) -> sqs.Queue:
        """A queue that nothing consumes: for what could not be done, kept for so many `days`."""
        queue = sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(days),
        )
        acknowledge_failures(queue)
        return queue

    def _function(
        self,
        name: str,
        *,
        timeout: Duration,
        resources: Resources,
        bucket: s3.Bucket,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        may: iam.PolicyStatement | None = None,
    ) -> lambda_.Function:
        """One function with a role, a log group and an environment of its own.

        `reads` and `writes` are the prefixes of the bucket it may use; `may` is what else it is allowed.
        """
        log_group = logs.LogGroup(
            self, f"{name}Logs", retention=logs.RetentionDays.SIX_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, f"{name}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        role.add_to_policy(_allow("s3:GetObject", *(bucket.arn_for_objects(f"{prefix}*") for prefix in reads)))
        role.add_to_policy(_allow("s3:PutObject", *(bucket.arn_for_objects(f"{prefix}*") for prefix in writes)))
        # Without it S3 answers 403 instead of 404 for an absent key; a condition on the prefix would bring that back.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        role.add_to_policy(_allow("s3:ListBucket", bucket.bucket_arn))
        if may is not None:
            role.add_to_policy(may)
        function = lambda_.Function(
            self,
            name,
            code=self._code[name.lower()],
            handler=f"functions.{name.lower()}.handler.handler",
            runtime=lambda_.Runtime(f"python{VERSION}", lambda_.RuntimeFamily.PYTHON, supports_inline_code=True),
            architecture=lambda_.Architecture.ARM_64,
            timeout=timeout,
            memory_size=512,
            role=role,
            log_group=log_group,
            environment=self._settings.to_environment(name.lower()) | resources.to_environment(),
        )
        acknowledge_function(role, bucket, prefixes=(*reads, *writes))
        return function

    def _consume(
        self,
        function: lambda_.Function,
        queue: sqs.Queue,
        *,
        batch_size: int,
        concurrency: int,
        window: Duration | None = None,
    ) -> None:
        """Have `function` take the messages of `queue`, and give each back that it could not do."""
        # Named as CDK's own event source would be, whose grants go further: nobody asks for the queue's address.
        function.add_event_source_mapping(
            f"SqsEventSource:{Names.node_unique_id(queue.node)}",
            event_source_arn=queue.queue_arn,
            batch_size=batch_size,
            max_batching_window=window,
            max_concurrency=concurrency,
            report_batch_item_failures=True,
        )
        # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"):
            function.add_to_role_policy(_allow(f"sqs:{action}", queue.queue_arn))

    def _schedule(self, fetch: lambda_.Function) -> tuple[scheduler.CfnSchedule, sqs.Queue, sqs.Queue]:
        """The tick, and the queues of what it could not deliver and of what the function could not do.

        Scheduler invokes asynchronously, so it never hears of the function's errors.
        """
        failed = self._failures("FetchFailures", _FAILED_TICK_DAYS)
        fetch.configure_async_invoke(
            retry_attempts=2,
            max_event_age=Duration.minutes(50),
            on_failure=_Destination(failed),
        )
        undelivered = self._failures("ScheduleFailures", _FAILED_TICK_DAYS)
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        scheduler_of_this_account = iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
        )
        role = iam.Role(self, "ScheduleRole", assumed_by=scheduler_of_this_account)
        role.add_to_policy(_allow("lambda:InvokeFunction", fetch.function_arn))
        role.add_to_policy(_allow("sqs:SendMessage", undelivered.queue_arn))
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            schedule_expression=self._settings.schedule,
            schedule_expression_timezone=self._settings.time_zone,
            # Nothing ticks there by itself: the command invokes the schedule's target (`cli.connecting.deployment`).
            state="DISABLED" if self._settings.embedded else "ENABLED",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=fetch.function_arn,
                role_arn=role.role_arn,
                input=f'{{"scheduled_time": "{SCHEDULED_TIME}"}}',
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=undelivered.queue_arn),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=3000, maximum_retry_attempts=10
                ),
            ),
        )
        return schedule, undelivered, failed


@jsii.implements(lambda_.IDestination)
class _Destination:
    """A queue for what a function could not do. CDK's own would let the function look the queue up as well."""

    def __init__(self, queue: sqs.Queue) -> None:
        self._queue = queue

    def bind(
        self,
        scope: Construct,  # noqa: ARG002 - the interface's
        fn: lambda_.IFunction,
        *,
        type: lambda_.DestinationType,  # noqa: A002, ARG002 - the interface's
    ) -> lambda_.DestinationConfig:
        """Let `fn` send to the queue, and name it."""
        fn.add_to_role_policy(_allow("sqs:SendMessage", self._queue.queue_arn))
        return lambda_.DestinationConfig(destination=self._queue.queue_arn)


def _allow(action: str, *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[action], resources=list(resources))
