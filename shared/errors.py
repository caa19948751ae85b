"""Every error that chorok raises on purpose, as one tree.

    ChorokError
    ├── UsageError               the request itself cannot be met: change the request
    │   ├── PeriodNotOver        the week, month or day still runs
    │   ├── RunConflict          another run already holds this name with other papers
    │   └── UnknownRun           no run has this name, here or ever
    ├── SettingsError            a setting has a value that makes no sense
    ├── SourceError              Hugging Face did not give the papers
    │   ├── SourceUnreachable    no answer: DNS, connection, timeout, 5xx
    │   ├── SourceRefused        401, 403, 404 and other 4xx
    │   ├── SourceThrottled      429; `retry_after` in seconds where the answer said it
    │   ├── SourceMoved          it answered with another period or another host
    │   ├── PageUnreadable       it answered, but no papers can be read from the answer
    │   ├── SourcesDisagree      page and API name different papers
    │   └── TooFewPapers         fewer papers than asked for, and nothing confirms it
    ├── LedgerError              an object in the ledger cannot be read as what its key says it is
    │   └── InvalidKey           a key, or a part of one, that nothing in the ledger can have
    ├── LedgerContention         an object changed again and again while it was being written
    ├── MissingManifest          nothing says which papers the run expects
    ├── MissingDigest            there is no such digest, or not in this format
    ├── AwsError                 AWS refused a call or gave no answer; `code` is AWS's or botocore's own
    │   ├── LedgerUnavailable    S3 did
    │   └── QueueUnavailable     SQS did
    ├── DispatchError            SQS did not accept every message
    ├── MessageError             a queue message that no version of chorok wrote
    ├── TranslationError         one text could not be translated; `failure` says why
    ├── ModelError               the local model is missing, damaged or unknown
    │   └── ModelUnreachable     the place it is fetched from does not answer
    └── CloudError               the embedded or deployed cloud cannot be used
        ├── PortTaken            something else listens on the port
        └── StateInUse           another process has the embedded cloud's state folder

`str(error)` is one line for a person: what was wrong and what to do.
"""

from shared.failures import Failure


class ChorokError(Exception):
    """The root: whatever chorok raises on purpose."""


class UsageError(ChorokError):
    """The request itself cannot be met; repeating it unchanged cannot help."""


class PeriodNotOver(UsageError):
    """The asked-for week, month or day is not over in the schedule's time zone."""


class RunConflict(UsageError):
    """A run of this name exists and holds other papers than those asked for."""


class UnknownRun(UsageError):
    """There is no run of this name, or there can be none: it was mistyped."""


class SettingsError(ChorokError):
    """A setting's value makes no sense; the message names the setting."""


class SourceError(ChorokError):
    """Hugging Face did not give the papers of the period."""


class SourceUnreachable(SourceError):
    """No usable answer: name resolution, connection, total deadline, or a 5xx status."""


class SourceRefused(SourceError):
    """A 4xx status other than 429."""


class SourceThrottled(SourceError):
    """Status 429. `retry_after` is in seconds, or None where the answer did not say."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceMoved(SourceError):
    """The answer is for another period or comes from another host than asked."""


class PageUnreadable(SourceError):
    """There was an answer, but the papers cannot be read from it."""


class SourcesDisagree(SourceError):
    """The page's data and its cards name different papers, and the API settles it for neither."""


class TooFewPapers(SourceError):
    """Fewer papers than asked for, and neither the API nor time confirms that there are no more."""


class LedgerError(ChorokError):
    """An object in the ledger cannot be read as what its key says it is."""


class InvalidKey(LedgerError):
    """A key that no object of the ledger can have, or a name that can be no part of one."""


class LedgerContention(ChorokError):
    """An object changed again and again while it was being written; the same may succeed a moment later."""


class MissingManifest(ChorokError):
    """The run has no manifest, so nothing says which papers it expects."""


class MissingDigest(ChorokError):
    """There is no digest of this edition, or it has no file of this format."""


class AwsError(ChorokError):
    """AWS refused a call, or gave no answer. `code` is the service's own, or the name of botocore's error."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class LedgerUnavailable(AwsError):
    """S3 refused a call or gave no answer: nothing is known of what is in the ledger."""


class QueueUnavailable(AwsError):
    """SQS refused a call or gave no answer: a message may have been sent or not."""


class DispatchError(ChorokError):
    """SQS did not accept every message of a dispatch; what it accepted stays sent."""


class MessageError(ChorokError):
    """A message that is none of chorok's: it goes to the dead-letter queue untouched."""


class TranslationError(ChorokError):
    """One text could not be translated. `failure` holds class, code and cause."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.cause} ({failure.code})")
        self.failure = failure


class ModelError(ChorokError):
    """The local model is missing, damaged, or no table row names it."""


class ModelUnreachable(ModelError):
    """The place the model is fetched from gives no usable answer: connection, timeout, 429 or 5xx."""


class CloudError(ChorokError):
    """The embedded or deployed cloud cannot be used; the message says what to do."""


class PortTaken(CloudError):
    """Something else listens on the port that was asked for."""


class StateInUse(CloudError):
    """Another process has the state folder of an embedded cloud; it will let go of it some time."""
