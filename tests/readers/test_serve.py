"""`chorok serve` in a real browser: its headers take nothing from the pages."""

import mimetypes
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser

from cli.serve import Server
from shared.ledger import keys
from shared.ledger.file import File
from tests.fakes.aws import Cloud


def test_pages_are_styled_linked_and_searched_as_they_are_published(browser: Browser, site: Path) -> None:
    store = Cloud().store
    for path in filter(Path.is_file, site.rglob("*")):
        store.write(
            f"{keys.DIGESTS}{path.relative_to(site).as_posix()}",
            File(path.read_bytes(), mimetypes.guess_type(path.name)[0] or ""),
        )
    page, complaints = browser.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with Server(store, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            page.goto(server.address)
            index = page.url
            page.locator("main a").first.click()
            digest = page.url
            measure = page.evaluate("getComputedStyle(document.body).fontFamily")
            page.goto(f"{server.address}digests/ko/search.html?q=attention")
            found = page.locator("#found a").first
            found.wait_for()
            found.click()
            paper = page.url
        finally:
            page.close()
            server.shutdown()
            thread.join()

    assert index == f"{server.address}digests/ko/index.html"
    assert digest.startswith(f"{server.address}digests/20")
    assert "system-ui" in measure
    assert "/index.html#" in paper
    assert complaints == []
