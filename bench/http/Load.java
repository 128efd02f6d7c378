import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Posts request bodies to one address over kept connections and prints one JSON object. Plain sockets and prepared
 * bytes, so that on a shared machine the server has most of it. Run by {@code java bench/http/Load.java --uri ...}.
 *
 * <pre>
 * --uri URI          where to post
 * --bodies FILE      one body a line; each client walks through all, from a place of its own
 * --clients N        connections, one request at a time on each (8)
 * --rate R           open loop: R requests a second are due in all, whether or not earlier ones are answered; a
 *                    request's time counts from when it was due (without: closed loop, the next follows the answer)
 * --warmup S         seconds before anything counts (3)
 * --seconds S        seconds that count (10)
 * --token-file FILE  sends its content as bearer token
 * </pre>
 *
 * <p>Times are nearest-rank quantiles in microseconds by status. A request that fails counts under {@code errors}.
 * {@code acknowledged} counts all answers of status 200, those of the warm-up and of the last moment too: what a server
 * must then hold.
 */
final class Load {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final URI uri;
    private final List<byte[]> requests;
    private final int clients;
    private final double rate;
    private final long warmupNanos;
    private final long nanos;
    private final AtomicLong due = new AtomicLong();

    private Load(Map<String, String> options) throws IOException {
        uri = URI.create(required(options, "uri"));
        clients = Integer.parseInt(options.getOrDefault("clients", "8"));
        rate = Double.parseDouble(options.getOrDefault("rate", "0"));
        warmupNanos = (long) (1e9 * Double.parseDouble(options.getOrDefault("warmup", "3")));
        nanos = (long) (1e9 * Double.parseDouble(options.getOrDefault("seconds", "10")));
        String token = options.containsKey("token-file")
                ? "Authorization: Bearer " + Files.readString(Path.of(options.get("token-file"))).strip() + "\r\n"
                : "";
        requests = new ArrayList<>();
        for (String body : Files.readAllLines(Path.of(required(options, "bodies")))) {
            if (!body.isBlank()) {
                requests.add(request(body.getBytes(StandardCharsets.UTF_8), token));
            }
        }
        if (requests.isEmpty()) {
            throw new IllegalArgumentException("No bodies in " + options.get("bodies"));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException("Expected --OPTION VALUE, got " + arguments[i]);
            }
            options.put(arguments[i].substring(2), arguments[i + 1]);
        }
        System.out.println(new Load(options).run());
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is needed");
        }
        return value;
    }

    private byte[] request(byte[] body, String token) {
        String head = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
                .formatted(uri.getRawPath(), uri.getRawAuthority(), token, body.length);
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private String run() throws InterruptedException {
        long start = System.nanoTime() + warmupNanos;
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Client client = new Client(i * requests.size() / clients, start);
            client.setDaemon(true);
            all.add(client);
            client.start();
        }
        Map<Integer, long[]> times = new TreeMap<>();
        int errors = 0;
        int connections = 0;
        long acknowledged = 0;
        String last = "";
        for (Client client : all) {
            client.join(nanos / 1_000_000 + warmupNanos / 1_000_000 + 2L * TIMEOUT_MILLIS);
            if (client.isAlive()) {
                throw new IllegalStateException("A client hangs");
            }
            client.times.forEach((status, list) -> times.merge(status, list.toArray(), Load::joined));
            errors += client.errors;
            connections += client.connections;
            acknowledged += client.acknowledged;
            last = client.last.isEmpty() ? last : client.last;
        }
        StringBuilder json = new StringBuilder("{\"seconds\": %s, \"clients\": %d, \"bodies\": %d, \"connections\": %d"
                .formatted(nanos / 1e9, clients, requests.size(), connections));
        json.append(", \"errors\": %d, \"acknowledged\": %d, \"last_error\": \"%s\", \"answers\": {"
                .formatted(errors, acknowledged, last.replaceAll("[^ -~]|[\"\\\\]", "?")));
        String comma = "";
        for (Map.Entry<Integer, long[]> entry : times.entrySet()) {
            long[] sorted = entry.getValue();
            Arrays.sort(sorted);
            json.append(String.format(
                    Locale.ROOT,
                    "%s\"%d\": {\"count\": %d, \"per_second\": %.2f, \"p50\": %.1f, \"p90\": %.1f, \"p95\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"max\": %.1f}",
                    comma,
                    entry.getKey(),
                    sorted.length,
                    sorted.length / (nanos / 1e9),
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.9),
                    quantile(sorted, 0.95),
                    quantile(sorted, 0.99),
                    quantile(sorted, 0.999),
                    quantile(sorted, 1)));
            comma = ", ";
        }
        return json.append("}}").toString();
    }

    private static long[] joined(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e3;
    }

    /** Nanoseconds of many requests, without a box for each. */
    private static final class Times {
        private long[] values = new long[1 << 12];
        private int count;

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(values, count);
        }
    }

    private final class Client extends Thread {
        final Map<Integer, Times> times = new HashMap<>();
        int errors;
        int connections;
        long acknowledged;
        String last = "";
        private final long start;
        private final byte[] buffer = new byte[1 << 16];
        private int next;
        private Socket socket;
        private boolean keep;

        Client(int first, long start) {
            this.next = first;
            this.start = start;
        }

        @Override
        public void run() {
            long end = start + nanos;
            while (true) {
                long began = begin();
                if (began >= end) {
                    break;
                }
                byte[] request = requests.get(next);
                next = next + 1 == requests.size() ? 0 : next + 1;
                int status = 0;
                try {
                    status = exchange(request);
                } catch (IOException e) {
                    close();
                    last = e.toString();
                    LockSupport.parkNanos(10_000_000); // a refused connection must not become a busy loop
                }
                long done = System.nanoTime();
                if (status == 200) {
                    acknowledged++;
                }
                if (began < start || (done >= end && rate == 0)) {
                    continue;
                }
                if (status == 0) {
                    errors++;
                } else {
                    times.computeIfAbsent(status, any -> new Times()).add(done - began);
                }
            }
            close();
        }

        /** When the next request is due, waited for. */
        private long begin() {
            if (rate == 0) {
                return System.nanoTime();
            }
            long at = start - warmupNanos + (long) (due.getAndIncrement() / rate * 1e9);
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return at;
        }

        private int exchange(byte[] request) throws IOException {
            if (socket == null) {
                socket = new Socket(uri.getHost(), uri.getPort());
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                connections++;
            }
            OutputStream out = socket.getOutputStream();
            out.write(request);
            int status = answer(socket.getInputStream());
            if (!keep) {
                close();
            }
            return status;
        }

        private int answer(InputStream in) throws IOException {
            int length = 0;
            int head = -1;
            while (head < 0) {
                int count = in.read(buffer, length, buffer.length - length);
                if (count < 0) {
                    throw new IOException("closed after %d bytes of an answer".formatted(length));
                }
                int from = Math.max(0, length - 3);
                length += count;
                head = endOfHead(from, length);
            }
            int status = (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + buffer[11] - '0';
            long left = contentLength(head) - (length - head);
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("closed within an answer");
                }
                left -= count;
            }
            if (left < 0) {
                throw new IOException("more than one answer");
            }
            return status;
        }

        private int endOfHead(int from, int to) {
            for (int i = from; i + 3 < to; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                    return i + 4;
                }
            }
            return -1;
        }

        private long contentLength(int head) throws IOException {
            keep = true;
            long length = -1;
            int line = 0;
            for (int i = 0; i < head; i++) {
                if (buffer[i] != '\n') {
                    continue;
                }
                if (isHeader(line, "content-length:")) {
                    length = 0;
                    for (int at = line + 15; at < i; at++) {
                        if (buffer[at] >= '0' && buffer[at] <= '9') {
                            length = length * 10 + buffer[at] - '0';
                        }
                    }
                } else if (isHeader(line, "connection: close")) {
                    keep = false;
                }
                line = i + 1;
            }
            if (length < 0) {
                throw new IOException("an answer without Content-Length");
            }
            return length;
        }

        private boolean isHeader(int at, String lower) {
            for (int i = 0; i < lower.length(); i++) {
                if ((buffer[at + i] | 0x20) != lower.charAt(i) && buffer[at + i] != lower.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private void close() {
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                socket = null;
            }
        }
    }
}
