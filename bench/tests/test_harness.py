"""python3 -m unittest discover -s bench/tests"""
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from types import SimpleNamespace

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))

from harness import main as command  # noqa: E402
from harness.load import Gate  # noqa: E402
from harness.measure import Figure, Refused, Run, measure, rounded, times_better  # noqa: E402
from harness.setup import Setup  # noqa: E402
import batch_scoring  # noqa: E402
import pruning  # noqa: E402
import sweep  # noqa: E402


def quiet(average=0.5):
    return Gate(2.5, 60, average=lambda: average, clock=lambda: 0, sleep=lambda s: None)


def values(*numbers):
    queue = list(numbers)
    return lambda: Run(queue.pop(0), "evidence")


def silent(line):
    pass


class Arithmetic(unittest.TestCase):
    def test_half_the_seconds_are_twice_as_good(self):
        self.assertEqual(times_better(2.0, 4.0, lower_is_better=True), 2)

    def test_half_the_rows_a_second_are_half_as_good(self):
        self.assertEqual(times_better(2.0, 4.0, lower_is_better=False), 0.5)

    def test_equal_is_one_whatever_the_unit(self):
        for lower in (True, False):
            self.assertEqual(times_better(3.3, 3.3, lower), 1)

    def test_swapping_the_sides_inverts_the_ratio(self):
        for ours, peer in ((1.5, 7.0), (1e-6, 2e3), (900.0, 0.1)):
            for lower in (True, False):
                self.assertAlmostEqual(times_better(ours, peer, lower) * times_better(peer, ours, lower), 1)

    def test_nothing_is_compared_with_zero_or_less_or_no_number(self):
        for bad in (0, -1, float("nan"), float("inf")):
            for pair in ((bad, 1), (1, bad)):
                with self.assertRaises(Refused):
                    times_better(*pair, lower_is_better=True)

    def test_rounding_keeps_four_digits_of_any_size(self):
        self.assertEqual([rounded(v) for v in (0, 1.23456, 123456, 0.000123456, -9.99999, 4)],
                         [0, 1.235, 123500, 0.0001235, -10.0, 4])


class Measuring(unittest.TestCase):
    def test_the_figure_is_the_ratio_of_medians(self):
        figure = Figure("f", "s", True, values(3, 1, 2), values(10, 90, 20))
        self.assertEqual(measure(figure, 3, quiet(), silent),
                         {"name": "f", "unit": "s", "ours": 2, "peer": 20, "times_better": 10, "runs_ours": [3, 1, 2],
                          "runs_peer": [10, 90, 20]})

    def test_an_even_number_of_runs_takes_the_middle_of_the_two(self):
        figure = Figure("f", "1/s", False, values(1, 2, 4, 100), values(1, 1, 1, 1))
        self.assertEqual(measure(figure, 4, quiet(), silent)["times_better"], 3)

    def test_the_sides_alternate_and_the_peer_begins(self):
        order = []
        figure = Figure("f", "s", True, lambda: order.append("ours") or Run(1), lambda: order.append("peer") or Run(1))
        measure(figure, 3, quiet(), silent)
        self.assertEqual(order, ["peer", "ours"] * 3)

    def test_two_runs_are_too_few(self):
        with self.assertRaisesRegex(Refused, "at least 3"):
            measure(Figure("f", "s", True, values(1, 1), values(1, 1)), 2, quiet(), silent)

    def test_runs_that_did_different_work_are_not_compared(self):
        def agree(ours, peer):
            raise Refused("different work")
        with self.assertRaisesRegex(Refused, "different work"):
            measure(Figure("f", "s", True, values(1, 1, 1), values(1, 1, 1), agree), 3, quiet(), silent)

    def test_a_run_without_a_time_is_refused(self):
        with self.assertRaisesRegex(Refused, "run 2 of ours"):
            measure(Figure("f", "s", True, values(1, 0, 1), values(1, 1, 1)), 3, quiet(), silent)


class Load(unittest.TestCase):
    def test_a_run_waits_until_it_is_quiet(self):
        averages, slept = [9.0, 3.0, 2.5, 2.4999], []
        gate = Gate(2.5, 600, average=lambda: averages.pop(0), clock=lambda: len(slept), sleep=slept.append)
        gate.wait("ours")
        self.assertEqual((len(slept), gate.before), (3, {"ours": [2.5], "peer": []}))

    def test_patience_ends(self):
        now = [0.0]

        def sleep(seconds):
            now[0] += seconds
        gate = Gate(2.5, 120, average=lambda: 7.9, clock=lambda: now[0], sleep=sleep)
        lines = []
        with self.assertRaisesRegex(Refused, "load average is 7.9 after 2 minutes"):
            gate.wait("peer", lines.append)
        self.assertEqual(len(lines), 2)  # once a minute, not every look


