"""python3 -m unittest discover -s deploy/tests"""
import contextlib
import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

COMMAND = Path(__file__).resolve().parent.parent / "infrastructure"

sys.dont_write_bytecode = True
loader = SourceFileLoader("infrastructure", str(COMMAND))
infrastructure = module_from_spec(spec_from_loader("infrastructure", loader))
loader.exec_module(infrastructure)


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="arclight-infrastructure-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def call(self, *arguments):
        error = io.StringIO()
        with contextlib.redirect_stderr(error):
            try:
                code = infrastructure.main([str(argument) for argument in arguments])
            except SystemExit as exit_:
                code = exit_.code
        return code, error.getvalue()

    def settings(self, text):
        file = self.folder / "my.tfvars"
        file.write_text(text)
        return file


class Refusals(Files):
    def test_settings_that_were_not_filled_in_are_named(self):
        for environment, name in (("azure", "subscription"), ("gcp", "project"), ("databricks", "subscription")):
            code, error = self.call("create", environment)
            self.assertEqual(code, 2)
            self.assertIn(f"{name} in ", error)

    def test_an_unknown_environment_is_wrong_use(self):
        code, error = self.call("create", "aws")
        self.assertEqual(code, 2)
        self.assertIn("'azure', 'gcp', 'databricks'", error)

    def test_a_missing_settings_file_is_wrong_use(self):
        code, error = self.call("create", "gcp", "--settings", self.folder / "none.tfvars")
        self.assertEqual(code, 2)
        self.assertIn("none.tfvars is not there", error)

    def test_a_missing_setting_is_named(self):
        if not shutil.which("terraform"):
            self.skipTest("needs terraform")
        code, error = self.call("create", "azure", "--settings", self.settings('name = "x"\n'))
        self.assertEqual(code, 2)
        self.assertIn("subscription is not set in", error)


class Configuration(Files):
    def test_a_profile_is_put_beside_others_and_replaces_its_own(self):
        before = "; mine\n[DEFAULT]\nhost = https://w.example\ntoken = one\n\n[arclight]\nhost = https://old.example\ntoken = old%\n"
        text = infrastructure.databricks_profile(before, "https://new.example", "c-1", "new%token")
        self.assertEqual(text.count("[arclight]"), 1)
        self.assertNotIn("old", text)
        profiles = infrastructure.configparser.RawConfigParser(default_section="")
        profiles.read_string(text)
        self.assertEqual(dict(profiles["DEFAULT"]), {"host": "https://w.example", "token": "one"})
        self.assertEqual(dict(profiles["arclight"]), {"host": "https://new.example", "cluster_id": "c-1", "token": "new%token"})

    def test_settings_of_ours_are_replaced_and_others_stay(self):
        Path("arclight.properties").write_text("# mine\narclight.master=local[2]\narclight.gcp-region = old\n")
        outputs = {"project": "p-1", "region": "r", "staging": "b", "cluster": "", "subnetwork": "s", "service_account": "a@p"}
        with contextlib.redirect_stderr(io.StringIO()):
            infrastructure.gcp_conf(outputs)
            infrastructure.gcp_conf(outputs)
        self.assertEqual(Path("arclight.properties").read_text().splitlines(), [
            "# mine", "arclight.master=local[2]", "arclight.gcp-project=p-1", "arclight.gcp-region=r",
            "arclight.gcp-staging=gs://b/arclight", "arclight.dataproc-subnet=s", "arclight.dataproc-service-account=a@p"])

    def test_a_file_with_a_secret_is_its_owners_alone(self):
        with contextlib.redirect_stderr(io.StringIO()):
            infrastructure.write(self.folder / "secret", "x", 0o600)
        self.assertEqual(stat.S_IMODE((self.folder / "secret").stat().st_mode), 0o600)
        self.assertEqual([file.name for file in self.folder.iterdir()], ["secret"])


@unittest.skipUnless(shutil.which("terraform"), "needs terraform")
class RoundTrip(Files):
    """The real Terraform, with a resource that needs no provider of a cloud and a state beside it."""

    def test_what_was_created_is_configured_and_destroyed(self):
        terraform = self.folder / "terraform"
        terraform.mkdir()
        (terraform / "main.tf").write_text("""
variable "name" { type = string }
resource "terraform_data" "workspace" { input = var.name }
output "subscription" { value = "s-1" }
output "resource_group" { value = "g-1" }
output "workspace" { value = terraform_data.workspace.output }
output "compute" { value = "ray" }
""")
        given = ["--settings", self.settings('name = "lab"\n'), "--terraform", terraform, "--yes"]

        def call(command):
            done = subprocess.run([COMMAND, command, "azure", *given], capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            return done.stderr

        self.assertIn("next: make refresh-conf ENV=azure", call("create"))
        call("refresh-conf")
        self.assertIn('"workspace_name": "lab"', Path("config.json").read_text())
        self.assertEqual(Path("arclight.properties").read_text(), "arclight.aml-compute=ray\n")
        self.assertIn("nothing is left", call("destroy"))
        refused = subprocess.run([COMMAND, "refresh-conf", "azure", *given], capture_output=True, text=True, timeout=120)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("has no output", refused.stderr)


if __name__ == "__main__":
    unittest.main()
