package dev.arclight.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Runs what a page of the documentation shows. */
public final class Snippets {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private Snippets() {}

    /** A block between fences. */
    public record Snippet(String language, String text) {}

    /** All blocks of a page that name their language, in order; {@code page} is relative to the checkout. */
    public static List<Snippet> of(String page) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Matcher matcher = FENCE.matcher(Files.readString(Needs.root().resolve(page)));
        while (matcher.find()) {
            snippets.add(new Snippet(matcher.group(1), matcher.group(2)));
        }
        return snippets;
    }

    /** Those in one language, in order. */
    public static List<String> of(String page, String language) throws IOException {
        return of(page).stream()
                .filter(snippet -> snippet.language().equals(language))
                .map(Snippet::text)
                .toList();
    }

    /** The words of a line of shell: blanks part them, double quotes keep them together. */
    public static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    /**
     * Compiles and runs the body of a method. It may call {@code check(boolean)}, which fails the test if false, and
     * {@code given("name")}, a value of {@code given}.
     *
     * @param imports whole import lines
     * @param folder for the files of the compiler
     * @throws AssertionError if it does not compile, with what the compiler says
     */
    public static void runJava(Path folder, String imports, String body, Map<String, ?> given) throws Exception {
        String name = "Snippet" + Integer.toHexString(body.hashCode());
        String source = """
                %s
                public class %s implements java.util.function.Consumer<java.util.Map<String, ?>> {
                    private java.util.Map<String, ?> values;

                    public void accept(java.util.Map<String, ?> values) {
                        this.values = values;
                        try {
                            body();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    static void check(boolean holds) {
                        if (!holds) {
                            throw new AssertionError("The snippet's check fails");
                        }
                    }

                    @SuppressWarnings("unchecked")
                    private <T> T given(String name) {
                        return (T) java.util.Objects.requireNonNull(values.get(name), name);
                    }

                    private void body() throws Exception {
                        %s
                    }
                }
                """.formatted(imports, name, body);
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.toString(),
                                "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as("%s%n%s", body, messages).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, Snippets.class.getClassLoader())) {
            Object snippet = loader.loadClass(name).getDeclaredConstructor().newInstance();
            @SuppressWarnings("unchecked") // as its source says
            Consumer<Map<String, ?>> runs = (Consumer<Map<String, ?>>) snippet;
            runs.accept(given);
        }
    }
}
