"""The AWS emulator (https://github.com/ministackorg/ministack, pinned) as a leashed process on loopback.

It runs Python functions as processes of this very interpreter, in its own process group. What its functions see as
environment is its own, overridden by what the template gives them; so it starts from a short list of variables and not
from the user's. It answers on one port of 127.0.0.1, and opens no other.

What chorok relies on is tested in tests/integration/embedded. What is otherwise than on AWS, seen in 1.5.33:

- A function's error loses its type: `errorType` is always `Runtime.HandlerError`, and only the message is left. The
  process that raised it is killed, so the next invocation is a cold start.
- An event source mapping looks for messages whenever one is sent or made visible at once, and every second besides: a
  visibility timeout of a second ends up to a second late.
- `If-Match` on an object that is not there answers 404, a failed condition 412; 409 does not occur.
- A clean stop ends functions in mid-flight. Their messages stay invisible for the queue's visibility timeout, also
  after the next start.
- Schedules are kept without their time zone, and fire by themselves (see `deploy`).
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.embedded.deploy import ACCOUNT, REGION, Assembly
from infra.embedded.functions import take_from
from infra.embedded.process import LeashedProcess
from infra.embedded.state import Deployed, StateFolder
from infra.loopback import HOST
from infra.loopback.key import AccessKey, new_key

COMMAND = (sys.executable, "-P", "-m", "infra.embedded.gateway")
"""-P keeps the working directory, which functions can write to, out of the emulator's imports."""
_START_SECONDS = 60.0
_INHERITED = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)
"""What the emulator and its functions get of the user's environment: what it takes to reach Hugging Face. No AWS_*, no
PYTHON*, none of the emulator's own switches, and none of the user's secrets."""
_QUEUE_PORT = 4566
"""The port in the emulator's queue URLs, and so in the stack's outputs and the functions' environment, wherever it
really listens."""


class Emulator:
    """The emulator on a state folder: started and stopped as often as it takes, each time on another port."""

    def __init__(self, folder: StateFolder, environment: Mapping[str, str], key: AccessKey, assembly: Assembly) -> None:
        """`environment` is added to what the functions see; their code is `assembly`'s. `key` opens it."""
        self._folder = folder
        self._assembly = assembly
        self._environment = environment
        self._key = key
        self._process: LeashedProcess | None = None

    def start(self, *, anew: bool = False) -> str:
        """Start on the current generation of the state, or with nothing but objects; the endpoint's URL.

        Raises CloudError.
        """
        self._folder.prepare()
        services = self._folder.services(anew=anew)
        take_from(self._assembly, services)
        process = LeashedProcess(
            "The embedded cloud",
            COMMAND,
            environment=self._emulator_environment(services),
            folder=self._folder.temporary,
            log=self._folder.log("emulator"),
            lock=self._folder.lock,
            reports=True,
        )
        try:
            port = process.report(_START_SECONDS).port
        except BaseException:
            process.kill()
            raise
        self._process = process
        return f"http://{HOST}:{port}"

    def stop(self, deployed: Deployed) -> None:
        """Stop cleanly and keep the state, which has `deployed`. Raises CloudError where it had ended by itself."""
        if self.save():
            self._folder.keep(deployed)

    def save(self) -> bool:
        """Stop, and say whether that was clean: then the state may be kept. Raises CloudError as `stop` does."""
        process = self._running()
        status = process.stop()
        self._folder.clear()
        if status not in (0, None, -signal.SIGTERM):
            raise process.failure("ended by itself")
        return status == 0

    def kill(self) -> None:
        """Stop at once; but for the objects, the state stays that of the start.

        Raises CloudError where it had ended by itself: that is why nothing else went on.
        """
        process = self._running()
        if process.ended:
            process.stop()
        process.kill()

    def _running(self) -> LeashedProcess:
        if self._process is None:
            raise RuntimeError("not started")
        process, self._process = self._process, None
        return process

    def _emulator_environment(self, services: Path) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        temporary = str(self._folder.temporary)
        no_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), HOST, "localhost"]))
        return {
            **inherited,
            **self._environment,
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
            # In the user's own, AWS's configuration would be found, and Python's packages.
            "HOME": str(self._folder.home),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": self._key.id,
            "AWS_SECRET_ACCESS_KEY": self._key.secret,
            "TMPDIR": temporary,
            # As on Lambda.
            "TZ": "UTC",
            "PYTHONUTF8": "1",
            "BIND_HOST": HOST,
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._folder.objects),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(services),
            "IOT_MTLS_ENABLED": "0",
            "IOT_MTLS_PORT": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            # It removes every container that carries its label, another emulator's too: let it find no Docker.
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        }


def reachable(outputs: Mapping[str, str], endpoint: str) -> dict[str, str]:
    """A stack's outputs with the queue URLs at the address where the emulator answers now."""
    return {name: value.replace(f"http://localhost:{_QUEUE_PORT}", endpoint) for name, value in outputs.items()}


def fresh_key() -> AccessKey:
    """The key of one start. Whatever else it is given, the emulator tells functions that its id is the account."""
    return new_key(ACCOUNT)
