/**
 * Clients of JSON services over HTTP: {@link dev.arclight.base.rest.RestClient} with retries and
 * {@link dev.arclight.base.rest.Credentials}; {@link dev.arclight.base.rest.Transfers} for files. What a service's
 * refusals mean and how it pages is the caller's.
 */
@NullMarked
package dev.arclight.base.rest;

import org.jspecify.annotations.NullMarked;
