package dev.arclight.azure;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Takes all that is logged, the named loggers down to DEBUG, in place of the console: it is 200,000 lines. */
final class LogTaken implements AutoCloseable {
    private final StringBuilder text = new StringBuilder();
    private final Taker taker = new Taker();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final List<Appender> others =
            List.copyOf(context.getRootLogger().getAppenders().values());
    private final List<String> loggers;

    private LogTaken(List<String> loggers) {
        this.loggers = loggers;
    }

    static LogTaken begin(String... loggers) {
        LogTaken taken = new LogTaken(List.of(loggers));
        taken.taker.start();
        taken.context.getRootLogger().addAppender(taken.taker);
        taken.others.forEach(taken.context.getRootLogger()::removeAppender);
        taken.loggers.forEach(name -> Configurator.setLevel(name, Level.DEBUG));
        return taken;
    }

    String text() {
        synchronized (text) {
            return text.toString();
        }
    }

    @Override
    public void close() {
        loggers.forEach(name -> Configurator.setLevel(name, Level.WARN));
        others.forEach(context.getRootLogger()::addAppender);
        context.getRootLogger().removeAppender(taker);
        taker.stop();
    }

    private final class Taker extends AbstractAppender {
        Taker() {
            super("taken", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            synchronized (text) {
                text.append(event.getLoggerName())
                        .append(": ")
                        .append(event.getMessage().getFormattedMessage());
                for (Throwable t = event.getThrown(); t != null; t = t.getCause()) {
                    text.append('\n').append(t);
                }
                text.append('\n');
            }
        }
    }
}
