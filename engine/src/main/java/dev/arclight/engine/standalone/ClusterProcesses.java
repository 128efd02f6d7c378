package dev.arclight.engine.standalone;

import dev.arclight.engine.JvmOptions;
import dev.arclight.engine.standalone.StandaloneCluster.Member;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the processes of a standalone cluster from this program's own class path. */
final class ClusterProcesses {
    private static final String HOST = "127.0.0.1";

    /** Survives the terminal and this process. */
    private static final List<String> DETACHED = List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "arclight");

    private final Path folder;
    private final Path home;
    private final List<String> directories = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final int port;
    private final int webPort;

    private ClusterProcesses(Path folder, Path home) throws IOException {
        this.folder = folder;
        this.home = home;
        this.port = freePort();
        this.webPort = freePort();
    }

    /** Makes a home as workers expect one: a folder {@code jars} that holds what this program runs with. */
    static ClusterProcesses in(Path folder) throws IOException {
        Path home = folder.resolve("home");
        Path jars = Files.createDirectories(home.resolve("jars"));
        ClusterProcesses processes = new ClusterProcesses(folder, home);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isDirectory(path)) {
                processes.directories.add(path.toString());
            } else if (Files.isRegularFile(path)) {
                Path link = jars.resolve(path.getFileName().toString());
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, path);
                }
            }
        }
        return processes;
    }

    List<Member> members() {
        return members;
    }

    StandaloneCluster cluster() {
        return new StandaloneCluster(
                "spark://" + HOST + ":" + port, URI.create("http://" + HOST + ":" + webPort + "/"), members, folder);
    }

    void startMaster() throws IOException {
        start(
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                HOST,
                "--port",
                String.valueOf(port),
                "--webui-port",
                String.valueOf(webPort));
    }

    void startWorker(int cores, int memoryMegabytes) throws IOException {
        String name = "worker-" + members.size();
        start(
                name,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                HOST,
                "--webui-port",
                String.valueOf(freePort()),
                "--cores",
                String.valueOf(cores),
                "--memory",
                memoryMegabytes + "M",
                "--work-dir",
                folder.resolve(name).toString(),
                "spark://" + HOST + ":" + port);
    }

    private void start(String name, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(DETACHED);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.addAll(JvmOptions.all());
        command.add("-cp");
        String own = String.join(File.pathSeparator, directories);
        command.add((own.isEmpty() ? "" : own + File.pathSeparator) + home.resolve("jars") + "/*");
        command.add(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        // Spark's scripts, which nobody calls here, set it; without it a worker cannot put an executor's command
        // together.
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", HOST); // the pages too listen there only
        builder.environment().put("SPARK_DIST_CLASSPATH", own);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        members.add(Member.of(builder.start().toHandle()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
