/**
 * A Databricks workspace by its REST interfaces: files ({@code files}) and drivers ({@code job}). Tracking and registry
 * of a workspace are module {@code track}'s.
 */
@NullMarked
package dev.arclight.databricks;

import org.jspecify.annotations.NullMarked;
