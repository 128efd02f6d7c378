/**
 * A Databricks workspace and how to sign in there, for everything that talks to one: start at
 * {@link dev.arclight.base.databricks.DatabricksProfile}.
 */
@NullMarked
package dev.arclight.base.databricks;

import org.jspecify.annotations.NullMarked;
