"""The release: the same twice, and of use to a program that has it as a library."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

from harness.measure import Refused
from harness.setup import ROOT

SUMMARY = "release built twice in two folders: the same bytes; a program outside runs the wine lifecycle from its artifacts"

BUILD = ["mvn", "-B", "-q", "--no-transfer-progress", "-Dquick", "-Dmaven.test.skip=true", "-Drelease"]


def options(parser):
    parser.add_argument("--once", action="store_true", help="build once: only the program outside")


def soak(setup):
    findings = {}
    repository = setup.folder / "repository"
    started = time.monotonic()
    first = checkout(setup, "first")
    setup.say("building and deploying to a folder")
    # To a folder, and never into this user's own repository.
    setup.run([*BUILD, "-f", first / "pom.xml", "-Dmaven.install.skip=true",
               f"-DaltDeploymentRepository=here::file://{repository}", "deploy"], 40)
    findings["build_seconds"] = round(time.monotonic() - started, 1)
    findings["published"] = published(repository)
    if not setup.options.once:
        made = files(first)
        second = checkout(setup, "second/in/another/place")
        setup.say("building once more, elsewhere")
        setup.run([*BUILD, "-f", second / "pom.xml", "package"], 40)
        again = files(second)
        different = sorted(name for name in made.keys() | again.keys() if made.get(name) != again.get(name))
        if different:
            raise Refused(f"built twice, {len(different)} of {len(made)} files differ: {', '.join(different[:10])}")
        findings["same_files"] = len(made)
    findings["archive"] = archive(next((first / "dist" / "target").glob("arclight-*.tar.gz")))
    findings["consumer"] = consumer(setup, repository)
    return findings


def checkout(setup, name):
    """The source tree as git has it, with what is changed and not committed."""
    folder = setup.folder / name
    folder.mkdir(parents=True)
    listed = setup.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], 1)
    for file in listed.split("\0"):
        if file and (ROOT / file).is_file():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)
    return folder


def files(tree):
    """What a release is made of, with digests."""
    found = [*tree.glob("*/target/*.jar"), *tree.glob("*/target/*.tar.gz"), *tree.glob("*/target/bom.json")]
    return {str(file.relative_to(tree)): hashlib.sha256(file.read_bytes()).hexdigest() for file in found}


def published(repository):
    """Modules in the repository; each with jar, sources, Javadoc and contents, the two without code apart."""
    modules = sorted(folder.name for folder in (repository / "dev" / "arclight").iterdir() if folder.is_dir())
    for module in modules:
        names = {re.sub(r"^.*?(-sources|-javadoc|-cyclonedx)?\.(jar|pom|json)$", r"\1.\2", file.name)
                 for file in (repository / "dev" / "arclight" / module).rglob("*") if file.suffix in (".jar", ".pom", ".json")}
        wanted = {".pom"} if module in ("arclight", "arclight-bom") else {".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json"}
        if not wanted <= names:
            raise Refused(f"{module} was published without {', '.join(sorted(wanted - names))}")
    if "arclight-bom" not in modules or {"arclight-testing", "arclight-dist", "arclight-deploy"} & set(modules):
        raise Refused(f"published were {', '.join(modules)}: expected the BOM, and nothing of tests")
    return modules


def archive(file):
    with tarfile.open(file) as tar:
        members = tar.getmembers()
    times = {member.mtime for member in members}
    if len(times) != 1:
        raise Refused(f"{file.name} holds {len(times)} different times")
    return {"bytes": file.stat().st_size, "files": len(members)}


def consumer(setup, repository):
    """The program of deploy/consumer, in a repository of its own that is thrown away."""
    project = setup.folder / "consumer"
    shutil.copytree(ROOT / "deploy" / "consumer", project, ignore=shutil.ignore_patterns("target", "arclight-out"))
    settings = setup.folder / "settings.xml"
    own = Path.home() / ".m2" / "repository"
    # Libraries that this machine has are taken from here; what it has not, from where Maven always looks.
    settings.write_text(f"""<settings><profiles><profile><id>here</id>
      <repositories>{place("arclight", repository)}{place("libraries", own)}</repositories>
      <pluginRepositories>{place("plugins", own).replace("repository>", "pluginRepository>")}</pluginRepositories>
    </profile></profiles><activeProfiles><activeProfile>here</activeProfile></activeProfiles></settings>""")
    maven = ["mvn", "-B", "-q", "--no-transfer-progress", "-s", settings, f"-Dmaven.repo.local={setup.folder / 'local'}",
             "-f", project / "pom.xml"]
    setup.say("building the program outside")
    setup.run([*maven, "compile", "dependency:build-classpath"], 20)
    class_path = f"{project / 'target' / 'classes'}{os.pathsep}{(project / 'target' / 'class.path').read_text().strip()}"
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    ways = {"java -cp": [java, "-cp", class_path, "org.example.Wine"],
            "mvn exec:java": [*maven, "exec:java"]}
    findings = {"jars": class_path.count(os.pathsep)}
    for way, command in ways.items():
        environment = {key: value for key, value in os.environ.items() if key not in ("JDK_JAVA_OPTIONS", "MAVEN_OPTS")}
        refused = run(project, command, environment)
        flags = re.search(r'JDK_JAVA_OPTIONS="([^"]+)"', refused.stdout + refused.stderr)
        if refused.returncode == 0 or not flags:
            raise Refused(f"{way} without flags ended with {refused.returncode} and named no flags to paste: {tail(refused)}")
        shutil.rmtree(project / "arclight-out", ignore_errors=True)
        started = time.monotonic()
        done = run(project, command, {**environment, "JDK_JAVA_OPTIONS": flags.group(1)})
        if done.returncode != 0 or "champion: version " not in done.stdout:
            raise Refused(f"{way} with the flags that it asked for ended with {done.returncode}: {tail(done)}")
        findings[way] = {"seconds": round(time.monotonic() - started, 1)}
        setup.say(f"{way}: the lifecycle ran to its end, with the flags that it asked for before")
        shutil.rmtree(project / "arclight-out", ignore_errors=True)
    return findings


def place(name, folder):
    return f"""<repository><id>{name}</id><url>file://{folder}</url>
      <releases><checksumPolicy>ignore</checksumPolicy></releases>
      <snapshots><enabled>true</enabled><checksumPolicy>ignore</checksumPolicy></snapshots></repository>"""


def run(folder, command, environment):
    try:
        return subprocess.run([str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True,
                              timeout=900, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Refused(f"{command[0]} was not done after 15 minutes") from None


def tail(done):
    return json.dumps((done.stdout + done.stderr).strip()[-600:])
