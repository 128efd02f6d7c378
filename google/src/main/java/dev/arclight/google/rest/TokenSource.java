package dev.arclight.google.rest;

import dev.arclight.base.rest.RestClient;
import java.net.http.HttpRequest;

/** Where access tokens come from. */
interface TokenSource {
    /** The server that gives them. */
    RestClient server();

    /** What it is asked; answered with {@code access_token} and {@code expires_in}. */
    HttpRequest ask();

    /** For a person, such as {@code key file /home/ann/key.json}. */
    String origin();
}
