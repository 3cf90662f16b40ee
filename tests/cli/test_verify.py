"""`hexmark verify`: one command for files, addresses and standard input, with an exit code for scripts and words for people."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner
from tests.simulator import Simulator

from hexmark.cli.verify import UNREADABLE, USAGE, worst
from hexmark.cli.words import plain
from hexmark.openbadges import baking, strict_json
from hexmark.openbadges.errors import Unreachable

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
AT = ["--at", "2026-06-15T10:41:00Z"]


@pytest.fixture
def run():
    from hexmark.cli.verify import verify

    return lambda *arguments, **settings: CliRunner().invoke(verify, [str(each) for each in arguments], **settings)


@pytest.fixture
def badge():
    """A badge that needs no other server: its issuer is a key."""
    return Simulator().did_key_issuer().issue(validUntil="2028-01-01T00:00:00Z")


@pytest.fixture
def write(tmp_path):
    def write(name, document):
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else strict_json.dump(document))
        return path

    return write


class TestExitCodes:
    def test_verified_is_0(self, run, write, badge):
        result = run(write("badge.json", badge), "--offline", *AT)
        assert result.exit_code == 0, result.output
        assert "VERIFIED" in result.output

    def test_not_valid_is_1(self, run, write, badge):
        result = run(write("badge.json", {**badge, "name": "Other"}), "--offline", *AT)
        assert result.exit_code == 1
        assert "NOT VALID" in result.output

    def test_unknown_is_2(self, run, write):
        result = run(write("badge.json", Simulator().did_web_issuer().issue()), "--offline", *AT)
        assert result.exit_code == 2
        assert "UNKNOWN" in result.output
        assert "OFFLINE" in result.output

    @pytest.mark.parametrize("data", [b"", b"hello", b"[]", b"\x89PNG\r\n\x1a\n", SVG, b"<html>", b'{"a":1,"a":2}', b"\xff\xfe"])
    def test_unreadable_is_3(self, run, write, data):
        result = run(write("file", data), "--offline")
        assert result.exit_code == 3
        assert "UNREADABLE" in result.output

    def test_a_missing_file_or_a_folder_is_3(self, run, tmp_path):
        assert run(tmp_path / "nothing.json").exit_code == 3
        assert run(tmp_path).exit_code == 3

    @pytest.mark.parametrize("arguments", [[], ["--bogus", "x"], ["x", "--at", "yesterday"], ["x", "--at"]])
    def test_wrong_usage_is_64_so_that_it_is_never_taken_for_an_answer(self, run, arguments):
        assert run(*arguments).exit_code == USAGE

    def test_wrong_usage_is_64_for_the_whole_program_too(self):
        from hexmark.cli import main

        assert CliRunner().invoke(main, ["verify", "--bogus"]).exit_code == USAGE
        assert CliRunner().invoke(main, ["verify", "/nowhere/badge.json"]).exit_code == UNREADABLE

    @pytest.mark.parametrize(("codes", "expected"), [([0, 0], 0), ([0, 2], 2), ([2, 1, 0], 1), ([1, 3, 2], 3), ([2, 3], 3), ([], 0)])
    def test_of_several_sources_the_worst_counts(self, codes, expected):
        assert worst(codes) == expected

    def test_several_sources_are_answered_one_after_the_other(self, run, write, badge):
        good, bad = write("good.json", badge), write("bad.json", {**badge, "name": "Other"})
        result = run(good, bad, "--offline", *AT)
        assert result.exit_code == 1
        assert result.output.index("good.json") < result.output.index("VERIFIED") < result.output.index("bad.json")


class TestWords:
    def test_every_check_has_a_word_beside_its_symbol(self, run, write, badge):
        lines = run(write("badge.json", badge), "--offline", *AT).output.splitlines()
        assert any("✓ passed" in line and "Content unchanged" in line for line in lines)
        assert any("skipped" in line and "Status" in line for line in lines)
        assert not any("Format: " in line for line in lines)

    def test_a_failed_check_shows_its_code(self, run, write, badge):
        output = run(write("badge.json", badge), "--offline", "--at", "2029-01-01").output
        assert "Expired on 1 January 2028. (EXPIRED)" in output

    def test_a_remark_is_shown(self, run, write, badge):
        output = run(write("badge.json", {**badge, "proof": [{"type": "SomeProofType"}, *badge["proof"]]}), "--offline", *AT).output
        assert "SomeProofType was not checked" in " ".join(output.split())

    def test_nothing_in_a_document_can_move_the_cursor_or_turn_letters_around(self, run, write, badge):
        evil = "\x1b[2J\x1b]0;x\x07 VERIFIED \u202e\r\n"
        document = {**badge, "proof": [{**badge["proof"][0], "cryptosuite": evil}], "id": evil, "issuer": evil}
        output = run(write("badge.json", document), "--offline").output
        assert not {"\x1b", "\x07", "\u202e", "\r"} & set(output)
        assert plain("a\x1bb\u202ec\u200bd\ne") == "a\ufffdb\ufffdc\ufffdd\ufffde"

    def test_markup_in_a_document_is_only_text(self, run, write, badge):
        output = run(write("badge.json", {**badge, "proof": [{"type": "[bold red]boo[/]"}]}), "--offline").output
        assert "[bold red]boo[/]" in " ".join(output.split())


class TestJson:
    def test_one_source_is_one_object(self, run, write, badge):
        path = write("badge.json", badge)
        result = run(path, "--offline", "--json", *AT)
        found = json.loads(result.output)
        assert (found["source"], found["verdict"], found["warnings"]) == (str(path), "verified", [])
        assert found["checks"][0]["axis"] == "integrity"
        assert result.exit_code == 0

    def test_several_sources_are_an_array_with_the_unreadable_among_them(self, run, write, badge):
        result = run(write("a.json", badge), write("b.json", b"nothing"), "--offline", "--json", *AT)
        first, second = json.loads(result.output)
        assert first["verdict"] == "verified"
        assert second["verdict"] == "unreadable"
        assert second["error"]["code"] == "PARSING_ERROR"
        assert result.exit_code == 3


class TestSources:
    def test_standard_input_is_a_source(self, run, badge):
        result = run("-", "--offline", *AT, input=strict_json.dump(badge))
        assert result.exit_code == 0, result.output

    def test_a_picture_is_a_source_whatever_its_name(self, run, write, badge):
        assert run(write("badge.txt", baking.bake(SVG, strict_json.dump(badge).decode())), "--offline", *AT).exit_code == 0

    def test_too_large_a_file_is_not_read_to_its_end(self, run, write):
        result = run(write("big.json", b"{" + b" " * (6 * 1024 * 1024)), "--offline", "--json")
        assert json.loads(result.output)["error"]["code"].startswith("PAYLOAD_TOO_LARGE")

    def test_an_address_is_not_asked_offline(self, run):
        result = run("https://hexham.example/a/1", "--offline", "--json")
        assert json.loads(result.output)["error"]["code"] == "OFFLINE"
        assert result.exit_code == 3

    @pytest.mark.parametrize("url", ["https://127.0.0.1/a/1", "http://localhost:1/a", "https://good@evil.example/", "https://10.0.0.1/"])
    def test_an_address_of_an_inner_network_is_not_asked(self, run, url):
        result = run(url, "--json")
        assert json.loads(result.output)["error"]["code"] in {"SSRF_BLOCKED", "URL_MALFORMED"}
        assert result.exit_code == 3

    def test_a_recipient_is_compared(self, run, write, badge):
        output = run(write("badge.json", badge), "--offline", "--recipient", "amara@example.org", *AT).output
        assert "RECIPIENT_NOT_NAMED" in output


@pytest.fixture
def demo():
    """A server on the loopback like that of the demo, with an issuer whose DID is that address."""
    simulator = Simulator()
    accepted = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            accepted.append(self.headers["Accept"])
            try:
                found = simulator.fetch(f"https://localhost:{server.server_port}{self.path}", accept=())
            except Unreachable:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    simulator.origin = f"http://localhost:{server.server_port}"
    simulator.issuer = simulator.did_web_issuer(f"localhost:{server.server_port}", "o", "guild")
    simulator.accepted = accepted
    yield simulator
    server.shutdown()
    server.server_close()


class TestTheDemosOwnServer:
    def publish(self, demo, document, content_type="application/vc"):
        demo.publish(f"{demo.origin.replace('http:', 'https:')}/a/1", document, content_type)
        return f"{demo.origin}/a/1"

    def test_a_badge_of_an_allowed_local_origin_verifies_by_its_address(self, run, demo, monkeypatch):
        monkeypatch.setenv("HEXMARK_ALLOW_LOCAL_ORIGIN", f"http://localhost:1, {demo.origin}")
        result = run(self.publish(demo, demo.issuer.issue()), *AT)
        assert result.exit_code == 0, result.output
        assert demo.accepted[0].startswith("application/vc,")
        assert "localhost" in result.output

    def test_without_that_setting_it_is_not_asked(self, run, demo, write):
        result = run(self.publish(demo, demo.issuer.issue()), "--json", *AT)
        assert json.loads(result.output)["error"]["code"] == "SSRF_BLOCKED"
        result = run(write("badge.json", demo.issuer.issue()), "--json", *AT)
        assert result.exit_code == 2
        assert {check["code"] for check in json.loads(result.output)["checks"]} >= {"SSRF_BLOCKED"}
        assert demo.accepted == []

    def test_a_page_in_the_place_of_a_badge_is_unreadable(self, run, demo, monkeypatch):
        monkeypatch.setenv("HEXMARK_ALLOW_LOCAL_ORIGIN", demo.origin)
        result = run(self.publish(demo, b"<!doctype html>", "text/html"), "--json")
        assert json.loads(result.output)["error"]["code"] == "CONTENT_TYPE"
        assert result.exit_code == 3

    def test_a_setting_that_is_no_origin_is_wrong_usage(self, run, monkeypatch):
        monkeypatch.setenv("HEXMARK_ALLOW_LOCAL_ORIGIN", "localhost:8000")
        assert run("-").exit_code == USAGE


def test_help_explains_the_exit_codes(run):
    output = run("--help").output
    for words in ("0   verified", "1   not valid", "2   unknown", "3   unreadable", "64  wrong usage"):
        assert words in output


def test_the_program_itself_answers_without_a_database(tmp_path, badge):
    path = tmp_path / "badge.json"
    path.write_bytes(strict_json.dump(badge))
    program = "from hexmark.cli import main; main()"
    arguments = [sys.executable, "-c", program, "verify", str(path), "--offline", *AT]
    result = subprocess.run(arguments, capture_output=True, check=False, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"})
    assert result.returncode == 0, result.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_many_sources_are_counted_on_standard_error_where_somebody_looks(monkeypatch, capsys):
    from hexmark.cli.verify import MANY, _shown

    sources = tuple(f"{number}.json" for number in range(MANY))
    assert list(_shown(sources)) == list(sources)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert list(_shown(sources)) == list(sources)
    shown = capsys.readouterr()
    assert "Checking" in shown.err
    assert shown.out == ""
