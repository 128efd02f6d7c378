/**
 * How one signs in to Google Cloud's REST interfaces and what they refuse. Starts from
 * {@link dev.arclight.google.rest.GoogleTokens}.
 */
@NullMarked
package dev.arclight.google.rest;

import org.jspecify.annotations.NullMarked;
