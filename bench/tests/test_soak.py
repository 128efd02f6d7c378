"""python3 -m unittest discover -s bench/tests"""
import io
import json
import os
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from types import SimpleNamespace

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from harness import soak as command  # noqa: E402
from harness.measure import Refused  # noqa: E402
from harness.record import record  # noqa: E402


class CommandLine(unittest.TestCase):
    def call(self, *argv):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stderr(err):
            code = command.main("about", list(argv), out)
        return code, out.getvalue(), err.getvalue()

    def with_soak(self, soak):
        sys.modules["soaks.test_soak"] = SimpleNamespace(SUMMARY="s", soak=soak)
        names = command.names
        command.names = lambda: ["test-soak"]
        try:
            return self.call("test-soak")
        finally:
            command.names = names
            del sys.modules["soaks.test_soak"]

    def test_list_names_every_file(self):
        code, out, _ = self.call("--list")
        self.assertEqual(code, 0)
        self.assertEqual([line.split()[0] for line in out.splitlines()], command.names())
        self.assertIn("wine-kill", command.names())

    def test_an_unknown_name_is_answered_with_the_known_ones(self):
        code, out, err = self.call("wine-kil")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("there are: ", err)

    def test_one_line_of_json_comes_out(self):
        code, out, err = self.with_soak(lambda setup: {"kills": 3})
        self.assertEqual((code, len(out.splitlines())), (0, 1), err)
        line = json.loads(out)
        self.assertEqual(list(line), ["soak", "findings", "seconds", "versions", "machine"])
        self.assertEqual(line["findings"], {"kills": 3})

    def test_a_broken_promise_is_one_sentence_and_a_failure(self):
        def broken(setup):
            raise Refused("round 3: two runs are lost")
        self.assertEqual(self.with_soak(broken), (1, "", "bench/soak test-soak: round 3: two runs are lost\n"))


class Records(unittest.TestCase):
    def test_a_record_is_replaced_as_a_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            record("soak", "x", {"a": 1}, Path(folder))
            path = record("soak", "x", {"a": 2}, Path(folder))
            self.assertEqual(json.loads(path.read_text()), {"a": 2})
            self.assertEqual(os.listdir(folder), ["soak-x.json"])


if __name__ == "__main__":
    unittest.main()
