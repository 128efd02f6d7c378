package dev.arclight.base.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The style and the scripts of a page.
 *
 * @param style CSS
 * @param early runs before the page is drawn: sets the colours the reader chose
 * @param scripts run after it, in order
 */
record Assets(String style, String early, List<String> scripts) {
    static Assets load(boolean withCharts) throws IOException {
        List<String> scripts = new ArrayList<>();
        if (withCharts) {
            scripts.add(read("echarts.min.js")); // put beside this class by the build
            scripts.add("(() => {\n'use strict';\n" + read("parts.js") + read("kinds.js") + read("drawings.js")
                    + "})();\n");
        }
        scripts.add(read("page.js"));
        return new Assets(read("page.css"), read("early.js"), scripts);
    }

    /**
     * A Content-Security-Policy under which nothing runs but these scripts and nothing is loaded from anywhere. Styles
     * are allowed inline because the chart library sets them.
     */
    String policy() {
        StringBuilder hashes = new StringBuilder(hash(early));
        scripts.forEach(script -> hashes.append(' ').append(hash(script)));
        return "default-src 'none'; script-src " + hashes
                + "; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("Not on the class path: " + name);
            }
            // The browser's parser turns CR into LF before it hashes.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .replace('\r', '\n');
        }
    }
}
