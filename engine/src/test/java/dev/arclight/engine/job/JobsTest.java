package dev.arclight.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobsTest {
    private static final List<String> PROPERTIES =
            List.of("spark.master", "spark.app.name", "spark.jars", "spark.some.key", "arclight.master");

    @TempDir
    private Path folder;

    private Path jar;
    private Map<String, String> environment;

    @BeforeEach
    void compileAnApplication() throws IOException {
        environment = Map.of("XDG_STATE_HOME", folder.resolve("state").toString());
        Path source = folder.resolve("App.java");
        Files.writeString(source, """
                public class App {
                    public static void main(String[] a) throws Exception {
                        if (a[0].equals("fail")) throw new java.io.IOException("no luck");
                        java.nio.file.Files.writeString(java.nio.file.Path.of(a[0]), System.getProperty("arclight.master")
                            + " " + System.getProperty("spark.some.key") + " " + App.class.getClassLoader().getClass().getSimpleName()
                            + " " + (Thread.currentThread().getContextClassLoader() == App.class.getClassLoader()));
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", folder.toString(), source.toString()))
                .isZero();
        jar = folder.resolve("app.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "App");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("App.class"));
            out.write(Files.readAllBytes(folder.resolve("App.class")));
        }
    }

    @AfterEach
    void forgetTheProperties() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void anApplicationRunsHereWithTheMasterThatItDoesNotName() throws Exception {
        Jobs jobs = Jobs.open(environment);
        Path said = folder.resolve("said");
        JobRecord job = jobs.submit(request(said.toString()), Progress.NONE);
        assertThat(Files.readString(said)).isEqualTo("local[3] value URLClassLoader true");
        JobRecord seen = Jobs.open(environment).find("last");
        assertThat(seen).isEqualTo(job);
        assertThat(jobs.status(seen).state()).isEqualTo(JobStatus.State.SUCCEEDED);
    }

    @Test
    void whatMainThrowsIsThrownAndKept() {
        Jobs jobs = Jobs.open(environment);
        assertThatThrownBy(() -> jobs.submit(request("fail"), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("no luck");
        assertThat(jobs.list())
                .singleElement()
                .satisfies(job ->
                        assertThat(jobs.status(job)).isEqualTo(new JobStatus(JobStatus.State.FAILED, "no luck")));
    }

    @Test
    void aJobOfAPlatformIsFoundAgainAndItsEndAndLogAreKept() throws Exception {
        Jobs jobs = new Jobs(JobFolder.of(environment), List.of(new Elsewhere()));
        JobRequest request =
                new JobRequest("x", Master.of("yarn"), DeployMode.CLUSTER, "App", List.of(jar), List.of(), Map.of());
        JobRecord job = jobs.submit(request, Progress.NONE);
        assertThat(jobs.status(job).state()).isEqualTo(JobStatus.State.RUNNING);
        assertThat(log(jobs, job)).isEqualTo("one\n");
        Elsewhere.end(job, "one\ntwo\n");
        assertThat(log(jobs, job)).as("still asked of the platform").isEqualTo("one\ntwo\n");
        assertThat(jobs.status(job).state()).isEqualTo(JobStatus.State.SUCCEEDED);
        assertThat(Files.exists(Path.of(job.handle().get("file"))))
                .as("released")
                .isFalse();
        JobRecord kept = jobs.find(job.id().text());
        assertThat(jobs.status(kept).state()).isEqualTo(JobStatus.State.SUCCEEDED);
        assertThat(log(jobs, kept)).isEqualTo("one\ntwo\n");
    }

    private static JobRecord here(ProcessHandle driver) {
        return new JobRecord(
                JobId.next(Instant.now()),
                "app",
                Master.of("local[1]"),
                DeployMode.CLIENT,
                Instant.now(),
                DriversHere.NAME,
                Map.of(
                        "pid",
                        String.valueOf(driver.pid()),
                        "started",
                        String.valueOf(driver.info()
                                .startInstant()
                                .map(Instant::toEpochMilli)
                                .orElse(0L))),
                Optional.empty());
    }

    /** Would catch a look at an old record that takes the place of the end that the driver has noted meanwhile. */
    @Test
    void aJobThatNotedItsEndBeforeItsProcessWentIsNotLost() throws Exception {
        JobFolder notes = JobFolder.of(environment);
        Jobs jobs = new Jobs(notes, List.of());
        Process driver = new ProcessBuilder("sleep", "100").start();
        JobRecord job = here(driver.toHandle());
        notes.save(job);
        assertThat(jobs.status(job).state()).isEqualTo(JobStatus.State.RUNNING);
        notes.save(job.ended(new JobStatus(JobStatus.State.SUCCEEDED, "")));
        driver.destroyForcibly().waitFor();
        assertThat(jobs.status(job).state()).isEqualTo(JobStatus.State.SUCCEEDED);
        assertThat(jobs.find("last").end().orElseThrow().state()).isEqualTo(JobStatus.State.SUCCEEDED);
    }

    @Test
    void aDriverThatIsGoneIsLostAndOneThatWasStoppedIsStopped() throws Exception {
        JobFolder notes = JobFolder.of(environment);
        Jobs jobs = new Jobs(notes, List.of());
        Process gone = new ProcessBuilder("sleep", "100").start();
        JobRecord lost = here(gone.toHandle());
        notes.save(lost);
        gone.destroyForcibly().waitFor();
        assertThat(jobs.status(lost).state()).isEqualTo(JobStatus.State.LOST);
        Process running = new ProcessBuilder("sleep", "100").start();
        JobRecord job = here(running.toHandle());
        notes.save(job);
        assertThat(jobs.stop(job).state()).isEqualTo(JobStatus.State.STOPPED);
        assertThat(running.isAlive()).isFalse();
    }

    @Test
    void aWrongIdAClassThatIsMissingAndAMasterWithoutSubmitterAreRefused() {
        Jobs jobs = Jobs.open(environment);
        assertThatThrownBy(() -> jobs.find("nonsense")).hasMessageContaining("'nonsense' is no job id");
        assertThatThrownBy(() -> jobs.find("job-20260101-000000-aaaa")).hasMessageContaining("was submitted from here");
        assertThatThrownBy(() -> jobs.submit(
                        new JobRequest(
                                "x", Master.of("local[1]"), DeployMode.CLIENT, "No", List.of(jar), List.of(), Map.of()),
                        Progress.NONE))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("no class No");
        assertThatThrownBy(() -> jobs.submit(
                        new JobRequest(
                                "x", Master.of("yarn"), DeployMode.CLUSTER, "App", List.of(jar), List.of(), Map.of()),
                        Progress.NONE))
                .hasMessageContaining("master 'yarn' in deploy mode cluster");
    }

    @Test
    void aJobThatRunsButCouldNotBeNotedIsNamed() throws IOException {
        Files.writeString(folder.resolve("state"), "in the way");
        Jobs jobs = new Jobs(JobFolder.of(environment), List.of(new Elsewhere()));
        assertThatThrownBy(() -> jobs.submit(
                        new JobRequest(
                                "x", Master.of("yarn"), DeployMode.CLUSTER, "App", List.of(jar), List.of(), Map.of()),
                        Progress.NONE))
                .isInstanceOf(ArclightException.class)
                .hasMessageMatching(
                        "job-.* was submitted to yarn as \\{file=.*} and runs, but .*Cannot note the job.*");
    }

    @Test
    void idsAreInTheOrderOfTime() {
        JobId early = JobId.next(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(early.text()).startsWith("job-20260102-030405-").hasSize(24);
        assertThat(early).isLessThan(JobId.next(Instant.parse("2026-01-02T03:04:06Z")));
    }

    private JobRequest request(String argument) {
        return new JobRequest(
                "app",
                Master.of("local[3]"),
                DeployMode.CLIENT,
                Application.mainClassOf(jar).orElseThrow(),
                List.of(jar),
                List.of(argument),
                Map.of("spark.some.key", "value"));
    }

    private static String log(Jobs jobs, JobRecord job) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        jobs.log(job, out, false);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A platform that keeps its one job in a file: the smallest one that behaves. */
    private static final class Elsewhere implements Submitter {
        static void end(JobRecord job, String log) throws IOException {
            Files.writeString(file(job), "succeeded\n" + log);
        }

        @Override
        public String name() {
            return "elsewhere";
        }

        @Override
        public boolean serves(Master master, DeployMode mode) {
            return master.text().equals("yarn") && mode == DeployMode.CLUSTER;
        }

        @Override
        public Map<String, String> submit(JobId id, JobRequest request, Progress progress) {
            try {
                Path file = Files.createTempFile("elsewhere", ".job");
                Files.writeString(file, "running\none\n");
                return Map.of("file", file.toString());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public JobStatus status(JobRecord job) {
            return new JobStatus(
                    read(job).startsWith("running\n") ? JobStatus.State.RUNNING : JobStatus.State.SUCCEEDED, "");
        }

        @Override
        public long log(JobRecord job, long from, OutputStream to) throws IOException {
            String text = read(job);
            byte[] log = text.substring(text.indexOf('\n') + 1).getBytes(StandardCharsets.UTF_8);
            to.write(log, (int) from, log.length - (int) from);
            return log.length;
        }

        @Override
        public void stop(JobRecord job) {}

        @Override
        public void release(JobRecord job) {
            try {
                Files.delete(file(job));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static Path file(JobRecord job) {
            return Path.of(job.handle().get("file"));
        }

        private static String read(JobRecord job) {
            try {
                return Files.readString(file(job));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
