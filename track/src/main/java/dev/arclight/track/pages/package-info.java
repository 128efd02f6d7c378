/**
 * Pages over any {@link dev.arclight.track.Tracking} for people: experiments, runs, comparisons, models. Rendered here,
 * whole at the first byte; scripts only draw charts and keep an open page up to date. Start at
 * {@link dev.arclight.track.pages.TrackingPages}.
 */
@NullMarked
package dev.arclight.track.pages;

import org.jspecify.annotations.NullMarked;
