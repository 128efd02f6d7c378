package dev.arclight.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Needs;
import dev.arclight.testing.NodePackage;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder {@code deploy} and the programs that judge what is in it. */
final class DeployFolder {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private DeployFolder() {}

    /** A file or folder in it. */
    static Path path(String name) {
        return Needs.root().resolve("deploy").resolve(name);
    }

    /** The files below a folder of it with this ending, in order. */
    static List<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.walk(path(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a checker of environment {@code infrastructure}, whatever its exit code. */
    static Processes.Finished check(String program, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(PythonEnvironment.open("infrastructure").program(program).toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Processes.finish(PATIENCE, Map.of(), command);
    }

    /**
     * Runs a script of this package by Node, with {@code node_modules} of a pinned package as its first argument.
     *
     * @return the JSON that it printed
     */
    static JsonNode node(String pins, String script, Path temporary, Path... arguments) {
        Path modules = NodePackage.open(pins).program("x").resolve("../..").normalize();
        List<String> command = new ArrayList<>(List.of(
                Needs.program("node").toString(), resource(script, temporary).toString(), modules.toString()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        return json(Processes.run(PATIENCE, Map.of(), command));
    }

    /** A resource of this package as a file. */
    static Path resource(String name, Path temporary) {
        Path file = temporary.resolve(name);
        try (InputStream in = DeployFolder.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("No resource " + name);
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("No JSON: " + text, e);
        }
    }

    /** A copy of a file with one piece of its text replaced: what a checker must refuse. */
    static Path spoilt(Path file, String piece, String by, Path folder) {
        try {
            String text = Files.readString(file);
            if (!text.contains(piece)) {
                throw new AssertionError(file + " does not contain " + piece);
            }
            return Files.writeString(folder.resolve(file.getFileName().toString()), text.replace(piece, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
