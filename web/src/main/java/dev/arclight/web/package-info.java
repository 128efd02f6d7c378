/**
 * Everything a browser or HTTP client touches twice: server bootstrap, tokens, Host and Origin checks, limits, metrics.
 * Start at {@link dev.arclight.web.WebServer}.
 */
@NullMarked
package dev.arclight.web;

import org.jspecify.annotations.NullMarked;
