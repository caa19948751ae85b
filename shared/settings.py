"""Everything that differs between deployments, in one place, each with its default.

The stack takes these from the CDK context (`-c chorok:top=20`), hands each function those that it reads as environment
variables (`CHOROK_TOP`), and the function reads them back from there: one definition, three uses.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from shared.errors import ChorokError, SettingsError
from shared.huggingface.address import validate_source
from shared.languages.table import find_language
from shared.papers import HUGGING_FACE
from shared.schedule_expression import longest_gap

PREFIX = "CHOROK_"
READ_BY = {
    "fetch": frozenset(
        {
            "time_zone",
            "languages",
            "top",
            "source",
            "token_parameter",
            "settle_hours",
            "confirm_hours",
            "lost_after_hours",
            "overdue_hours",
            "budget_characters",
            "engines",
            "second_engine",
            "second_engine_on_doubts",
            "adopt_bucket",
            "name",
            "embedded",
        }
    ),
    "translate": frozenset(
        {
            "name",
            "receives",
            "retry_base_seconds",
            "retry_cap_seconds",
            "engines",
            "second_engine",
            "second_engine_on_doubts",
        }
    ),
    "aggregate": frozenset({"name", "retry_base_seconds", "retry_cap_seconds", "webhook_parameter", "site"}),
}
"""Which settings each function reads, and so gets; the others shape the stack alone."""
AMAZON = "amazon-translate"
"""The engine that answers TranslateText where no setting says otherwise."""


@dataclass(frozen=True)
class Settings:
    """A deployment's settings. Times are whole seconds, minutes or hours, as each name says."""

    name: str = "Chorok"
    """The name of the stack, by which commands and metrics know it: two in one account have two."""
    schedule: str = "cron(0 * * * ? *)"
    """When a tick comes, as an EventBridge Scheduler expression in `time_zone`."""
    time_zone: str = "Asia/Seoul"
    """The IANA name of the zone in which weeks begin and end."""
    languages: tuple[str, ...] = ("ko",)
    """The languages of the week's digests."""
    top: int = 10
    """How many papers a digest holds."""
    source: str = HUGGING_FACE
    """The address that papers are read from."""
    token_parameter: str = ""
    """The name of the SSM parameter that holds a token of Hugging Face, or "": it counts requests without one by
    address, and functions share theirs with strangers."""
    settle_hours: int = 10
    """How long after a week's end its votes are taken as final."""
    confirm_hours: int = 9
    """After how many hours of ticks fewer papers than asked for are believed without the API."""
    lost_after_hours: int = 4
    """How long after `dispatched.json` a paper without any result counts as lost."""
    overdue_hours: int = 9
    """How long after it was first wanted a digest should be complete, or else it is late."""
    receives: int = 10
    """How often a message is received before it goes to the dead-letter queue."""
    retry_base_seconds: int = 30
    """How long a paper waits after its first failure; the wait doubles with each, with jitter."""
    retry_cap_seconds: int = 3600
    """The longest such wait."""
    translate_concurrency: int = 5
    """How many translate functions run at once (Lambda's maximum concurrency of an SQS source is 2 at least)."""
    budget_characters: int = 500_000
    """The most characters of papers that one dispatch may send; 0 is no limit.

    Ten long abstracts are 25,000. A paper may cost three times its own length, for whatever its repair needs.
    """
    notify_email: tuple[str, ...] = ()
    """Who is sent notices of digests, and mails about what is wrong."""
    budget_dollars: int = 0
    """What the account may cost in a month before AWS writes to `notify_email`; 0 for no budget. It stops nothing."""
    webhook_parameter: str = ""
    """The name of the SSM parameter that holds the addresses of webhooks, one a line, or "": an address is a secret."""
    distribution: bool = False
    """Whether a CloudFront distribution shows the digests to everybody."""
    site: str = ""
    """The https address below which `digests/` is published, with a slash at its end; "" is the distribution's, or
    nowhere where there is none."""
    engines: tuple[str, ...] = ()
    """What translates instead of Amazon Translate, as `language=engine` for each such language.

    `ko=bedrock:us.amazon.nova-pro-v1:0` is a model or an inference profile of Amazon Bedrock, by its id or its ARN;
    `shared/engines/naming.py` says what else a name can stand for.
    """
    second_engine: str = ""
    """What is asked for the sentences that the first engine could not do, named as in `engines`; "" for nothing."""
    second_engine_on_doubts: bool = False
    """Whether it is also asked for sentences that are only doubtful."""
    adopt_bucket: str = ""
    """The bucket of another stack, in this account, whose ledger and digests a new one takes over; "" for none."""
    embedded: bool = False
    """Whether this is the embedded cloud, where the source may be an address on loopback."""

    def __post_init__(self) -> None:
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must be from {least} to {most}.")
        for name in ("languages", "notify_email"):
            given = getattr(self, name)
            if len(set(given)) < len(given):
                raise SettingsError(f"{name} names something twice: {', '.join(given)}.")
        for address in self.notify_email:
            if not _MAIL_ADDRESS.fullmatch(address):
                raise SettingsError(f"notify_email holds {address!r}, which is no mail address.")
        if self.budget_dollars and not 1 <= len(self.notify_email) <= _MOST_HEARERS:
            raise SettingsError(
                f"budget_dollars is {self.budget_dollars}, of which somebody must hear: name one to {_MOST_HEARERS}"
                " addresses in notify_email."
            )
        if not _STACK_NAME.fullmatch(self.name):
            raise SettingsError(f"name is {self.name!r}; a stack's has letters, digits and hyphens, a letter first.")
        if self.adopt_bucket and not _BUCKET_NAME.fullmatch(self.adopt_bucket):
            raise SettingsError(f"adopt_bucket is {self.adopt_bucket!r}, which is no bucket's name.")
        if self.site and not (self.site.startswith("https://") and self.site.endswith("/")):
            raise SettingsError(f"site is {self.site!r}; it must be an https address with a slash at its end.")
        if self.distribution and self.embedded:
            raise SettingsError(
                "distribution is set: the embedded cloud has no CloudFront; `chorok serve` shows its digests."
            )
        for name, secret in (("webhook_parameter", "webhook's address"), ("token_parameter", "token")):
            named = getattr(self, name)
            if named and (named.startswith("hf_") or not _PARAMETER.fullmatch(named)):
                # The value is not repeated: it may be the secret by mistake.
                raise SettingsError(
                    f"{name} is not the name of an SSM parameter, such as /chorok/{name.partition('_')[0]}. The"
                    f" {secret} belongs into that parameter, as a SecureString, and nowhere else."
                )
        if longest_gap(self.schedule) > _LONGEST_GAP:
            raise SettingsError(
                f"schedule is {self.schedule!r}: its ticks are up to {_days(longest_gap(self.schedule))} days apart."
                f" At most {_days(_LONGEST_GAP)} may lie between them: alarms look back seven days, and ticks mend."
            )
        if not self.languages:
            raise SettingsError("languages is empty; name at least one, such as ko.")
        for entry in self.engines:
            if not all(entry.partition("=")):
                raise SettingsError(f"engines holds {entry!r}; each entry is a language, = and an engine's name.")
        translated = [entry.partition("=")[0] for entry in self.engines]
        if len(set(translated)) < len(translated):
            raise SettingsError(f"engines names two for one language: {', '.join(self.engines)}.")
        judged: dict[str, Callable[[], object]] = {
            "languages": lambda: [find_language(code) for code in self.languages],
            "engines": lambda: [find_language(code) for code in translated],
            # Whether it may be on loopback is judged where `embedded` is known: by the stack, and by fetch.
            "source": lambda: validate_source(self.source, embedded=True),
            "time_zone": lambda: ZoneInfo(self.time_zone),
        }
        for name, judge in judged.items():
            try:
                judge()
            except (ChorokError, KeyError, ValueError, OSError) as error:
                raise SettingsError(f"{name} has no meaning: {error}") from error

    @property
    def zone(self) -> ZoneInfo:
        """The schedule's time zone."""
        return ZoneInfo(self.time_zone)

    def engine(self, language: str) -> str:
        """The name of the engine that translates into `language`: `shared.engines.naming` says what it stands for."""
        return dict(entry.split("=", 1) for entry in self.engines).get(language, AMAZON)

    def to_environment(self, function: str) -> dict[str, str]:
        """What `function` reads of the settings, as environment variables; what has its default is left out."""
        return {
            PREFIX + field.name.upper(): to_text(getattr(self, field.name))
            for field in fields(self)
            if field.name in READ_BY[function] and getattr(self, field.name) != field.default
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings that `CHOROK_*` variables give. Raises SettingsError naming the one that makes no sense."""
        known = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        return cls.from_texts({known[name]: text for name, text in environment.items() if name in known})

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "Settings":
        """The settings given as text by field name, lists separated by commas. Raises SettingsError."""
        defaults = {field.name: field.default for field in fields(cls)}
        unknown = sorted(texts.keys() - defaults.keys())
        if unknown:
            raise SettingsError(f"There is no setting {unknown[0]!r}. There are: {', '.join(defaults)}.")
        values = {
            name: [part.strip() for part in text.split(",") if part.strip()]
            if isinstance(defaults[name], tuple)
            else text
            for name, text in texts.items()
        }
        try:
            return msgspec.convert(values, cls, strict=False)
        except msgspec.ValidationError as error:
            if isinstance(error.__cause__, SettingsError):
                raise error.__cause__ from None
            raise SettingsError(f"A setting has no meaning: {error}.") from error


@dataclass(frozen=True)
class Resources:
    """What the stack made for a function, by the names AWS gave: bucket, queue addresses, topic ARN."""

    bucket: str
    papers_queue: str = ""
    papers_dead_queue: str = ""
    digests_queue: str = ""
    topic: str = ""

    def to_environment(self) -> dict[str, str]:
        """The resources as environment variables; what a function has no use for is left out."""
        values = {PREFIX + field.name.upper(): getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Resources":
        """The resources that `CHOROK_*` variables give. Raises SettingsError where there is no bucket."""
        if PREFIX + "BUCKET" not in environment:
            raise SettingsError(f"{PREFIX}BUCKET is not set: the function was not deployed by the stack.")
        return cls(**{field.name: environment.get(PREFIX + field.name.upper(), "") for field in fields(cls)})


_BOUNDS = {
    "top": (1, 1000),
    "settle_hours": (0, 168),
    "confirm_hours": (0, 168),
    "lost_after_hours": (1, 672),
    "overdue_hours": (1, 168),
    "receives": (1, 1000),
    "retry_base_seconds": (0, 43_100),
    "retry_cap_seconds": (0, 43_100),
    "translate_concurrency": (2, 1000),
    "budget_characters": (0, 10**12),
    "budget_dollars": (0, 10**6),
}
"""The least and the most of each number.

Hours count within a week, and what is lost within the four that ticks look after. Receives: the least and most of
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html. Seconds: a message
comes back within twelve hours of its receipt
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html), less what the
function has used of them. Concurrency: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
"""
_LONGEST_GAP = timedelta(hours=84)
"""Half of the seven days that an alarm looks back: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html."""
_MOST_HEARERS = 10
"""https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html: one
less, which would be a topic."""
_MAIL_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]+|(?:/[A-Za-z0-9_.-]+)+")
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html, without a version."""


def _days(time: timedelta) -> str:
    return f"{time / timedelta(days=1):g}"


def to_text(value: object) -> str:
    """A setting's value as it is given: lists with commas between, true and false in small letters."""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
