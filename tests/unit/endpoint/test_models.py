"""The table of models, and fetching them: whole and verified, or a clear error."""

import gzip
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infra.engine.models import (
    TABLE,
    Checksum,
    File,
    Model,
    check,
    model_of,
    provide,
    read,
    table,
)
from infra.places import cache_folder
from shared.errors import ModelError, ModelUnreachable, UsageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODIES = {name: name.encode() * 20_000 for name in ("model.bin", "lex.bin", "source.spm", "target.spm")}
PACKED = {f"{name}.gz": gzip.compress(body, mtime=0) + b"\0" * 200_000 for name, body in BODIES.items()}
"""Padded, as gzip allows, so that a file takes more than one block."""
GZIPPED = gzip.compress(BODIES["lex.bin"])
DEAD_ADDRESS = "http://127.0.0.1:9"


def file(name: str) -> File:
    return File(name, checksum(PACKED[f"{name}.gz"]), checksum(BODIES[name]))


def checksum(body: bytes) -> Checksum:
    return Checksum(len(body), hashlib.sha256(body).hexdigest())


def model(*addresses: str) -> Model:
    vocabularies = (file("source.spm"), file("target.spm"))
    return Model("MPL-2.0", addresses, file("model.bin"), vocabularies, file("lex.bin"), "en-xx")