class Sweep(unittest.TestCase):
    def test_equal_answers_agree(self):
        sweep.agree([0.89, 0.9], [0.8901, 0.8999])

    def test_other_answers_do_not(self):
        for ours, peer, why in (([0.9], [0.9, 0.9], "tried 1"), ([0.9, 0.9], [0.9, 0.8], "trial 2"),
                                ([0.9] * 9, [0.905] * 9, "0.00500 on average"), ([float("nan")], [0.9], "not the same")):
            with self.assertRaisesRegex(Refused, why):
                sweep.agree(ours, peer)

    def test_a_result_without_its_time_is_refused(self):
        for result in ({}, {"wall_seconds": 1}, {"wall_seconds": None, "validation_auc": []}, {"wall_seconds": 1, "validation_auc": 3}):
            with self.assertRaisesRegex(Refused, "expected wall_seconds and validation_auc"):
                sweep.run(result)

    def test_pruning_may_cost_two_thousandths_of_auc_and_no_more(self):
        pruning.agree([0.9, 0.8991, 0.7], [0.9, 0.901, 0.9])
        for ours, peer in (([0.9, 0.8979, 0.7], [0.9, 0.9, 0.9]), ([float("nan")] * 3, [0.9] * 3)):
            with self.assertRaisesRegex(Refused, "worse"):
                pruning.agree(ours, peer)

    def test_scores_of_other_rows_or_another_model_are_not_compared(self):
        batch_scoring.agree((2000, 0.124), (2000, 0.1240005))
        for ours in ((1999, 0.124), (2000, 0.12401), (2000, float("nan"))):
            with self.assertRaisesRegex(Refused, "not the same work"):
                batch_scoring.agree(ours, (2000, 0.124))

    def test_the_list_has_96_trials_of_the_space(self):
        trials = [json.loads(line) for line in sweep.PARAMETERS.read_text().splitlines()]
        self.assertEqual(len(trials), 96)
        e = 2.718281828459045
        for trial in trials:
            self.assertIsInstance(trial["max_depth"], int)
            for name, low, high in (("max_depth", 4, 100), ("learning_rate", e**-3, 1), ("reg_alpha", e**-5, e**-1),
                                    ("reg_lambda", e**-6, e**-1), ("min_child_weight", e**-1, e**3)):
                self.assertTrue(low <= trial[name] <= high, f"{name} {trial[name]}")
            self.assertEqual(len(trial), 5)


class Programs(unittest.TestCase):
    def setUp(self):
        self.setup = Setup("test", SimpleNamespace())
        self.addCleanup(self.setup.__exit__)

    def test_the_last_line_is_the_result_and_versions_are_kept(self):
        code = "print('chatter'); print('{\"value\": 3, \"versions\": {\"thing\": \"1.2\"}}')"
        self.assertEqual(self.setup._json([sys.executable, "-c", code], 1), {"value": 3})
        self.assertEqual(self.setup.versions["thing"], "1.2")

    def test_a_program_that_fails_is_quoted(self):
        with self.assertRaisesRegex(Refused, "exit code 3: no such wine"):
            self.setup.run([sys.executable, "-c", "import sys; sys.stderr.write('no such wine'); sys.exit(3)"], 1)

    def test_a_program_that_prints_no_result_is_named(self):
        with self.assertRaisesRegex(Refused, "did not end with a line of JSON, but with 'hello'"):
            self.setup._json([sys.executable, "-c", "print('hello')"], 1)

    def test_a_program_that_hangs_is_ended_with_its_children(self):
        pids = self.setup.folder / "pid"
        script = f"sleep 600 & echo $! >{pids}; wait"
        with self.assertRaisesRegex(Refused, "is not done after"):
            self.setup.run(["bash", "-c", script], minutes=1 / 60)
        pid = int(pids.read_text())
        alive = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
        self.assertTrue(alive in ("", "Z", "Zs"), alive)

    def test_missing_data_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as empty:
            with self.assertRaisesRegex(Refused, r"no a.csv and b.csv in .*--data"):
                self.setup.data(empty, "wine", "a.csv", "b.csv")

    def test_nothing_stays_behind(self):
        with Setup("test", SimpleNamespace()) as setup:
            folder = setup.folder
            (folder / "file").write_text("x")
        self.assertFalse(folder.exists())


class CommandLine(unittest.TestCase):
    def call(self, *argv):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stderr(err):
            code = command.main("about", list(argv), out)
        return code, out.getvalue(), err.getvalue()

    def test_list_names_every_file(self):
        code, out, _ = self.call("--list")
        self.assertEqual(code, 0)
        self.assertEqual([line.split()[0] for line in out.splitlines()], command.names())
        self.assertIn("sweep", command.names())

    def test_an_unknown_name_is_answered_with_the_known_ones(self):
        code, out, err = self.call("sweeep")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("there are: ", err)

    def test_too_many_trials_are_refused_before_anything_runs(self):
        code, out, err = self.call("sweep", "--evals", "97")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("the list has 96 trials", err)

    def test_one_line_of_json_comes_out(self):
        figure = Figure("f", "s", True, values(1, 1, 1), values(2, 2, 2))
        sys.modules["test_bench"] = SimpleNamespace(SUMMARY="s", figures=lambda setup: [figure])
        names, gate = command.names, command.load.Gate
        command.names = lambda: ["test-bench"]
        command.load.Gate = lambda limit, patience: quiet()
        try:
            code, out, err = self.call("test-bench", "--runs", "3")
        finally:
            command.names, command.load.Gate = names, gate
            del sys.modules["test_bench"]
        self.assertEqual(code, 0, err)
        self.assertEqual(len(out.splitlines()), 1)
        line = json.loads(out)
        self.assertEqual(list(line), ["bench", "figures", "versions", "load"])
        self.assertEqual(line["figures"][0]["times_better"], 2)
        self.assertEqual(line["load"], {"cores": os.cpu_count(), "limit": 2.5, "before_ours": [0.5] * 3, "before_peer": [0.5] * 3})


if __name__ == "__main__":
    unittest.main()
