"""Why an executor's JVM cannot start on this node: left in `answer`, empty if it can. Sent as text and run by Ray."""
import os
import shutil
import subprocess

options = bytes.fromhex("OPTIONS").decode().split("\0")
files = [file for file in bytes.fromhex("FILES").decode().split("\0") if file]


def trouble():
    java = shutil.which("java")
    if java is None:
        return "has no program java on the PATH that `ray start` had there (%s)" % os.environ.get("PATH", "")
    missing = [file for file in files if not os.path.exists(file)]
    if missing:
        return ("has not %s and %d more of the %d files of the executors' class path: put the same files at the same "
                "paths on every node, or set spark.arclight.ray.class-path" % (missing[0], len(missing) - 1, len(files)))
    try:
        tried = subprocess.run([java, *options, "PROGRAM"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, timeout=15)
    except subprocess.TimeoutExpired:
        return ""  # a busy node: not known
    if tried.returncode == 0:
        return ""
    noise = ("Picked up", "Error: Could not create the Java", "Error: A fatal exception", "Error occurred during init",
             "Caused by: java.lang.ClassNotFound")
    said = [line for line in tried.stdout.decode(errors="replace").splitlines()
            if line.strip() and not line.startswith(noise)]
    why = "; ".join(said)[:300]
    if "class" in why and "-cp" in options:
        why += " (on the class path %s: set spark.arclight.ray.class-path to what that node has)" % (
            options[options.index("-cp") + 1][:200])
    return "cannot start a JVM for executors: %s ended with exit code %d: %s" % (java, tried.returncode, why)


answer = trouble()