class Site:
    """What a server publishes, how it misbehaves, and what it was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[tuple[str, str]] = []
        self.cut_after: int | None = None
        """Answer the next request with so many bytes and break the connection."""
        self.status: int | None = None
        self.ranges = True
        self.address = ""


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Site]:
    site = Site(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            asked = self.headers.get("Range", "")
            site.asked.append((self.path, asked))
            body = site.files.get(name)
            if site.status is not None or body is None:
                self.send_error(site.status or 404)
                return
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and site.ranges else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            cut, site.cut_after = site.cut_after, None
            self.wfile.write(body[start:] if cut is None else body[start : start + cut])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def silent(pair: str, done: int, whole: int) -> None:
    pass


def test_a_model_is_fetched_whole_from_its_own_address(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        # when
        told: list[tuple[str, int, int]] = []
        folder = provide([model(f"{site.address}/there")], "", tmp_path, lambda *step: told.append(step))
        # then
        weights = read(folder, model())
        assert (weights.model, weights.shortlist) == (BODIES["model.bin"], BODIES["lex.bin"])
        assert (weights.source_vocabulary, weights.target_vocabulary) == (BODIES["source.spm"], BODIES["target.spm"])
        assert site.asked[0] == ("/there/model.bin.gz", "")
        whole = sum(len(body) for body in PACKED.values())
        assert told[-1] == ("en-xx", whole, whole)
        assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
        assert len(told) > len(PACKED)


def test_addresses_are_tried_in_turn_and_what_one_has_brought_stays(tmp_path: Path) -> None:
    with serving({"model.bin.gz": PACKED["model.bin.gz"]}) as broken, serving(PACKED) as whole:
        # given: one that cannot be reached, one that lacks files and holds another, and a good one
        broken.files["lex.bin.gz"] = b"another"
        # when
        folder = provide([model(DEAD_ADDRESS, broken.address, whole.address)], "", tmp_path, silent)
        # then
        check(folder, model())
        assert ("/model.bin.gz", "") not in whole.asked


def test_where_no_place_has_it_each_is_named(tmp_path: Path) -> None:
    with serving({}) as empty, pytest.raises(ModelUnreachable, match=r"does not exist.*check the network"):
        provide([model(empty.address, DEAD_ADDRESS)], "", tmp_path, silent)
    with serving({}) as empty, pytest.raises(ModelError, match=r"is missing.*does not exist") as caught:
        provide([model()], f"{tmp_path}, {empty.address}", tmp_path / "kept", silent)
    assert not isinstance(caught.value, ModelUnreachable)


def test_the_setting_may_name_several_places(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        folder = provide([model()], f"{tmp_path / 'absent'},{DEAD_ADDRESS}, {site.address}/", tmp_path / "kept", silent)
        check(folder, model())
        assert folder == tmp_path / "kept"


def test_a_folder_may_have_a_comma_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "models, mine"
    with serving(PACKED) as site:
        provide([model(site.address)], "", folder, silent)
    assert provide([model()], str(folder), tmp_path / "kept", silent) == folder


@pytest.mark.parametrize("suffix", [".gz", ".zst", ""])
def test_a_file_packed_in_another_way_is_known_by_what_it_holds(tmp_path: Path, suffix: str) -> None:
    pack: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd.compress, "": bytes}
    with serving({f"{name}{suffix}": pack[suffix](body) for name, body in BODIES.items()}) as site:
        folder = provide([model()], site.address, tmp_path, silent)
        assert read(folder, model()).model == BODIES["model.bin"]
        asked = len(site.asked)
        assert provide([model()], site.address, tmp_path, silent) == folder
        assert len(site.asked) == asked
    assert read(provide([model()], str(folder), tmp_path / "other", silent), model()).shortlist == BODIES["lex.bin"]


def test_a_file_whose_contents_have_no_sum_comes_as_published_only(tmp_path: Path) -> None:
    row = replace(model(), shortlist=replace(file("lex.bin"), unpacked=None))
    again = {"lex.bin": BODIES["lex.bin"], "lex.bin.zst": zstd.compress(BODIES["lex.bin"])}
    with serving(PACKED | again | {"lex.bin.gz": GZIPPED}) as site:
        with pytest.raises(ModelError, match=r"lex\.bin\.gz is not the published file"):
            provide([row], site.address, tmp_path, silent)
        site.files["lex.bin.gz"] = PACKED["lex.bin.gz"]
        assert read(provide([row], site.address, tmp_path, silent), row).shortlist == BODIES["lex.bin"]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_what_unpacks_to_more_than_the_file_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(BODIES["model.bin"] + b"\0" * 50_000_000)
    (tmp_path / "en-xx").mkdir()
    (tmp_path / "en-xx" / f"model.bin{'.gz' if pack is gzip.compress else '.zst'}").write_bytes(bomb)
    with pytest.raises(ModelError, match="not the published one"):
        check(tmp_path, model())


def test_what_another_place_began_does_not_spoil_the_file(tmp_path: Path) -> None:
    (tmp_path / "en-xx").mkdir()
    (tmp_path / "en-xx" / "model.bin.gz.part").write_bytes(b"x" * 1000)
    with serving(PACKED) as site:
        check(provide([model()], site.address, tmp_path, silent), model())


def test_what_is_kept_is_not_fetched_again(tmp_path: Path) -> None:
    # given
    with serving(PACKED) as site:
        provide([model()], site.address, tmp_path, silent)
    # when
    folder = provide([model(DEAD_ADDRESS)], "", tmp_path, silent)
    # then
    check(folder, model())


def test_another_address_has_a_folder_for_each_pair(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        provide([model()], f"{site.address}/mirror/", tmp_path, silent)
        assert site.asked[0][0] == "/mirror/en-xx/model.bin.gz"


def test_a_broken_connection_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        site.cut_after = 150_000
        folder = provide([model()], site.address, tmp_path, silent)
        check(folder, model())
        assert [asked for _, asked in site.asked[:2]] == ["", "bytes=150000-"]


def test_a_killed_download_is_taken_up_by_the_next_run(tmp_path: Path) -> None:
    # given: what a killed run left behind
    (tmp_path / "en-xx").mkdir()
    (tmp_path / "en-xx" / "model.bin.gz.part").write_bytes(PACKED["model.bin.gz"][:1000])
    with serving(PACKED) as site:
        # when
        folder = provide([model()], site.address, tmp_path, silent)
        # then
        check(folder, model())
        assert site.asked[0][1] == "bytes=1000-"
        assert not list(folder.rglob("*.part"))


def test_a_server_without_ranges_is_asked_from_the_start(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        site.ranges, site.cut_after = False, 1000
        check(provide([model()], site.address, tmp_path, silent), model())


@pytest.mark.parametrize(
    "body",
    [b"<html>Please log in</html>", PACKED["lex.bin.gz"][:-1] + b"!", GZIPPED[:-1], b"x" * 400_000],
    ids=["another page", "one byte wrong", "one byte short", "too long"],
)
def test_a_bad_file_is_refused_and_not_kept(tmp_path: Path, body: bytes) -> None:
    with serving(PACKED) as site:
        site.files["lex.bin.gz"] = body
        # when
        with pytest.raises(ModelError, match=r"lex\.bin\.gz is not the published file") as caught:
            provide([model()], site.address, tmp_path, silent)
        # then: not a matter of reach, and nothing of it is in the way of the next run
        assert not isinstance(caught.value, ModelUnreachable)
        site.files["lex.bin.gz"] = PACKED["lex.bin.gz"]
        check(provide([model()], site.address, tmp_path, silent), model())


def test_a_file_damaged_in_the_cache_is_fetched_again(tmp_path: Path) -> None:
    with serving(PACKED) as site:
        folder = provide([model()], site.address, tmp_path, silent)
        (folder / "en-xx" / "lex.bin.gz").write_bytes(b"")
        with pytest.raises(ModelError, match="not the published one"):
            read(folder, model())
        check(provide([model()], site.address, tmp_path, silent), model())


def test_a_file_that_nobody_publishes_is_named(tmp_path: Path) -> None:
    with serving({}) as site, pytest.raises(ModelError, match=r"model\.bin\.gz does not exist"):
        provide([model()], site.address, tmp_path, silent)


def test_a_place_that_publishes_unpacked_files_will_do(tmp_path: Path) -> None:
    with serving(BODIES) as site:
        folder = provide([model()], site.address, tmp_path, silent)
        assert read(folder, model()).model == BODIES["model.bin"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_counts_as_unreachable(tmp_path: Path, status: int) -> None:
    with serving(PACKED) as site:
        site.status = status
        with pytest.raises(ModelUnreachable, match=str(status)):
            provide([model()], site.address, tmp_path, silent)


def test_no_answer_is_told_apart_from_a_bad_file(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreachable, match="check the network"):
        provide([model(DEAD_ADDRESS)], "", tmp_path, silent)


def test_a_proxy_of_the_environment_does_not_stand_before_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD_ADDRESS)
    with serving(PACKED) as site:
        check(provide([model()], site.address, tmp_path, silent), model())


def test_a_local_folder_is_used_as_it_is(tmp_path: Path) -> None:
    # given: one file packed, the others not
    (tmp_path / "mine" / "en-xx").mkdir(parents=True)
    (tmp_path / "mine" / "en-xx" / "lex.bin.gz").write_bytes(PACKED["lex.bin.gz"])
    for name in ("model.bin", "source.spm", "target.spm"):
        (tmp_path / "mine" / "en-xx" / name).write_bytes(BODIES[name])
    # when
    folder = provide([model()], str(tmp_path / "mine"), tmp_path / "kept", silent)
    # then
    assert folder == tmp_path / "mine"
    assert read(folder, model()).shortlist == BODIES["lex.bin"]
    assert not (tmp_path / "kept").exists()


def test_a_file_missing_in_a_local_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"en-xx/model\.bin\.gz is missing"):
        provide([model()], str(tmp_path), tmp_path / "kept", silent)


@pytest.mark.parametrize("place", ["http://models.example", "ftp://127.0.0.1/models", "file:///models"])
def test_models_come_over_https_or_from_this_machine(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="CHOROK_MODELS"):
        provide([model()], place, tmp_path, silent)


def test_a_pair_without_a_row_names_the_table() -> None:
    with pytest.raises(ModelError, match="en-eo") as caught:
        model_of("en-eo")
    assert str(TABLE) in str(caught.value)


def test_every_row_is_whole() -> None:
    assert {"en-ko", "en-pt"} <= table().keys()
    for pair, row in table().items():
        sums = [found for each in row.files for found in (each.packed, each.unpacked) if found]
        assert all(len(bytes.fromhex(each.sha256)) == 32 and each.size > 0 for each in sums), pair
        assert len(row.addresses) > 1, pair
        assert all(address.startswith("https://") for address in row.addresses), pair
        assert len(row.vocabularies) in (1, 2), pair
        assert row.engine.startswith(f"firefox-translations/{pair}-"), pair


def test_models_are_kept_where_the_user_keeps_caches() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/cache"}, "models") == Path("/cache/chorok/models")
    assert cache_folder({}, "models") == Path.home() / ".cache/chorok/models"
