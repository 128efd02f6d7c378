package dev.arclight.track.pages;

import dev.arclight.base.report.PageParts;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Style and scripts of the pages. Their addresses carry a digest of their content, so that browsers keep them; the
 * content is read from the class path when it is asked for, and not held in memory.
 */
final class PageAssets {
    private static final String STYLE = "style.css";
    private static final String EARLY = "early.js";
    private static final String LIBRARY = "echarts.js";
    private static final String CHARTS = "charts.js";
    private static final String PAGE = "page.js";

    private final Map<String, String> addresses = new LinkedHashMap<>();

    PageAssets() {
        PageParts parts = load();
        for (String name : List.of(STYLE, EARLY, LIBRARY, CHARTS, PAGE)) {
            addresses.put(name, "/assets/%s/%s".formatted(digest(content(parts, name)), name));
        }
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        addresses.forEach((name, address) -> {
            String type = name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
            routes.add(Route.of(
                    "GET",
                    address,
                    Role.ANYONE,
                    request -> Reply.bytes(type, content(load(), name).getBytes(StandardCharsets.UTF_8))
                            .withHeader("Cache-Control", "public, max-age=31536000, immutable")));
        });
        return routes;
    }

    String style() {
        return address(STYLE);
    }

    String early() {
        return address(EARLY);
    }

    List<String> scripts(boolean charts) {
        return charts ? List.of(address(LIBRARY), address(CHARTS), address(PAGE)) : List.of(address(PAGE));
    }

    private String address(String name) {
        String address = addresses.get(name);
        if (address == null) {
            throw new IllegalArgumentException("No such asset: " + name);
        }
        return address;
    }

    private static String content(PageParts parts, String name) {
        return switch (name) {
            case STYLE -> parts.style() + own("tracking.css");
            case EARLY -> parts.early();
            case LIBRARY -> parts.library();
            case CHARTS -> parts.charts();
            default -> parts.page() + own("tracking.js");
        };
    }

    private static PageParts load() {
        try {
            return PageParts.load();
        } catch (IOException e) {
            throw new UncheckedIOException("The pages' style and scripts cannot be read", e);
        }
    }

    private static String own(String name) {
        try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("Not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
        }
    }

    private static String digest(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
