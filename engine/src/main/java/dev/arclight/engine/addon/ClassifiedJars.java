package dev.arclight.engine.addon;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.ivy.Ivy;
import org.apache.ivy.core.module.descriptor.DefaultDependencyArtifactDescriptor;
import org.apache.ivy.core.module.descriptor.DefaultDependencyDescriptor;
import org.apache.ivy.core.module.descriptor.DefaultModuleDescriptor;
import org.apache.ivy.core.module.id.ModuleRevisionId;
import org.apache.ivy.core.report.ArtifactDownloadReport;
import org.apache.ivy.core.report.ResolveReport;
import org.apache.ivy.core.resolve.ResolveOptions;
import org.apache.ivy.core.settings.IvySettings;
import org.apache.ivy.util.AbstractMessageLogger;
import org.apache.ivy.util.Message;

/**
 * Jars with a classifier, such as one that holds its dependencies. Spark's resolution knows only
 * {@code group:artifact:version}; this asks the same repositories through the same library.
 */
final class ClassifiedJars {
    private ClassifiedJars() {}

    /**
     * Fetches jars without their dependencies.
     *
     * @param said what Ivy has to say
     */
    static List<Path> fetch(IvySettings settings, List<PinnedJar> pins, PrintStream said) {
        DefaultModuleDescriptor wanted =
                DefaultModuleDescriptor.newDefaultInstance(ModuleRevisionId.newInstance("dev.arclight", "add-on", "1"));
        for (PinnedJar pin : pins) {
            String[] parts = pin.coordinates().split(":", -1);
            DefaultDependencyDescriptor dependency = new DefaultDependencyDescriptor(
                    wanted, ModuleRevisionId.newInstance(parts[0], parts[1], parts[2]), true, false, false);
            dependency.addDependencyConfiguration("default", "default(runtime)");
            dependency.addDependencyArtifact(
                    "default",
                    new DefaultDependencyArtifactDescriptor(
                            dependency, parts[1], "jar", "jar", null, Map.of("m:classifier", parts[3])));
            wanted.addDependency(dependency);
        }
        Ivy ivy = Ivy.newInstance(settings);
        ivy.getLoggerEngine().setDefaultLogger(new To(said));
        try {
            ResolveReport report = ivy.resolve(
                    wanted,
                    new ResolveOptions().setConfs(new String[] {"default"}).setOutputReport(false));
            List<Path> files = new ArrayList<>();
            for (ArtifactDownloadReport one : report.getAllArtifactsReports()) {
                File file = one.getLocalFile();
                if (file != null) {
                    files.add(file.toPath());
                }
            }
            if (report.hasError()) {
                throw new IllegalStateException(String.join(
                        "; ",
                        report.getAllProblemMessages().stream()
                                .map(String::valueOf)
                                .toList()));
            }
            return files;
        } catch (IOException | ParseException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot fetch the jars: " + e.getMessage(), e);
        }
    }

    /** Ivy's messages, otherwise on standard output. */
    private static final class To extends AbstractMessageLogger {
        private final PrintStream to;

        To(PrintStream to) {
            this.to = to;
        }

        @Override
        public void log(String message, int level) {
            if (level <= Message.MSG_INFO) {
                to.println(message);
            }
        }

        @Override
        public void rawlog(String message, int level) {
            log(message, level);
        }

        @Override
        protected void doProgress() {}

        @Override
        protected void doEndProgress(String message) {}
    }
}
