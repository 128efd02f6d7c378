/**
 * One self-contained HTML page of text, tables and charts that works offline. Start at
 * {@link dev.arclight.base.report.Report} and {@link dev.arclight.base.report.Charts}.
 *
 * <p>Everything here is built by chaining on one thread and read once, by
 * {@link dev.arclight.base.report.Report#write}. Whatever text comes in is shown as text: no markup in a name or a
 * value ever reaches the browser as markup.
 */
@NullMarked
package dev.arclight.base.report;

import org.jspecify.annotations.NullMarked;
