package dev.arclight.web;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Requests that no proper client sends. */
final class RawHttp {
    private RawHttp() {}

    /** Sends {@code request} as it is and reads until the server closes or answers with {@code Connection: close}. */
    static String send(URI server, String request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A GET with such headers, one a line. */
    static String get(URI server, String path, String headers) throws IOException {
        return send(server, "GET %s HTTP/1.1\n%s\nConnection: close\n\n".formatted(path, headers));
    }
}
