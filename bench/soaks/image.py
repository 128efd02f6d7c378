"""The image, built without Docker and tried."""
from harness.setup import ROOT

SUMMARY = "the image built by buildah on a base of Debian's packages: version, doctor, wine on a Ray of it, a served model"


def options(parser):
    parser.add_argument("--target", choices=("arclight", "serving"), default="arclight", help="default: %(default)s")


def soak(setup):
    setup.say("building the release archive")
    setup.run(["mvn", "-B", "-q", "--no-transfer-progress", "-f", ROOT / "pom.xml", "-Dquick", "-Dmaven.test.skip=true",
               "-Darclight.skipArchive=false", "package"], 40)
    # What does not hold ends build-local with one sentence and exit code 1.
    setup.run([ROOT / "deploy" / "image" / "build-local", "--prove", "--target", setup.options.target,
               "--tag", f"arclight-soak-{setup.options.target}"], 60)
    said = (setup.folder / "stderr.log").read_text().splitlines()
    return {"target": setup.options.target, "said": [line.removeprefix("build-local: ") for line in said
                                                     if line.startswith("build-local: ")]}
