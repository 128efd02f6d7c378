/**
 * New York's taxi trips as a batch job: files of every year to one declared schema, and a revenue report. Start at
 * {@link dev.arclight.examples.taxi.TaxiService} for the schemas and {@link dev.arclight.examples.taxi.TaxiRevenue} for
 * the report.
 */
@NullMarked
package dev.arclight.examples.taxi;

import org.jspecify.annotations.NullMarked;
